"""A worker is stopped for twice the session timeout and then goes on, while another one has its partitions. The service's
own log decides whether it began a write for what is not its own."""
import base64
import collections
import datetime
import json
import threading
import time

import pytest

from liar import Liar, answer
from rig import SESSION_MS

SESSION_S = 6  # the broker's, and longer than that of the workers
DOCUMENTS = 40
BATCH = 15

CLASSIC = {"session.timeout.ms": SESSION_MS, "heartbeat.interval.ms": 500}
PROTOCOLS = {
    "eager": {**CLASSIC, "partition.assignment.strategy": "range"},
    "cooperative": {**CLASSIC, "partition.assignment.strategy": "cooperative-sticky"},
    "consumer": {"group.protocol": "consumer"},
}


class Service:
    """Documents with a version each, slow writes, and a log of every write: (when it came, who, document, count)."""

    def __init__(self):
        self.counts = collections.defaultdict(int)
        self.versions = collections.defaultdict(int)
        self.writes = []
        self._lock = threading.Lock()
        self._liar = Liar(self._answer)
        self.url = self._liar.url

    def close(self):
        self._liar.close()

    def _answer(self, request):
        came = time.time()
        if request.method == "GET":
            with self._lock:
                return self._document(request.document)
        time.sleep(0.05)
        with self._lock:
            who = base64.b64decode(request.headers["authorization"].split()[1]).decode().split(":")[0]
            is_current = request.headers["if-match"] == f'"{self.versions[request.document]}"'
            count = json.loads(request.body)["count"]
            self.writes.append((came, who, request.document, count if is_current else None))
            if not is_current:
                return answer("412 Precondition Failed", b"{}")
            self.counts[request.document] = count
            self.versions[request.document] += 1
            return self._document(request.document)

    def _document(self, document):
        body = json.dumps({"count": self.counts[document]}).encode()
        return answer("200 OK", body, [f'ETag: "{self.versions[document]}"'])


@pytest.fixture
def service():
    made = Service()
    yield made
    made.close()


def partitions_of(worker):
    return sum(name.startswith("ifmatch_committed_offset{") for name in worker.metrics())


def assigned_after(worker, moment):
    """When the worker was assigned partitions again, by the clock of its log."""
    for line in map(json.loads, worker.process.log.splitlines()):
        at = datetime.datetime.fromisoformat(line["ts"].replace("Z", "+00:00")).timestamp()
        if at > moment and "partitions are assigned: " in line["msg"]:
            return at
    return None


def events(first):
    return [(f"d{number}", json.dumps({"id": f"d{number}-{count}", "changes": {"/count": count}}))
            for count in range(first, first + BATCH) for number in range(DOCUMENTS)]


@pytest.mark.parametrize("protocol", [pytest.param("eager", marks=pytest.mark.long),
                                      pytest.param("cooperative", marks=pytest.mark.long), "consumer"])
def test_a_zombie_begins_no_write_for_what_another_owns(topics, service, start_worker, protocol, is_long, report):
    def start(name):
        return start_worker(name, kafka={"consumer": PROTOCOLS[protocol]},
                            service={"url": service.url, "profile": "etag", "max_in_flight": 4,
                                     "auth": {"basic": {"user": name, "password": "secret"}}})

    zombie, other = start("zombie").until_ready(), start("other").until_ready()
    rounds = 17 if is_long else 1
    sent = 0
    for _ in range(rounds):
        other.process.until(lambda: partitions_of(zombie) and partitions_of(other) and
                            partitions_of(zombie) + partitions_of(other) == 4, "they share the partitions")
        topics.send(*events(sent * BATCH + 1))
        sent += 1
        seen = len(service.writes)
        zombie.process.until(lambda: sum(who == "zombie" for _, who, _, _ in service.writes[seen:]) >= 20, "it is at work")
        zombie.suspend()
        stopped = time.time()
        other.process.until(lambda: partitions_of(other) == 4, "the other has all of them", timeout=60)
        topics.send(*events(sent * BATCH + 1))
        sent += 1
        other.process.until(lambda: time.time() > stopped + 2 * SESSION_S, "twice the session timeout", timeout=60)
        continued = time.time()
        zombie.go_on()
        zombie.process.until(lambda: assigned_after(zombie, continued), "it has partitions of its own again", timeout=60)
        again = assigned_after(zombie, continued)
        assert [write for write in service.writes if write[1] == "zombie" and continued <= write[0] < again] == []
    check(topics, service, sent * BATCH)
    assert [zombie.stop(), other.stop()] == [0, 0]
    report(zombies=rounds, writes=len(service.writes))


def check(topics, service, count):
    topics.audit.until(lambda records: len({record.json["event"]["id"] for record in records}) == DOCUMENTS * count,
                       "a record for each event", timeout=120)
    assert topics.dead_letters.read() == []
    highest = collections.defaultdict(int)
    for _, who, document, written in service.writes:
        if written is None:
            continue
        assert written <= highest[document] + BATCH, (who, document, written)
        if written < highest[document]:
            raise AssertionError(f"{who} wrote {written} over {highest[document]} of {document}")
        highest[document] = written
    assert dict(highest) == {f"d{number}": count for number in range(DOCUMENTS)}
