"""The real components themselves: if these fail, no other integration test says anything about ifmatch."""


def test_kafka_keeps_what_was_sent_in_the_order_of_each_key(kafka, topics):
    sent = [(f"d{number % 3}", f'{{"number":{number}}}', [("x", b"1")]) for number in range(30)]
    places = kafka.send(topics.audit_topic, sent)
    records = topics.audit.until_count(30)

    assert sorted(places) == sorted((record.partition, record.offset) for record in records)
    assert [record.json["number"] for record in topics.audit.of("d1")] == list(range(1, 30, 3))
    assert records[0].headers == {"x": b"1"}
    assert topics.dead_letters.read() == []


def test_kafka_keeps_records_without_key_or_value(kafka, topics):
    kafka.send(topics.audit_topic, [(None, "x"), ("k", None)])
    assert sorted((record.key or b"", record.value or b"") for record in topics.audit.until_count(2)) == [
        (b"", b"x"), (b"k", b"")]


def test_kinto_refuses_a_stale_write_and_takes_the_right_one(documents):
    created, first = documents.put("4711", {"status": "INWORK"})
    taken, second = documents.put("4711", {"status": "REVIEW"}, if_match=first)
    refused, _ = documents.put("4711", {"status": "RELEASED"}, if_match=first)

    assert (created, taken, refused) == (201, 200, 412)
    assert documents.get("4711") == ({"status": "REVIEW"}, second)


def test_a_foreign_user_changes_members_and_leaves_the_others(documents):
    documents.put("4711", {"status": "INWORK", "owner": "ana"})
    etag = documents.change("4711", owner="bo")
    assert documents.get("4711") == ({"status": "INWORK", "owner": "bo"}, etag)
