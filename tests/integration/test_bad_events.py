"""Every kind of bad event is rejected with its place, goes to dead letters untouched, and the partition goes on."""
import json

import pytest

GOOD = json.dumps({"changes": {"/a": 1}})
DEEP = '{"changes":{"/a":' + "[" * 63 + "]" * 63 + "}}"
LARGE = '{"changes":{"/a":"' + "x" * ((1 << 20) + 1 - 21) + '"}}'

# name: (key, value, reason, what the detail must name)
BAD = {
    "not JSON": ("k", "{'a':1}", "not_json", "byte 1"),
    "invalid UTF-8": ("k", b'{"id":"\xff"}', "not_json", "byte 7"),
    "trailing text": ("k", GOOD + "x", "not_json", f"byte {len(GOOD)}"),
    "duplicate keys": ("k", '{"changes":{"/a":1,"/a":2}}', "not_json", "byte 19"),
    "depth 65": ("k", DEEP, "too_large", "byte 79"),
    "1 MiB and one byte": ("k", LARGE, "too_large", "byte 1048576"),
    "no changes": ("k", '{"id":"1"}', "no_changes", "changes"),
    "unknown member": ("k", '{"chnages":{"/a":1}}', "bad_event", "chnages"),
    "bad pointer": ("k", '{"changes":{"a":1}}', "bad_pointer", "'a'"),
    "key differs from document": ("k", '{"document":"other","changes":{"/a":1}}', "key_mismatch", "other"),
    "no key": (None, GOOD, "no_key", "missing"),
    "empty key": ("", GOOD, "no_key", "empty"),
    "id ..": ("..", GOOD, "bad_document", ".."),
    "id with CR LF": ("a\r\nb", GOOD, "bad_document", "control character"),
    "null value": ("k", None, "no_value", "null"),
    "overlapping pointers": ("k", '{"changes":{"/a":{},"/a/b":1}}', "overlap", "'/a' contains '/a/b'"),
    "array index": ("list", '{"changes":{"/l/0":1}}', "array_index", "/l/0"),
    "unknown operation": ("k", '{"operation":"erase","changes":{"/a":1}}', "bad_event", "erase"),
    "delete with changes": ("k", '{"operation":"delete","changes":{"/a":1}}', "bad_event", "delete"),
}


@pytest.mark.parametrize("topics", [1], indirect=True)
def test_bad_events_are_rejected_one_by_one_and_the_partition_goes_on(kafka, topics, documents, start_worker):
    documents.put("list", {"l": [1, 2]})
    documents.put("good", {"a": 0})
    kafka.send(topics.updates, [(key, value, [("h", b"1")]) for key, value, _, _ in BAD.values()] + [("good", GOOD)])
    worker = start_worker()
    records = topics.audit.until_count(len(BAD) + 1)
    letters = {letter.headers["ifmatch-offset"]: letter for letter in topics.dead_letters.until_count(len(BAD))}
    by_offset = {record.json["event"]["offset"]: record.json for record in records}

    for offset, (name, (key, value, reason, place)) in enumerate(BAD.items()):
        record, letter = by_offset[offset], letters[str(offset).encode()]
        assert (record["outcome"], record["reason"]) == ("rejected", reason), name
        assert place in record["detail"], (name, record["detail"])
        assert letter.key == (key.encode() if key is not None else None), name
        assert letter.headers["h"] == b"1", name
        assert letter.headers["ifmatch-reason"] == reason.encode(), name
        if letter.headers.get("ifmatch-value") != b"omitted":
            assert letter.value == (value.encode() if isinstance(value, str) else value), name
        else:
            assert name == "1 MiB and one byte" and letter.value is None
    assert by_offset[len(BAD)]["outcome"] == "merged"
    assert documents.get("good")[0] == {"a": 1}
    assert worker.stop() == 0
    assert kafka.committed(topics.group, topics.updates) == {0: len(BAD) + 1}


def test_names_that_begin_with_x_are_free(topics, documents, start_worker):
    documents.put("4711", {"a": 0})
    topics.send(("4711", json.dumps({"changes": {"/a": 1}, "x-trace": {"id": 1}})))
    start_worker()
    [record] = topics.audit.until_count(1)
    assert record.json["outcome"] == "merged"


def test_a_value_too_large_for_the_dead_letter_topic_is_omitted_and_says_where_it_is(kafka, topics, documents,
                                                                                     start_worker):
    kafka.create_topics("small-dead-letters", partitions=1, max_message_bytes=4000)
    topics.send(("4711", '{"chnages":"' + "x" * 8000 + '"}'))
    start_worker(topics={"dead_letters": "small-dead-letters"})
    from ledger import Ledger
    ledger = Ledger(kafka.bootstrap, "small-dead-letters")
    try:
        [letter] = ledger.until_count(1)
    finally:
        ledger.close()
    assert letter.value is None and letter.key == b"4711"
    assert letter.headers["ifmatch-value"] == b"omitted"
    assert letter.headers["ifmatch-topic"] == topics.updates.encode()
    assert (int(letter.headers["ifmatch-offset"]), letter.headers["ifmatch-reason"]) == (0, b"bad_event")
