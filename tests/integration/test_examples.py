"""`ifmatch merge --examples`: the worked examples of docs/examples, and what is said of cases that fail or are wrong."""
import pathlib

import pytest

from worker import ifmatch

FOLDERS = sorted(path.parent for path in (pathlib.Path(__file__).parents[2] / "docs/examples").glob("*/cases.yaml"))

GOOD = """
cases:
  - name: the owner stays
    document: { owner: bo, weight: 12.50 }
    base: { owner: ana }
    event: { changes: { /owner: eve } }
    expect: { outcome: conflict field, document: { owner: bo, weight: 12.5 } }
"""


def examples(tmp_path, text, *arguments, name="cases.yaml"):
    (tmp_path / "cases").mkdir(exist_ok=True)
    (tmp_path / "cases" / name).write_text(text)
    return ifmatch("merge", "--examples", tmp_path / "cases", *arguments)


def test_there_are_ten_worked_examples_and_the_page_names_each():
    page = (FOLDERS[0].parent / "README.md").read_text()
    assert len(FOLDERS) >= 10
    assert all(f"]({folder.name}/cases.yaml)" in page for folder in FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_a_worked_example_holds(folder):
    result = ifmatch("merge", "-c", folder / "ifmatch.yaml", "--examples", folder)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.endswith("passed, 0 failed\n") and not result.stdout.startswith("0 passed")


def test_what_differs_is_shown_field_by_field_with_the_decisions(tmp_path):
    wrong = GOOD.replace("conflict field, document: { owner: bo, weight: 12.5 }",
                         "applied, document: { owner: eve, weight: 12.50, new: 1 }, decisions: { /owner: ours, /x: ours }")
    result = examples(tmp_path, wrong)
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout == f"""{tmp_path}/cases/cases.yaml:3:5: FAILED the owner stays
  - applied
  + conflict field
  - decision /owner: ours
  + decision /owner: conflict
  - decision /x: ours
  + decision /x: (not decided)
  - /owner: "eve"
  + /owner: "bo"
  - /new: 1
  + /new: (nothing)
    /owner: conflict: the document has bo, which somebody wrote since ana; the event asks for eve: rule merge, the default
0 passed, 1 failed
"""


def test_all_files_of_the_folder_run_but_the_configuration(tmp_path):
    examples(tmp_path, "merge: { rules: { /owner: external } }\n", name="rules.yaml")
    examples(tmp_path, GOOD.replace("conflict field, document: { owner: bo", "merged, document: { owner: eve"), name="b.yml")
    (tmp_path / "cases/notes.txt").write_text("no case\n")
    result = ifmatch("merge", "-c", tmp_path / "cases/rules.yaml", "--examples", tmp_path / "cases")
    assert (result.returncode, result.stdout, result.stderr) == (0, "1 passed, 0 failed\n", "")


def test_a_case_that_is_wrong_is_named_with_its_place_and_the_other_files_run(tmp_path):
    examples(tmp_path, GOOD, name="a.yaml")
    result = examples(tmp_path, GOOD.replace("conflict field", "conflicted"), name="b.yaml")
    assert result.returncode == 2 and result.stdout == "1 passed, 0 failed\n"
    assert f"{tmp_path}/cases/b.yaml:7:24: 'conflicted' is no outcome" in result.stderr
    result = examples(tmp_path, "cases:\n  - docment: {}\n", name="b.yaml")
    assert result.returncode == 2
    assert f"{tmp_path}/cases/b.yaml:2:5: unknown key 'docment'; did you mean 'document'?\n  - docment" in result.stderr


def test_examples_go_without_other_input(tmp_path):
    assert ifmatch("merge", "--examples", tmp_path, "--document", "d.json").returncode == 2
    missing = ifmatch("merge", "--examples", tmp_path / "none")
    assert missing.returncode == 2 and "none" in missing.stderr


def test_a_folder_without_a_case_is_no_success(tmp_path):
    result = ifmatch("merge", "--examples", tmp_path)
    assert result.returncode == 2 and f"{tmp_path}: no case in it" in result.stderr and result.stdout == ""
