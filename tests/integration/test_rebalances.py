"""A second worker joins and leaves while events flow: by each protocol in which a group can share its partitions."""
import collections
import json
import re

import pytest

from liar import Liar, answer
from worker import ifmatch, write_config

DOCUMENTS = 40
ROUNDS = 30

PROTOCOLS = {
    "eager": {"partition.assignment.strategy": "range"},
    "cooperative": {"partition.assignment.strategy": "cooperative-sticky"},
    "consumer": {"group.protocol": "consumer", "session.timeout.ms": None},
}
COOPERATIVE = ("cooperative", "consumer")
# Where one protocol is enough for the suite: tests/unit/kafka/rebalance.c has all of them against a mock broker.
CONSUMER_AND_LONG = [pytest.param("eager", marks=pytest.mark.long), pytest.param("cooperative", marks=pytest.mark.long),
                     "consumer"]


def events(rounds):
    return [(f"d{number}", json.dumps({"id": f"d{number}-{count}", "changes": {"/count": count}}))
            for count in rounds for number in range(DOCUMENTS)]


def shares(worker):
    """The partitions that the worker holds, as its metrics tell; none while it starts."""
    return set(map(int, re.findall(r'^ifmatch_committed_offset\{.*partition="(\d+)"\}', worker.page("/metrics")[1], re.M)))


def assigned(worker):
    """Every (partition, offset) that the worker was assigned, in order."""
    return re.findall(r"partitions are assigned: (.*)", worker.process.log)


def until_shared(*workers):
    def is_shared():
        held = [shares(worker) for worker in workers]
        return all(held) and sum(map(len, held)) == len(set().union(*held)) == 4 and held
    return workers[0].process.until(is_shared, f"{len(workers)} workers share the partitions", timeout=60)


def check_ledger(topics, kafka, documents, rounds):
    """One record for each event at least, all there, in order for each document; committed up to the end."""
    sent = DOCUMENTS * rounds
    topics.audit.until(lambda records: len({record.json["event"]["id"] for record in records}) == sent,
                       "a record for each event", timeout=90)
    first = collections.defaultdict(list)
    for record in topics.audit.read():
        event = record.json["event"]["id"]
        if event not in first[record.key]:
            first[record.key].append(event)
    for number in range(DOCUMENTS):
        assert first[f"d{number}".encode()] == [f"d{number}-{count}" for count in range(1, rounds + 1)]
        assert documents.get(f"d{number}")[0] == {"count": rounds}
    assert {record.json["outcome"] for record in topics.audit.records} <= {"applied", "merged", "unchanged"}
    assert topics.dead_letters.read() == []
    return len(topics.audit.records) - sent


@pytest.mark.parametrize("protocol", ["eager", pytest.param("cooperative", marks=pytest.mark.long), "consumer"])
def test_events_go_on_while_workers_come_and_go(kafka, topics, documents, start_worker, protocol):
    for number in range(DOCUMENTS):
        documents.put(f"d{number}", {"count": 0})
    options = {"kafka": PROTOCOLS[protocol]}
    one = start_worker(**options).until_ready()
    until_shared(one)
    topics.send(*events(range(1, ROUNDS)))
    topics.audit.until_count(100)
    two = start_worker(**options)
    kept, _ = until_shared(one, two)
    topics.send(*events(range(ROUNDS, 2 * ROUNDS)))
    topics.audit.until_count(DOCUMENTS * (ROUNDS + 5), timeout=60)
    assert two.stop() == 0
    until_shared(one)
    topics.send(*events(range(2 * ROUNDS, 3 * ROUNDS + 1)))
    repeated = check_ledger(topics, kafka, documents, 3 * ROUNDS)
    assert repeated == 0, "nothing is repeated when workers leave in order"
    assert one.stop() == 0
    assert sum(kafka.committed(topics.group, topics.updates).values()) == DOCUMENTS * 3 * ROUNDS
    begun = collections.Counter(place.split("@")[0] for line in assigned(one) for place in line.split())
    if protocol in COOPERATIVE:
        assert {begun[str(partition)] for partition in kept} == {1}, "what did not move was never given up"
    assert "lost" not in one.process.log + two.process.log


@pytest.mark.parametrize("protocol", CONSUMER_AND_LONG)
def test_a_killed_workers_partitions_are_taken_over(kafka, topics, documents, start_worker, protocol):
    for number in range(DOCUMENTS):
        documents.put(f"d{number}", {"count": 0})
    options = {"kafka": PROTOCOLS[protocol]}
    workers = [start_worker(**options).until_ready() for _ in range(2)]
    until_shared(*workers)
    topics.send(*events(range(1, ROUNDS + 1)))
    topics.audit.until_count(DOCUMENTS)
    workers[1].kill()
    check_ledger(topics, kafka, documents, ROUNDS)
    assert workers[0].stop() == 0


