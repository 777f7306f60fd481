"""The commands as a user meets them: help, versions, exit codes, and the way from topics to records."""
import json
import re

import pytest

from worker import ifmatch, write_config

COMMANDS = ("run", "check", "probe", "merge", "topics", "send", "tail", "ctl", "demo", "sandbox")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    for option in ("-h", "--help"):
        result = ifmatch(command, option)
        assert result.returncode == 0 and result.stderr == ""
        assert result.stdout.startswith(f"Usage: ifmatch {command}")


def test_help_lists_the_commands_and_version_names_the_libraries():
    assert all(re.search(rf"^ +{command} ", ifmatch("--help").stdout, re.M) for command in COMMANDS)
    for option in ("-V", "--version"):
        result = ifmatch(option)
        assert result.returncode == 0
        assert re.fullmatch(r"ifmatch \d+\.\d+\.\d+ \(librdkafka [\d.]+, libcurl [^)]*\)\n", result.stdout), result.stdout


@pytest.mark.parametrize("arguments", [(), ("rnu",), ("run", "--wrong"), ("run", "extra"), ("check", "-c"),
                                       ("merge",), ("send",), ("topics",), ("topics", "drop"), ("ctl",), ("ctl", "stop"), ("ctl", "state", "x")])
def test_wrong_use_exits_with_2_and_says_where_help_is(arguments):
    result = ifmatch(*arguments)
    assert result.returncode == 2, result
    assert "--help" in result.stderr and result.stdout == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_named_once(command):
    result = ifmatch(command, "--wrong")
    assert result.returncode == 2
    assert result.stderr == f"ifmatch {command}: unrecognized option '--wrong'\nTry 'ifmatch {command} --help'.\n"


def test_an_unknown_command_names_the_nearest():
    assert ifmatch("chekc").stderr.startswith("ifmatch: unknown command 'chekc'; did you mean 'check'?\n")
    assert ifmatch("--wrong").stderr.startswith("ifmatch: unknown option '--wrong'\n")


def test_help_of_a_command_is_its_help():
    assert ifmatch("help", "tail").stdout == ifmatch("tail", "--help").stdout
    assert ifmatch("help", "nonsense").returncode == 2


@pytest.mark.parametrize("arguments, what", [
    (("4711",), "neither `changes` nor `remove` has an entry"),
    (("4711", "status=1"), "'status': does not start with '/'"),
    (("4711", "/status"), "'/status': expected /pointer=value"),
    (("4711", "/a=1", "/a=2"), "duplicate key\n  {"),
    (("4711", '/a={"b":'), "begins like JSON: byte 5"),
    (("4711", "/a=x\udcff"), "'/a=x': what follows is not UTF-8"),
    (("..", "/a=1"), "'..'"),
])
def test_send_refuses_what_the_worker_would_reject(arguments, what):
    result = ifmatch("send", "--print", *arguments)
    assert result.returncode == 2 and result.stdout == ""
    assert what in result.stderr, result.stderr


def test_send_takes_json_as_json_and_all_else_as_text():
    result = ifmatch("send", "--print", "4711", "/n=1.50", "/t=RELEASED", "/z=007", "/empty=", "/list=[1]", "--remove", "/x")
    event = json.loads(result.stdout)
    assert event["changes"] == {"/n": 1.5, "/t": "RELEASED", "/z": "007", "/empty": "", "/list": [1]}
    assert event["remove"] == ["/x"] and '"/n":1.50' in result.stdout


