"""Partitions are added, records are gone before they were read, the topic is made again: said loudly, the rest goes on."""
import json

import confluent_kafka
import pytest


def send_to(kafka, topic, partition, *values):
    producer = confluent_kafka.Producer({"bootstrap.servers": kafka.bootstrap})
    for value in values:
        producer.produce(topic, json.dumps({"changes": {"/a": value}}), "4711", partition=partition)
    producer.flush(30)


def delete_before(kafka, topic, partition, offset):
    wanted = confluent_kafka.TopicPartition(topic, partition, offset)
    for deleted in kafka.admin.delete_records([wanted]).values():
        deleted.result()


def make_again(kafka, topic, partitions):
    for deleted in kafka.admin.delete_topics([topic], operation_timeout=30).values():
        deleted.result()
    kafka.create_topics(topic, partitions=partitions)


@pytest.mark.parametrize("topics", [2], indirect=True)
def test_an_added_partition_begins_at_its_first_record(kafka, topics, documents, start_worker):
    documents.put("4711", {"a": 0})
    worker = start_worker(topics={"start": "latest"}, kafka={"topic.metadata.refresh.interval.ms": 1000}).until_ready()
    worker.process.until_log("partitions are assigned: ")
    send_to(kafka, topics.updates, 0, 1)
    topics.audit.until_count(1)
    worker.process.until(lambda: kafka.committed(topics.group, topics.updates).get(0) == 1, "it is committed")
    kafka.add_partitions(topics.updates, 3)
    send_to(kafka, topics.updates, 2, 2, 3)
    records = topics.audit.until_count(3, timeout=60)
    assert [(record.json["event"]["partition"], record.json["event"]["offset"]) for record in records[1:]] == [(2, 0), (2, 1)]
    assert "paused until the lag was 0" in worker.process.log
    assert worker.stop() == 0


@pytest.mark.parametrize("topics", [2], indirect=True)
def test_records_that_are_gone_stop_their_partition_alone(kafka, topics, documents, start_worker):
    documents.put("4711", {"a": 0})
    worker = start_worker().until_ready()
    for partition in (0, 1):
        send_to(kafka, topics.updates, partition, 1)
    topics.audit.until_count(2)
    assert worker.stop() == 0
    for partition in (0, 1):
        send_to(kafka, topics.updates, partition, 2, 3, 4)
    delete_before(kafka, topics.updates, 0, 3)
    worker = start_worker().until_ready()
    records = topics.audit.until_count(5)
    assert {record.json["event"]["partition"] for record in records[2:]} == {1}
    worker.process.until_log(f"partition 0 of '{topics.updates}' stands still")
    assert "[+] partitions 0 stand still" in worker.page("/readyz?verbose")[1]
    assert worker.page("/readyz")[0] == 200, "the others go on"
    metric = f'ifmatch_partition_stopped{{topic="{topics.updates}",partition="%d"}}'
    assert [worker.metrics()[metric % partition] for partition in (0, 1)] == [1, 0]
    assert worker.stop() == 0
    assert kafka.committed(topics.group, topics.updates) == {0: 1, 1: 4}

    # what the message tells an operator to do
    kafka.reset_offset(topics.group, topics.updates, 0, 3)
    worker = start_worker().until_ready()
    records = topics.audit.until_count(6)
    assert (records[5].json["event"]["partition"], records[5].json["event"]["offset"]) == (0, 3)
    assert worker.stop() == 0


def until_all_of_the_new_topic(topics, documents, worker, count):
    topics.audit.until(lambda records: {record.json["event"]["offset"] for record in records[10:]} == set(range(count)),
                       "every record of the new topic", timeout=60)
    assert documents.get("4711")[0] == {"a": 99 + count}
    assert worker.stop() == 0


@pytest.mark.parametrize("topics", [1], indirect=True)
@pytest.mark.parametrize("count", [3, pytest.param(23, marks=pytest.mark.long)])
def test_a_topic_made_again_is_not_taken_for_the_old_one(kafka, topics, documents, start_worker, count):
    """The new one has fewer records than were committed of the old one, or more: nothing of it is passed over."""
    documents.put("4711", {"a": 0})
    worker = start_worker().until_ready()
    send_to(kafka, topics.updates, 0, *range(1, 11))
    topics.audit.until_count(10)
    worker.process.until(lambda: kafka.committed(topics.group, topics.updates).get(0) == 10, "it is committed")
    make_again(kafka, topics.updates, 1)
    send_to(kafka, topics.updates, 0, *range(100, 100 + count))
    assert worker.process.wait(60) == 1
    assert "was deleted and made again" in worker.process.log
    until_all_of_the_new_topic(topics, documents, start_worker(), count)


@pytest.mark.parametrize("topics", [1], indirect=True)
def test_a_topic_that_is_gone_for_a_while_is_waited_for(kafka, topics, documents, start_worker):
    documents.put("4711", {"a": 0})
    worker = start_worker(kafka={"topic.metadata.refresh.interval.ms": 500}).until_ready()
    send_to(kafka, topics.updates, 0, *range(1, 11))
    topics.audit.until_count(10)
    for deleted in kafka.admin.delete_topics([topics.updates], operation_timeout=30).values():
        deleted.result()
    worker.process.until_log("1 partitions are lost")
    kafka.create_topics(topics.updates, partitions=1)
    send_to(kafka, topics.updates, 0, *range(100, 123))
    until_all_of_the_new_topic(topics, documents, worker, 23)
    assert "does not exist; waiting for it" in worker.process.log
