"""`ifmatch run --dry-run`: what real events would do to real documents, while the group, its offsets, its topics and the
documents stay as they are. The witnesses are an independent member of the group and the service itself."""
import json
import signal

import confluent_kafka
import pytest

from ledger import Ledger
from process import Process, until
from worker import BINARY, ifmatch, write_config


@pytest.fixture
def path(config, tmp_path):
    return write_config(tmp_path / "ifmatch.yaml", {**config, "merge": {"rules": {"/status": "external"}}})


def dry_run(path, *arguments, timeout=60):
    return ifmatch("run", "--dry-run", "-c", path, *arguments, timeout=timeout)


def table(text):
    """outcome -> count."""
    return {words[0]: int(words[1]) for words in (line.split() for line in text.splitlines() if line.startswith("  "))
            if words[1].isdigit()}


def lines(result):
    return [line for line in result.stdout.splitlines() if line.startswith("updates-")]


def event(**members):
    return json.dumps(members)


class Member:
    """A member of the group, by another client: it sees every rebalance."""

    def __init__(self, kafka, group, topic):
        self.assigned, self.revoked = [], []
        self._consumer = confluent_kafka.Consumer({"bootstrap.servers": kafka.bootstrap, "group.id": group,
                                                   "enable.auto.commit": False, "auto.offset.reset": "earliest",
                                                   "log_level": 0})
        self._consumer.subscribe([topic], on_assign=lambda _, partitions: self.assigned.append(len(partitions)),
                                 on_revoke=lambda _, partitions: self.revoked.append(len(partitions)))
        until(lambda: self.poll() and self.assigned, "the member has its partitions")

    def poll(self):
        self._consumer.poll(0.05)
        return True

    def close(self):
        self._consumer.close()


def test_the_group_sees_nothing_of_a_dry_run_and_its_offsets_stay(kafka, topics, documents, path):
    documents.put("4711", {"status": "INWORK"})
    places = topics.send(*[("4711", event(changes={"/status": f"S{number}"})) for number in range(20)])
    kafka.reset_offset(topics.group, topics.updates, places[0][0], places[5][1])
    before = kafka.committed(topics.group, topics.updates)
    member = Member(kafka, topics.group, topics.updates)
    try:
        process = Process("dry-run", (BINARY, "run", "--dry-run", "--follow", "-c", path), path.parent)
        process.until(lambda: member.poll() and f"{topics.updates}/{places[19][0]}/{places[19][1]} 4711" in process.log,
                      "the last event is judged")
        group = kafka.admin.describe_consumer_groups([topics.group])[topics.group].result()
        process.signal(signal.SIGINT)
        until(lambda: member.poll() and not process.running, "the dry run has ended")
        assert process.wait() == 0 and "documents that would have changed: 1" in process.log
        member.poll()
        assert (member.assigned, member.revoked) == ([4], [])
        assert len(group.members) == 1 and group.state == confluent_kafka.ConsumerGroupState.STABLE
    finally:
        member.close()
    assert kafka.committed(topics.group, topics.updates) == before
    assert f"{topics.updates}/{places[0][0]}/{places[4][1]} " not in process.log, "it begins at the committed offset"
    assert documents.get("4711")[0]["status"] == "INWORK"


def test_a_second_event_of_a_document_is_judged_on_what_the_first_would_have_written(topics, documents, path):
    documents.put("4711", {"status": "INWORK", "owner": "ana", "weight": 12})
    documents.put("4712", {"status": "INWORK"})
    topics.send(("4711", event(changes={"/owner": "eve"}, base={"/owner": "ana"})),
                ("4711", event(changes={"/owner": "fay"}, base={"/owner": "eve"})),
                ("4711", event(changes={"/owner": "gus"}, base={"/owner": "ana"})),
                ("4711", event(changes={"/weight": 12})),
                ("4712", event(changes={"/status": "RELEASED"}, base={"/status": "REVIEW"})),
                ("4712", "no json"))
    version = documents.get("4711")[1]
    result = dry_run(path, "--set", "fold.max_events=1")
    assert result.returncode == 0, result.stderr
    assert table(result.stdout) == {"applied": 2, "merged": 1, "unchanged": 1, "duplicate": 0, "outdated": 0,
                                    "conflict": 1, "rejected": 1, "exhausted": 0}
    said = "\n".join(lines(result))
    assert ("4711 applied: /owner: the event's eve replaces ana, as the producer saw it: rule merge, the default") in said
    assert "4711 applied: /owner: the event's fay replaces eve, as the producer saw it" in said
    assert "4711 conflict field: /owner: conflict: the document has fay, which somebody wrote since ana" in said
    assert "4712 merged: /status: the event's RELEASED replaces INWORK, which somebody wrote since REVIEW: rule external, " in said
    assert "4712 rejected not_json: " in said
    assert len(lines(result)) == 5
    assert documents.get("4711")[1] == version
    assert topics.audit.read() == [] and topics.dead_letters.read() == []


