"""Events of every format, as docs/formats.md shows them, from real Kafka into a real document service."""
import json
import pathlib
import re

import pytest

PAGE = pathlib.Path(__file__).parents[2] / "docs/formats.md"
DOCUMENT = json.loads(re.search(r"^    (\{.*\})$", PAGE.read_text(), re.M).group(1))


def examples():
    """(heading, {word: text}, headers) of each example of the page."""
    for section in PAGE.read_text().split("\n## ")[1:]:
        heading = section.split("\n", 1)[0]
        for block in re.findall(r"(?:^    \S+ +\S.*\n)+", section, re.M):
            lines = [line.split(None, 1) for line in block.splitlines()]
            headers = [tuple(text.split(": ", 1)) for word, text in lines if word == "header"]
            yield heading, {word: text for word, text in lines if word != "header"}, headers


EXAMPLES = list(examples())


def test_the_page_has_an_example_of_each_format():
    assert [heading for heading, _, _ in EXAMPLES] == [
        "native", "cloudevents", "cloudevents", "merge-patch", "json-patch", "debezium"]


@pytest.mark.parametrize("heading, example, headers", EXAMPLES, ids=[f"{n}-{e[0]}" for n, e in enumerate(EXAMPLES)])
def test_an_example_becomes_what_the_page_says(topics, documents, start_worker, heading, example, headers):
    documents.put("4711", DOCUMENT)
    topics.send((example["key"], example["value"], headers))
    start_worker(topics={"format": example.get("format", "native")})
    [record] = topics.audit.until_count(1)

    assert record.json["outcome"] in ("applied", "merged"), record.json
    assert record.key == b"4711" and record.json["document"] == "4711"
    assert documents.get("4711")[0] == json.loads(example["becomes"])


def test_a_binary_cloudevent_is_known_among_native_events_and_brings_its_base(topics, documents, start_worker):
    documents.put("4711", {"status": "REVIEW", "weight": 1})
    attributes = {"ce_specversion": "1.0", "ce_id": "7c2f", "ce_source": "/erp", "ce_type": "t",
                  "ce_time": "2026-11-24T10:00:00Z", "content-type": "application/json"}
    body = json.dumps({"changes": {"/status": "RELEASED"}, "base": {"/status": "INWORK"}})
    topics.send(("4711", body, list(attributes.items())), ("4711", json.dumps({"changes": {"/weight": 2}})),
                ("4711", body, [("ce_specversion", "0.3")]))
    start_worker()
    records = sorted((record.json for record in topics.audit.until_count(3)), key=lambda record: record["event"]["offset"])
    conflict, native, bad = records

    assert (conflict["outcome"], conflict["reason"]) == ("conflict", "field")
    assert (conflict["event"]["id"], conflict["event"]["source"]) == ("7c2f", "/erp")
    assert (conflict["decisions"][0]["base"], conflict["decisions"][0]["base_from"]) == ("INWORK", "event")
    assert native["outcome"] == "merged"
    assert (bad["outcome"], bad["reason"]) == ("rejected", "bad_event")
    assert documents.get("4711")[0] == {"status": "REVIEW", "weight": 2}


@pytest.mark.parametrize("topics", [1], indirect=True)
def test_changes_of_a_table_update_documents_and_the_rest_is_told(kafka, topics, documents, start_worker):
    documents.put("4711", {"number": 4711, "status": "INWORK", "owner": "ana"})
    row = {"number": 4711, "status": "INWORK", "owner": "bo"}
    key = json.dumps({"schema": {}, "payload": {"number": 4711}})
    change = {"op": "u", "before": row, "after": {**row, "status": "RELEASED"}, "ts_ms": 1}
    told = [
        ({"schema": {}, "payload": change}, "applied", None),
        ({"op": "u", "before": None, "after": row}, "rejected", "no_before"),
        ({"op": "r", "before": None, "after": row}, "unchanged", "not_an_update"),
        ({"ts_ms": 1}, "unchanged", "not_an_update"),
        ({"op": "d", "before": row, "after": None}, "rejected", "unsupported_operation"),
        (None, "unchanged", "not_an_update"),
    ]
    topics.send(*[(key, None if value is None else json.dumps(value)) for value, _, _ in told])
    worker = start_worker(topics={"format": "debezium"})
    records = {record.json["event"]["offset"]: record.json for record in topics.audit.until_count(len(told))}

    assert [(records[offset]["outcome"], records[offset]["reason"]) for offset in range(len(told))] == [
        (outcome, reason) for _, outcome, reason in told]
    assert documents.get("4711")[0] == {"number": 4711, "status": "RELEASED", "owner": "ana"}
    assert {letter.key for letter in topics.dead_letters.until_count(2)} == {key.encode()}
    assert worker.stop() == 0
    assert kafka.committed(topics.group, topics.updates) == {0: len(told)}