def test_from_topics_to_records_by_hand(kafka, documents, config, tmp_path, start_worker):
    documents.put("4711", {"status": "INWORK"})
    names = {"updates": "by-hand", "audit": "by-hand-audit", "dead_letters": "by-hand-dead-letters", "partitions": 2}
    config["topics"] = {**config["topics"], **names}
    path = write_config(tmp_path / "ifmatch.yaml", config)

    checked = ifmatch("check", "-c", path)
    assert checked.returncode == 1
    assert "FAIL topic" in checked.stdout and "`ifmatch topics create` makes it" in checked.stdout
    created = ifmatch("topics", "create", "-c", path)
    assert created.returncode == 0, created
    assert ifmatch("topics", "create", "-c", path).returncode == 0
    checked = ifmatch("check", "-c", path, "--document", "4711")
    assert checked.returncode == 0, checked.stdout
    assert all(line.startswith("ok ") for line in checked.stdout.splitlines())
    sent = ifmatch("send", "-c", path, "4711", "/status=RELEASED", "--base", "/status=INWORK")
    assert sent.returncode == 0, sent
    worker = start_worker()
    worker.process.until(lambda: documents.get("4711")[0]["status"] == "RELEASED", "the document is released")
    worker.process.until(lambda: "applied" in ifmatch("tail", "-c", path, "-e", "4711").stdout, "the record is there")
    records = ifmatch("tail", "-c", path, "-e", "-J", "4711").stdout.splitlines()
    assert json.loads(records[0])["outcome"] == "applied"
    assert ifmatch("tail", "-c", path, "-e", "another").stdout == ""


def test_properties_of_librdkafka_reach_it(kafka, topics, config, tmp_path):
    path = write_config(tmp_path / "ifmatch.yaml", {**config, "kafka": {"group.id": topics.group}})
    assert ifmatch("check", "-c", path, "-X", f"bootstrap.servers={kafka.bootstrap}").returncode == 0
    wrong = ifmatch("check", "-c", path, "-X", "bootstrap.server=x")
    assert wrong.returncode != 0
    assert "bootstrap.server" in wrong.stderr + wrong.stdout


def merge(tmp_path, document, event, *arguments):
    (tmp_path / "d.json").write_text(document)
    (tmp_path / "e.json").write_text(json.dumps(event))
    return ifmatch("merge", "--document", tmp_path / "d.json", "--event", tmp_path / "e.json", *arguments)


def test_merge_prints_the_document_byte_exact_and_each_decision_with_its_place(tmp_path):
    (tmp_path / "rules.yaml").write_text("merge:\n  rules:\n    /status: external\n")
    result = merge(tmp_path, '{ "status" :"A",  "weight":12.50 }',
                   {"changes": {"/status": "B"}}, "-c", tmp_path / "rules.yaml")
    assert (result.returncode, result.stdout) == (0, '{ "status" :"B",  "weight":12.50 }')
    assert result.stderr == ("/status: the event's B replaces A, and nobody knows whether the producer saw it: "
                             f"rule external, {tmp_path}/rules.yaml:3\nwritten\n")


def test_merge_exits_with_3_on_a_conflict_and_2_on_wrong_input(tmp_path):
    conflict = merge(tmp_path, '{"a":1}', {"changes": {"/a": 2}, "base": {"/a": 3}})
    assert (conflict.returncode, conflict.stdout) == (3, '{"a":1}')
    (tmp_path / "b.json").write_text('{"a":1}')
    assert merge(tmp_path, '{"a":1}', {"changes": {"/a": 2}}, "--base", tmp_path / "b.json").returncode == 0
    broken = merge(tmp_path, '{"a":01}', {"changes": {"/a": 2}})
    assert broken.returncode == 2 and "byte 6" in broken.stderr
    rejected = merge(tmp_path, '{"a":1}', {"chnages": {"/a": 2}})
    assert rejected.returncode == 2 and "chnages" in rejected.stderr


KEY_OF = ("check", "--set", "service.url=https://plm/{type}s/{+id}", "--set", "document.pattern=(?<type>[a-z]+):(?<id>.+)", "--key")


def test_check_prints_the_url_of_a_key():
    result = ifmatch(*KEY_OF, "part:a/b c")
    assert (result.returncode, result.stdout) == (0, "part:a/b c https://plm/parts/a/b%20c\n")
    result = ifmatch(*KEY_OF, "part")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "ifmatch check: rejected bad_document: the document id 'part' does not match document.pattern\n"
