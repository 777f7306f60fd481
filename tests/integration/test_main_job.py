"""Events from real Kafka end up in a real document service, merged with what a foreign user writes there."""
import json

import pytest


def event(document, changes, **members):
    return document, json.dumps({"changes": changes, **members})


RULES = {"rules": {"/status": "external", "/owner": "prefer_document"}}


def test_an_event_is_applied_recorded_and_committed(kafka, topics, documents, start_worker):
    documents.put("4711", {"status": "INWORK", "owner": "ana"})
    [(partition, offset)] = topics.send(event("4711", {"/status": "RELEASED"}, base={"/status": "INWORK"}, id="7c2f"))
    worker = start_worker(merge=RULES)
    [record] = topics.audit.until_count(1)

    assert documents.get("4711")[0] == {"status": "RELEASED", "owner": "ana"}
    assert record.key == b"4711"
    assert record.json["schema"] == "ifmatch.audit/1"
    assert record.json["outcome"] == "applied"
    assert record.json["event"]["id"] == "7c2f"
    assert (record.json["event"]["partition"], record.json["event"]["offset"]) == (partition, offset)
    assert [(attempt["request"], attempt["status"]) for attempt in record.json["attempts"]] == [("GET", 200), ("PUT", 200)]
    [decision] = record.json["decisions"]
    assert (decision["field"], decision["rule"], decision["case"], decision["base_from"]) == (
        "/status", "external", "c2", "event")
    assert record.json["version"]["after"] == documents.get("4711")[1]
    assert worker.stop() == 0
    assert kafka.committed(topics.group, topics.updates)[partition] == offset + 1
    assert topics.dead_letters.read() == []


def test_a_foreign_write_behind_the_cached_copy_is_merged_not_overwritten(topics, documents, start_worker):
    documents.put("4711", {"status": "INWORK", "owner": "ana", "attributes": {"color": "red", "weight": 1}})
    worker = start_worker(merge=RULES)
    topics.send(event("4711", {"/attributes/weight": 2}, base={"/attributes/weight": 1}))
    topics.audit.until_count(1)
    documents.change("4711", status="REVIEW", owner="bo", attributes={"color": "blue", "weight": 2})
    topics.send(event("4711", {"/status": "RELEASED", "/owner": "eve", "/attributes/weight": 3},
                      base={"/status": "INWORK", "/owner": "ana", "/attributes/weight": 2}))
    record = topics.audit.until_count(2)[1].json

    assert documents.get("4711")[0] == {
        "status": "RELEASED", "owner": "bo", "attributes": {"color": "blue", "weight": 3}}
    assert record["outcome"] == "merged"
    assert [(attempt["request"], attempt["status"]) for attempt in record["attempts"]] == [
        ("PUT", 412), ("GET", 200), ("PUT", 200)]
    assert {d["field"]: (d["rule"], d["case"], d["decided"]) for d in record["decisions"]} == {
        "/status": ("external", "c4", "ours"), "/owner": ("prefer_document", "c4", "theirs"),
        "/attributes/weight": ("merge", "c2", "ours")}
    [status] = [d for d in record["decisions"] if d["field"] == "/status"]
    assert (status["base"], status["theirs"], status["ours"], status["result"]) == (
        "INWORK", "REVIEW", "RELEASED", "RELEASED")
    assert worker.stop() == 0


def test_a_conflict_writes_nothing_and_goes_to_dead_letters_untouched(topics, documents, start_worker):
    documents.put("4711", {"name": "Pump", "status": "INWORK"})
    _, before = documents.get("4711")
    value = json.dumps({"changes": {"/name": "Valve", "/status": "RELEASED"}, "base": {"/name": "Pipe"}}, indent=1)
    topics.send(("4711", value, [("trace", b"abc")]))
    start_worker(merge=RULES)
    [letter] = topics.dead_letters.until_count(1)
    [record] = topics.audit.until_count(1)

    assert documents.get("4711")[1] == before
    assert letter.value == value.encode() and letter.key == b"4711"
    assert letter.headers["trace"] == b"abc"
    assert letter.headers["ifmatch-outcome"] == b"conflict"
    assert json.loads(letter.headers["ifmatch-conflicts"])[0]["field"] == "/name"
    assert (record.json["outcome"], record.json["reason"]) == ("conflict", "field")


