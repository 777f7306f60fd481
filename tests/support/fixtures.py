"""Fixtures for every folder of tests against real components: one broker and one service for a session,
topics and documents of its own for each test."""
import itertools

import pytest

from kafka import Kafka
from kinto import Kinto
from ledger import Ledger
from worker import BINARY, Worker

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def kafka(tmp_path_factory):
    broker = Kafka(tmp_path_factory.mktemp("kafka"))
    try:
        yield broker.start()
    finally:
        broker.stop()


@pytest.fixture(scope="session")
def kinto(tmp_path_factory):
    service = Kinto(tmp_path_factory.mktemp("kinto"))
    try:
        yield service.start()
    finally:
        service.stop()


class Topics:
    """The three topics of one test, and the ledgers that read the two that ifmatch writes."""

    def __init__(self, kafka, partitions):
        number = next(_numbers)
        self.kafka = kafka
        self.group = f"ifmatch-{number}"
        self.updates, self.audit_topic, self.dead_letter_topic = (
            f"{name}-{number}" for name in ("updates", "audit", "dead-letters"))
        kafka.create_topics(self.updates, partitions=partitions, max_message_bytes=4 << 20)
        kafka.create_topics(self.audit_topic, self.dead_letter_topic, partitions=partitions,
                            message_timestamp_type="LogAppendTime")
        self.audit = Ledger(kafka.bootstrap, self.audit_topic)
        self.dead_letters = Ledger(kafka.bootstrap, self.dead_letter_topic)

    def send(self, *records):
        return self.kafka.send(self.updates, records)

    def close(self):
        self.audit.close()
        self.dead_letters.close()


@pytest.fixture
def topics(request, kafka):
    """`@pytest.mark.parametrize("topics", [12], indirect=True)` asks for another number of partitions than 4."""
    made = Topics(kafka, getattr(request, "param", 4))
    yield made
    made.close()


@pytest.fixture
def documents(kinto):
    return kinto.collection(f"documents-{next(_numbers)}")


@pytest.fixture
def config(kafka, kinto, topics, documents):
    """A configuration for this test's topics and documents, to be widened by the test."""
    return {
        "version": 1,
        "kafka": {"bootstrap.servers": kafka.bootstrap, "group.id": topics.group, "session.timeout.ms": 6000},
        "topics": {"updates": topics.updates, "audit": topics.audit_topic,
                   "dead_letters": topics.dead_letter_topic, "start": "earliest"},
        "service": {"url": documents.url, "profile": "kinto",
                    "auth": {"basic": {"user": kinto.user, "password": kinto.password}}},
    }


@pytest.fixture
def start_worker(config, tmp_path):
    """A function that starts a worker: start_worker(), start_worker(merge={...}), start_worker("second")."""
    if not BINARY.exists():
        pytest.fail(f"{BINARY} is not built")
    workers = []

    def start(name=None, arguments=(), environment=None, **sections):
        merged = {key: {**config.get(key, {}), **sections[key]} if isinstance(sections[key], dict) else sections[key]
                  for key in sections}
        workers.append(Worker(name or f"worker-{len(workers) + 1}", {**config, **merged}, tmp_path, arguments,
                              environment))
        return workers[-1]

    yield start
    for worker in workers:
        if worker.process.running:
            worker.kill()