def test_what_would_be_made_or_deleted_is_so_for_the_next_event(topics, documents, path):
    documents.put("4711", {"status": "OBSOLETE"})
    topics.send(("new", event(operation="create", changes={"/status": "DRAFT"})),
                ("new", event(changes={"/status": "RELEASED"}, base={"/status": "DRAFT"})),
                ("4711", event(operation="delete", base={"/status": "OBSOLETE"})),
                ("4711", event(changes={"/status": "RELEASED"})))
    result = dry_run(path)
    assert result.returncode == 0, result.stderr
    said = "\n".join(lines(result))
    assert "new applied (create)" in said
    assert "new applied: /status: the event's RELEASED replaces DRAFT, as the producer saw it" in said
    assert "4711 applied (delete)" in said and "4711 rejected missing" in said
    assert documents.get("4711")[0] == {"status": "OBSOLETE"} and documents.kinto.request("GET", f"{documents.path}/new")[0] == 404


def test_what_a_user_really_writes_meanwhile_counts(topics, documents, path):
    documents.put("4711", {"status": "INWORK", "owner": "ana"})
    topics.send(("4711", event(changes={"/status": "RELEASED", "/owner": "eve"},
                               base={"/status": "INWORK", "/owner": "ana"})))
    process = Process("dry-run", (BINARY, "run", "--dry-run", "--follow", "-c", path), path.parent)
    process.until_log("4711 applied")
    documents.put("4711", {"status": "INWORK", "owner": "bo"})
    topics.send(("4711", event(changes={"/owner": "fay"}, base={"/owner": "eve"})),
                ("4711", event(changes={"/status": "HELD"}, base={"/status": "RELEASED"})))
    process.until_log("4711 conflict field: /owner: conflict: the document has bo, which somebody wrote since eve")
    process.until(lambda: "/status: the event's HELD replaces RELEASED" in process.log, "the kept status is the base")
    process.signal(signal.SIGINT)
    assert process.wait() == 0
    assert documents.get("4711")[0]["owner"] == "bo"


def test_what_could_not_be_sent_is_no_write(topics, documents, path):
    documents.put("4711", {"status": "INWORK"})
    topics.send(("4711", event(changes={"/status": None})))
    result = dry_run(path, "--set", "service.write=merge-patch")
    assert result.returncode == 0, result.stderr
    assert "4711 rejected not_expressible: " in result.stdout and "documents that would have changed: 0" in result.stdout


def test_the_range_is_as_asked(kafka, topics, documents, path):
    documents.put("4711", {"n": 0})
    places = topics.send(*[("4711", event(changes={"/n": number})) for number in range(1, 11)])
    partition, first = places[0]
    judged = lambda *arguments: sum(table(dry_run(path, *arguments).stdout).values())
    assert judged("--from", "earliest") == 10
    assert judged("--from", "latest") == 0
    assert judged("--from", f"{partition}:{first + 4}") == 6
    assert judged("--from", "earliest", "--to", f"{partition}:{first + 4}") == 4
    assert judged("--from", "2001-01-01T00:00:00Z", "--to", "2001-01-02T00:00:00Z") == 0
    assert judged("--from", "2001-01-01T00:00:00Z", "--to", "2101-01-02T00:00:00Z") == 10
    beyond = dry_run(path, "--from", f"{partition}:99")
    assert beyond.returncode == 2 and "has the records from 0 to before 10, and would begin at 99" in beyond.stderr
    nowhere = dry_run(path, "--from", "99:0")
    assert nowhere.returncode == 2 and "has no partition 99, it has 4" in nowhere.stderr


def test_without_a_committed_offset_and_a_start_it_says_what_to_choose_from(topics, config, tmp_path):
    del config["topics"]["start"]
    result = dry_run(write_config(tmp_path / "ifmatch.yaml", config))
    assert result.returncode == 2
    assert "has no committed offset" in result.stderr and "--from earliest" in result.stderr


def test_the_records_can_be_published_to_a_topic_of_their_own(kafka, topics, documents, path):
    documents.put("4711", {"status": "INWORK"})
    topics.send(("4711", event(changes={"/status": "RELEASED"})), ("4712", event(changes={"/status": "RELEASED"})))
    trial = f"{topics.audit_topic}-trial"
    kafka.create_topics(trial, partitions=1)
    result = dry_run(path, "--publish", trial)
    assert result.returncode == 0, result.stderr
    ledger = Ledger(kafka.bootstrap, trial)
    try:
        records = ledger.until_count(2)
    finally:
        ledger.close()
    assert sorted(record.json["outcome"] for record in records) == ["merged", "rejected"]
    assert all(record.json["worker"].endswith(" (dry run)") for record in records)
    assert topics.audit.read() == [] and topics.dead_letters.read() == []
    refused = dry_run(path, "--publish", topics.audit_topic)
    assert refused.returncode == 2 and "is a topic of the workers" in refused.stderr


@pytest.mark.parametrize("arguments, what", [
    (("--from", "earliest"), "go with --dry-run"), (("--to", "latest"), "go with --dry-run"),
    (("--follow",), "go with --dry-run"), (("--publish", "t"), "go with --dry-run"),
    (("--dry-run", "--follow", "--to", "latest"), "goes without --to"),
    (("--dry-run", "--from", "yesterday"), "--from 'yesterday': earliest, latest, a time"),
    (("--dry-run", "--to", "1:2,"), "--to '1:2,'"), (("--dry-run", "--from", "1:-2"), "--from '1:-2'"),
])
def test_wrong_options_of_a_dry_run_are_told(arguments, what):
    result = ifmatch("run", *arguments)
    assert result.returncode == 2 and what in result.stderr, result
