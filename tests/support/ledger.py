"""Reads a topic with a client of its own: what ifmatch published, not what it says that it published."""
import dataclasses
import json
import time

import confluent_kafka

from process import Failed, until


@dataclasses.dataclass(frozen=True)
class Record:
    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: dict
    at_ms: int  # when it was made, or appended: the topic's timestamp type

    @property
    def json(self):
        return json.loads(self.value)


class Ledger:
    """All records of one topic, from its beginning on. `records` grows with each read."""

    def __init__(self, bootstrap, topic):
        self.topic = topic
        self.records = []
        self._consumer = confluent_kafka.Consumer({
            "bootstrap.servers": bootstrap, "group.id": "ledger", "enable.auto.commit": False,
            "auto.offset.reset": "error", "isolation.level": "read_committed", "fetch.wait.max.ms": 20,
            "log_level": 0})
        partitions = until(self._partitions, f"topic {topic} has partitions")
        self._next = dict.fromkeys(partitions, 0)
        self._consumer.assign([confluent_kafka.TopicPartition(topic, number, 0) for number in partitions])

    def close(self):
        self._consumer.close()

    def read(self):
        """Reads up to what is in the topic now."""
        ends = {number: self._consumer.get_watermark_offsets(
            confluent_kafka.TopicPartition(self.topic, number), timeout=10)[1] for number in self._next}
        end = time.monotonic() + 30
        while any(self._next[number] < ends[number] for number in ends):
            if time.monotonic() > end:
                raise Failed(f"topic {self.topic} could not be read up to {ends}, but to {self._next}")
            self._take(0.2)
        return self.records

    def until(self, condition, what, timeout=30.0):
        """Reads on until `condition(records)`; returns its value."""
        end = time.monotonic() + timeout
        while not (value := condition(self.records)):
            if time.monotonic() > end:
                raise Failed(f"{what}: not within {timeout:g} s; {self.topic} has {len(self.records)} records")
            self._take(0.1)
        return value

    def until_count(self, count, timeout=30.0):
        """At least `count` records, all that there are by then."""
        self.until(lambda records: len(records) >= count, f"{count} records in {self.topic}", timeout)
        return self.read()

    def of(self, document):
        return [record for record in self.records if record.key == document.encode()]

    def _partitions(self):
        """None while the broker that is asked has not heard of a new topic."""
        return self._consumer.list_topics(self.topic, timeout=10).topics[self.topic].partitions

    def _take(self, timeout):
        for message in self._consumer.consume(1000, timeout):
            if message.error():
                if message.error().code() == confluent_kafka.KafkaError._PARTITION_EOF:
                    continue
                raise Failed(f"topic {self.topic}: {message.error()}")
            self._next[message.partition()] = message.offset() + 1
            self.records.append(Record(message.topic(), message.partition(), message.offset(), message.key(),
                                       message.value(), dict(message.headers() or []), message.timestamp()[1]))