def test_events_of_a_document_are_applied_in_order_by_three_workers(kafka, topics, documents, start_worker):
    names = [f"d{number}" for number in range(20)]
    for name in names:
        documents.put(name, {"count": 0, "status": "INWORK"})
    workers = [start_worker(merge=RULES).until_ready() for _ in range(3)]
    sent = [event(name, {"/count": count}, id=f"{name}-{count}") for count in range(1, 11) for name in names]
    topics.send(*sent)
    records = topics.audit.until_count(len(sent), timeout=60)

    assert {name: documents.get(name)[0]["count"] for name in names} == dict.fromkeys(names, 10)
    for name in names:
        assert [record.json["event"]["id"] for record in records if record.key == name.encode()] == [
            f"{name}-{count}" for count in range(1, 11)]
    assert {record.json["outcome"] for record in records} <= {"applied", "merged"}
    assert [worker.stop() for worker in workers] == [0, 0, 0]
    assert sum(kafka.committed(topics.group, topics.updates).values()) == len(sent)


@pytest.mark.long
def test_a_full_producer_queue_is_backpressure_and_keeps_the_order(kafka, topics, documents, start_worker):
    names = [f"d{number}" for number in range(20)]
    for name in names:
        documents.put(name, {"count": 0})
    topics.send(*[event(name, {"/count": count}, id=f"{name}-{count}") for count in range(1, 31) for name in names])
    producer = {"queue.buffering.max.messages": 6, "linger.ms": 100}
    worker = start_worker(kafka={"producer": producer})
    records = topics.audit.until_count(600, timeout=90)
    assert len(records) == 600
    for name in names:
        assert [record.json["event"]["id"] for record in records if record.key == name.encode()] == [
            f"{name}-{count}" for count in range(1, 31)]
    assert worker.metrics()["ifmatch_publish_failures_total"] == 0
    assert worker.stop() == 0


def test_a_document_that_is_not_there_is_rejected(topics, documents, start_worker):
    topics.send(event("nobody", {"/a": 1}))
    start_worker()
    [letter] = topics.dead_letters.until_count(1)
    assert (letter.headers["ifmatch-outcome"], letter.headers["ifmatch-reason"]) == (b"rejected", b"missing")


def test_a_second_worker_goes_on_where_the_first_stopped(kafka, topics, documents, start_worker):
    documents.put("4711", {"count": 0})
    first = start_worker()
    topics.send(event("4711", {"/count": 1}))
    topics.audit.until_count(1)
    assert first.stop() == 0
    topics.send(event("4711", {"/count": 2}))
    second = start_worker()
    topics.audit.until_count(2)
    assert second.stop() == 0
    assert [record.json["event"]["offset"] for record in topics.audit.read()] == [0, 1]
    assert documents.get("4711")[0] == {"count": 2}


@pytest.mark.parametrize("topics", [1], indirect=True)
def test_skip_takes_one_record_out(topics, documents, start_worker):
    documents.put("4711", {"a": 0})
    topics.send(event("4711", {"/a": 1}), event("4711", {"/a": 2}))
    start_worker(skip=[f"{topics.updates}/0/0"])
    first, second = topics.audit.until_count(2)
    assert (first.json["outcome"], first.json["reason"]) == ("rejected", "skipped_by_operator")
    assert second.json["outcome"] in ("applied", "merged")
    assert documents.get("4711")[0] == {"a": 2}


def test_merge_patch_sends_only_the_edits_and_keeps_the_rest(topics, documents, start_worker):
    documents.put("4711", {"status": "INWORK", "draft": 1, "note": "x"})
    topics.send(("4711", json.dumps({"changes": {"/status": "RELEASED"}, "remove": ["/draft"]})))
    start_worker(service={"write": "merge-patch"})
    [record] = topics.audit.until_count(1)
    assert documents.get("4711")[0] == {"status": "RELEASED", "note": "x"}
    assert [attempt["request"] for attempt in record.json["attempts"]] == ["GET", "PATCH"]


def test_what_merge_patch_cannot_express_is_rejected(topics, documents, start_worker):
    documents.put("4711", {"a": 1})
    topics.send(event("4711", {"/a": None}), event("4711", {"/b": 2}))
    start_worker(service={"write": "merge-patch"})
    first, second = topics.audit.until_count(2)
    assert (first.json["outcome"], first.json["reason"]) == ("rejected", "not_expressible")
    assert second.json["outcome"] == "merged"
    assert documents.get("4711")[0] == {"a": 1, "b": 2}
