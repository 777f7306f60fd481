"""What is wrong with a configuration is said with file, line, column and the line itself; the exit code is 2."""
import pytest

from worker import ifmatch

URL = "service: { url: 'http://localhost/{id}' }\n"
CASES = {
    "unknown key": ("service:\n  timout: 10s\n", 2, 3, ["service.timout", "service.timeout"]),
    "wrong type": ("service:\n  max_in_flight: many\n", 2, 18, ["service.max_in_flight", "many"]),
    "promise": ("kafka:\n  enable.auto.commit: true\n", 2, 3, ["enable.auto.commit"]),
    "promise, below producer": ("kafka:\n  producer:\n    enable.idempotence: false\n", 3, 5, ["enable.idempotence"]),
    "unknown Kafka property": (f"kafka:\n  boostrap.servers: a\n{URL}", 2, 3, ["'boostrap.servers'", "'bootstrap.servers'"]),
    "wrong Kafka property": (f"kafka:\n  fetch.min.bytes: many\n{URL}", 2, 3, ["fetch.min.bytes"]),
    "missing variable": ("service:\n  url: http://localhost/${IFMATCH_NOWHERE}/{id}\n", 2, 8, ["IFMATCH_NOWHERE"]),
    "missing file": ("service:\n  auth: { bearer: { token: '${file:/nowhere/token}' } }\n", 2, 28, ["/nowhere/token"]),
    "unknown rule": ("merge:\n  rules:\n    /owner: prefer_documnt\n", 3, 13, ["prefer_documnt", "prefer_document"]),
    "bad pattern": ("merge:\n  rules:\n    owner: merge\n", 3, 5, ["owner"]),
    "overlap": ("merge:\n  rules:\n    /a: atomic\n    /a/b: merge\n", 4, None, ["/a/b", "atomic"]),
    "not YAML": ("service: [\n", None, None, []),
}


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_configuration_names_its_place(name, tmp_path):
    text, line, column, words = CASES[name]
    path = tmp_path / "ifmatch.yaml"
    path.write_text(text)
    result = ifmatch("tail" if "Kafka" in name else "check", "-c", path)
    assert result.returncode == 2, result
    place = f"{path}:{line}:{column}: " if column else f"{path}:{line}:" if line else str(path)
    assert place in result.stderr, result.stderr
    assert all(word in result.stderr for word in words), result.stderr
    if column:
        assert text.splitlines()[line - 1] in result.stderr or "***" in result.stderr, result.stderr


@pytest.mark.parametrize("command", ["run", "check", "tail"])
def test_an_unreadable_file_is_named(tmp_path, command):
    result = ifmatch(command, "-c", tmp_path / "nowhere.yaml")
    assert result.returncode == 2 and "nowhere.yaml: No such file" in result.stderr
    result = ifmatch(command, "-c", tmp_path)
    assert result.returncode == 2 and f"{tmp_path}: Is a directory" in result.stderr


@pytest.mark.parametrize("arguments, word", [
    (("--set", "service.timout=1s"), "service.timeout"),
    (("--set", "service.timeout=soon"), "service.timeout"),
    (("-X", "enable.auto.commit=true"), "must be 'false'"),
    (("-X", "boostrap.servers=a"), "did you mean 'bootstrap.servers'?"),
    (("-X", "nothing.like.it=a"), "nothing.like.it"),
    (("-X", "nonsense"), "NAME=VALUE"),
    (("--set", "kafka.fetch.min.bytes=many"), "fetch.min.bytes"),
])
def test_what_the_command_line_sets_is_checked_too(arguments, word):
    result = ifmatch("tail", *arguments)
    assert result.returncode == 2 and word in result.stderr


@pytest.mark.parametrize("text", [
    "service:\n  auth: { basic: { user: a, password: hunter2, oops: 1 } }\n",
    "service:\n  auth:\n    basic:\n      pasword: hunter2\n",
    f"kafka:\n  sasl.pasword: hunter2\n{URL}",
], ids=["beside an unknown key", "behind a misspelt key", "behind a misspelt Kafka property"])
def test_a_secret_is_never_shown(tmp_path, text):
    path = tmp_path / "ifmatch.yaml"
    path.write_text(text)
    result = ifmatch("run", "-c", path)
    assert result.returncode == 2 and "hunter2" not in result.stderr + result.stdout


def test_run_needs_a_service_url(tmp_path):
    result = ifmatch("run", "--set", "admin.listen=off")
    assert result.returncode == 2 and "no configuration file is given (-c FILE): service.url is needed" in result.stderr
    path = tmp_path / "ifmatch.yaml"
    path.write_text("")
    result = ifmatch("run", "-c", path, "--set", "admin.listen=off")
    assert result.returncode == 2 and f"{path}: service.url is needed" in result.stderr
