"""Events that make and delete documents, against Kinto."""
import json

import pytest

pytestmark = pytest.mark.parametrize("topics", [1], indirect=True)


def events(*values):
    return [(key, json.dumps(value)) for key, value in values]


def ends(topics, count):
    records = {record.json["event"]["offset"]: record.json for record in topics.audit.until_count(count)}
    return [(records[offset]["outcome"], records[offset]["reason"]) for offset in range(count)]


def requests(record):
    return [(attempt["request"], attempt["status"]) for attempt in record["attempts"]]


def test_a_document_is_made_changed_and_deleted(topics, documents, start_worker):
    topics.send(*events(
        ("new", {"operation": "create", "changes": {"/status": "DRAFT", "/size/height": 2.50}}),
        ("new", {"changes": {"/status": "RELEASED"}, "base": {"/status": "DRAFT"}}),
        ("new", {"operation": "create", "changes": {"/status": "RELEASED"}}),
        ("new", {"operation": "create", "changes": {"/status": "DRAFT"}}),
        ("new", {"operation": "delete"}),
        ("new", {"operation": "delete", "base": {"/status": "DRAFT"}})))
    start_worker()

    assert ends(topics, 6) == [("applied", None), ("applied", None), ("unchanged", "already"), ("conflict", "exists"),
                               ("conflict", "unseen"), ("conflict", "guard")]
    first = topics.audit.records[0].json
    assert first["event"]["operation"] == "create" and requests(first) == [("GET", 404), ("PUT", 201)]
    assert documents.get("new")[0] == {"status": "RELEASED", "size": {"height": 2.50}}
    topics.send(*events(("new", {"operation": "delete", "base": {"/status": "RELEASED"}}),
                        ("new", {"operation": "delete", "base": {"/status": "RELEASED"}}),
                        ("new", {"operation": "create", "changes": {"/status": "AGAIN"}})))
    records = [record.json for record in topics.audit.until_count(9)[6:]]

    assert [(record["outcome"], record["reason"]) for record in records] == [
        ("applied", None), ("unchanged", "already"), ("applied", None)]
    assert requests(records[0])[-1] == ("DELETE", 200)
    assert documents.get("new")[0] == {"status": "AGAIN"}


@pytest.mark.parametrize("missing, ends_with", [("reject", ("rejected", "missing")), ("skip", ("unchanged", "missing")),
                                                ("create", ("applied", None))])
def test_an_update_of_no_document_ends_as_configured(topics, documents, start_worker, missing, ends_with):
    topics.send(*events(("none", {"changes": {"/a": 1}, "base": {"/a": 0}})))
    start_worker(document={"missing": missing})

    assert ends(topics, 1) == [ends_with]
    if missing == "create":
        assert documents.get("none")[0] == {"a": 1}


def test_rows_that_come_and_go_are_documents_that_do(topics, documents, start_worker):
    row = {"id": 7, "status": "NEW"}
    topics.send(*[(json.dumps({"id": 7}), value and json.dumps(value)) for value in (
        {"op": "r", "before": None, "after": row},
        {"op": "d", "before": row, "after": None},
        None,
        {"op": "c", "before": None, "after": {**row, "status": "BACK"}})])
    start_worker(topics={"format": "debezium"}, debezium={"snapshot": "apply"}, map={"/status": "/status"}, map_rest="drop")

    assert ends(topics, 4)[2:] == [("unchanged", "not_an_update"), ("applied", None)]
    assert documents.get("7")[0] == {"status": "BACK"}