def test_a_property_of_the_other_protocol_is_refused_at_start(config, tmp_path):
    kafka = {**config["kafka"], "group.protocol": "consumer"}
    result = ifmatch("run", "-c", write_config(tmp_path / "ifmatch.yaml", {**config, "kafka": kafka}))
    assert result.returncode == 2
    assert "'session.timeout.ms' cannot be set with group.protocol: consumer" in result.stderr, result.stderr
    assert "group.consumer.session.timeout.ms" in result.stderr
    result = ifmatch("check", "-c", tmp_path / "ifmatch.yaml")
    assert result.returncode == 1
    assert re.search("^FAIL kafka .*'session.timeout.ms' cannot be set", result.stdout, re.M), result.stdout


def test_a_session_too_short_to_know_what_is_ours_is_refused(kafka, topics, start_worker):
    kafka.set_group(topics.group, consumer_session_timeout_ms=3000, consumer_heartbeat_interval_ms=1500)
    worker = start_worker(kafka=PROTOCOLS["consumer"])
    assert worker.process.wait() == 1
    assert "3000 ms after its last heartbeat (consumer.session.timeout.ms)" in worker.process.log


# --- static members ---

def test_a_static_member_that_comes_back_moves_nothing(kafka, topics, documents, start_worker):
    for number in range(DOCUMENTS):
        documents.put(f"d{number}", {"count": 0})
    workers = [start_worker(kafka={"group.instance.id": f"worker-{n}"}).until_ready() for n in range(2)]
    kept, _ = until_shared(*workers)
    topics.send(*events(range(1, ROUNDS + 1)))
    topics.audit.until_count(DOCUMENTS)
    before = assigned(workers[0])
    assert workers[1].stop() == 0
    again = start_worker(kafka={"group.instance.id": "worker-1"})
    assert until_shared(workers[0], again)[0] == kept
    check_ledger(topics, kafka, documents, ROUNDS)
    assert assigned(workers[0]) == before, "the other member was not asked for anything"
    assert [workers[0].stop(), again.stop()] == [0, 0]


def test_a_second_worker_with_the_same_id_ends_the_first(topics, documents, start_worker):
    documents.put("4711", {"a": 0})
    first = start_worker(kafka={"group.instance.id": "worker-7"}).until_ready()
    until_shared(first)
    second = start_worker(kafka={"group.instance.id": "worker-7"})
    assert first.process.wait() == 1
    assert "has joined the group" in first.process.log and "'worker-7'" in first.process.log
    topics.send(("4711", json.dumps({"changes": {"/a": 1}})))
    topics.audit.until_count(1)
    assert second.stop() == 0


def test_with_the_consumer_protocol_the_second_worker_with_the_same_id_ends(topics, documents, start_worker):
    documents.put("4711", {"a": 0})
    options = {"kafka": {**PROTOCOLS["consumer"], "group.instance.id": "worker-7"}}
    first = start_worker(**options).until_ready()
    until_shared(first)
    second = start_worker(**options)
    assert second.process.wait() == 1
    assert "each worker needs an id of its own" in second.process.log
    topics.send(("4711", json.dumps({"changes": {"/a": 1}})))
    topics.audit.until_count(1)
    assert first.stop() == 0


# --- the drain ---

def slow(seconds):
    """Reads are answered at once, each write after a while."""
    import time

    def behave(request):
        if request.method != "GET":
            time.sleep(seconds)
        return answer("200 OK", b'{"a":0}', ['ETag: "1"'])
    return behave


@pytest.mark.parametrize("protocol", CONSUMER_AND_LONG)
def test_writes_in_flight_end_before_the_next_owner_begins(kafka, topics, start_worker, protocol):
    service = Liar(slow(2.0))
    options = {"kafka": PROTOCOLS[protocol], "service": {"url": service.url, "profile": "etag", "auth": None}}
    one = start_worker(**options).until_ready()
    until_shared(one)
    topics.send(*[(f"d{number}", '{"changes":{"/a":1}}') for number in range(16)])
    one.process.until(lambda: len([r for r in service.requests if r.method == "PUT"]) == 16, "all writes are in flight")
    two = start_worker(**options)
    until_shared(one, two)
    topics.audit.until_count(16)
    assert one.stop() == two.stop() == 0
    service.close()
    assert len(topics.audit.read()) == 16, "none was done twice"
    assert len([r for r in service.requests if r.method == "PUT"]) == 16
