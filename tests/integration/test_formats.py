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
        "native", "cloudevents", "cloudevents", "merge-patch", "json-patch", "debezium", "Create and delete"]


@pytest.mark.parametrize("heading, example, headers", EXAMPLES, ids=[f"{n}-{e[0]}" for n, e in enumerate(EXAMPLES)])
def test_an_example_becomes_what_the_page_says(topics, documents, start_worker, heading, example, headers):
    documents.put("4711", DOCUMENT)
    topics.send((example["key"], example["value"], headers))
    start_worker(topics={"format": example.get("format", "native")})
    [record] = topics.audit.until_count(1)

    assert record.json["outcome"] in ("applied", "merged"), record.json
    document = "new" if example["key"] == "new" else "4711"
    assert record.key == document.encode() and record.json["document"] == document
    assert documents.get(document)[0] == json.loads(example["becomes"])


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
        ({"op": "d", "before": {**row, "owner": "di"}, "after": None}, "conflict", "guard"),
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


def test_the_document_id_is_taken_from_a_header_and_apart_for_the_url(topics, documents, start_worker):
    documents.put("a-1", {"status": "INWORK"})
    event = json.dumps({"changes": {"/status": "RELEASED"}, "base": {"/status": "INWORK"}})
    topics.send(("any", event, [("doc", "part:a-1")]), ("part:a-1", event), ("any", event, [("doc", "part:../x")]))
    worker = start_worker(document={"from": "header:doc", "pattern": r"(?<type>[a-z]+):(?<nr>.+)"},
                          service={"url": documents.url.replace("{id}", "{+nr}")})
    records = [record.json for record in topics.audit.until_count(3)]
    by_outcome = sorted((record["outcome"], record["reason"], record["document"]) for record in records)

    assert by_outcome == [("applied", None, "part:a-1"), ("rejected", "bad_document", "any"),
                          ("rejected", "no_key", "part:a-1")]
    assert documents.get("a-1")[0] == {"status": "RELEASED"}
    worker.process.until_log("only if producers partition by it")


@pytest.mark.parametrize("topics", [1], indirect=True)
def test_rows_of_a_table_are_mapped_to_fields_of_the_document(topics, documents, start_worker):
    documents.put("4711", {"state": "INWORK", "due": "2026-11-24", "price": 1.5})
    row = {"ID": 4711, "STAT": "20", "DUE": 20781, "PRICE": "AJY=", "NOTE": "x"}
    told = [({**row, "NOTE": "y"}, "unchanged", "not_an_update"), ({**row, "STAT": "99"}, "rejected", "bad_event"),
            ({**row, "STAT": "30", "DUE": 20782, "PRICE": "AfQ=", "NOTE": "y"}, "applied", None)]
    topics.send(*[(json.dumps({"ID": 4711}), json.dumps({"op": "u", "before": row, "after": after})) for after, _, _ in told])
    start_worker(topics={"format": "debezium"}, map_rest="drop", map={
        "/STAT": {"to": "/state", "values": {"20": "INWORK", "30": "RELEASED"}}, "/DUE": {"to": "/due", "as": "date-days"},
        "/PRICE": {"to": "/price", "as": "number", "scale": 2}})
    records = {record.json["event"]["offset"]: record.json for record in topics.audit.until_count(3)}

    assert [(records[offset]["outcome"], records[offset]["reason"]) for offset in range(3)] == [
        (outcome, reason) for _, outcome, reason in told]
    assert documents.get("4711")[0] == {"state": "RELEASED", "due": "2026-11-25", "price": 5.00}
