"""Many events at once: one document's are folded, another's lock holds nobody up, repeated ones are known."""
import json
import time

import pytest

from liar import Liar, answer

LATENCY_S = 0.02


class Store:
    """A document service in memory: strong ETags, If-Match, so many seconds for each answer."""

    def __init__(self, latency_s=0.0, locked=()):
        self.texts = {}
        self.versions = {}
        self.writes = []
        self.latency_s = latency_s
        self.locked = set(locked)
        self.is_down = False
        self.service = Liar(self._behave)

    def _behave(self, request):
        time.sleep(self.latency_s)
        if self.is_down:
            return answer("500 Internal Server Error")
        document = request.document
        version = self.versions.setdefault(document, 1)
        if request.method == "GET":
            return answer("200 OK", self.texts.setdefault(document, b'{"n":-1}'), [f'ETag: "{version}"'])
        if document in self.locked:
            return answer("423 Locked")
        if request.headers.get("if-match") != f'"{version}"':
            return answer("412 Precondition Failed")
        self.texts[document] = request.body
        self.versions[document] = version + 1
        self.writes.append(document)
        return answer("200 OK", b"", [f'ETag: "{version + 1}"'])


@pytest.fixture
def store():
    made = []

    def make(**options):
        made.append(Store(**options))
        return made[-1]

    yield make
    for one in made:
        one.service.close()


def service_of(store, **more):
    return {"url": store.service.url, "profile": "etag", "auth": None, **more}


@pytest.mark.long
@pytest.mark.parametrize("topics", [1], indirect=True)
def test_ten_thousand_events_of_one_document_take_at_most_twenty_writes(topics, store, start_worker):
    hot = store(latency_s=LATENCY_S)
    topics.send(*[("hot", json.dumps({"id": f"e{n}", "source": "test", "changes": {"/n": n}})) for n in range(10_000)])
    worker = start_worker(service=service_of(hot))
    records = topics.audit.until_count(10_000, timeout=180)

    assert len(records) == 10_000
    assert [json.loads(record.value)["event"]["offset"] for record in records] == list(range(10_000))
    assert json.loads(hot.texts["hot"]) == {"n": 9_999}
    assert len(hot.writes) <= 20
    assert worker.stop() == 0


@pytest.mark.parametrize("topics", [1], indirect=True)
def test_thousands_of_events_that_wait_for_a_locked_document_hold_nobody_up(topics, store, start_worker):
    service = store(locked={"locked"})
    events = [("locked" if n % 2 else f"free-{n % 50}", json.dumps({"changes": {"/n": n}})) for n in range(6_000)]
    topics.send(*[event for event in events if event[0] == "locked"],
                *[event for event in events if event[0] != "locked"])
    worker = start_worker(service=service_of(service), retry={"locked": {"backoff": "1s"}})
    topics.audit.until_count(3_000, timeout=60)

    assert {record.key for record in topics.audit.records}.isdisjoint({b"locked"})
    service.locked.clear()
    topics.audit.until_count(6_000, timeout=60)
    assert json.loads(service.texts["locked"]) == {"n": 5_999}
    assert worker.stop() == 0


@pytest.mark.parametrize("topics", [1], indirect=True)
def test_a_repeated_event_is_a_duplicate_and_an_older_one_is_outdated(topics, store, start_worker):
    service = store()

    def event(number, sequence, value):
        return "4711", json.dumps({"id": f"e{number}", "source": "erp", "sequence": sequence, "changes": {"/n": value}})

    topics.send(event(1, "9", 1), event(2, "10", 2), event(2, "10", 2), event(3, "9", 3), event(2, "11", 4))
    worker = start_worker(service=service_of(service))
    records = [json.loads(record.value) for record in topics.audit.until_count(5)]

    assert [(record["outcome"], record["reason"]) for record in records] == [
        ("merged", "no_base"), ("applied", None), ("duplicate", None), ("outdated", None), ("rejected", "id_reused")]
    assert json.loads(service.texts["4711"]) == {"n": 2}
    assert [letter.headers["ifmatch-reason"] for letter in topics.dead_letters.until_count(1)] == [b"id_reused"]
    assert worker.stop() == 0


@pytest.mark.parametrize("topics", [1], indirect=True)
def test_the_flood_guard_keeps_a_topic_from_being_emptied_into_dead_letters(topics, start_worker, tmp_path):
    from worker import ifmatch

    gateway = Liar(lambda request: answer("404 Not Found"))
    topics.send(*[(f"d{n}", json.dumps({"changes": {"/n": n}})) for n in range(2_000)])
    worker = start_worker(service={"url": gateway.url, "profile": "etag", "auth": None},
                          admin={"socket": str(tmp_path / "ctl.sock")})
    worker.process.until(lambda: 'ifmatch_intake{state="flood"} 1' in worker.page("/metrics")[1], "the guard trips", 30)
    asked = len(gateway.requests)

    assert len(topics.dead_letters.read()) < 60
    assert worker.page("/readyz")[0] == 503
    assert ifmatch("ctl", "resume", "--socket", tmp_path / "ctl.sock").returncode == 0
    topics.dead_letters.until(lambda letters: len(letters) >= 60, "dead letters go on")
    assert len(gateway.requests) > asked
    assert worker.stop() == 0
    gateway.close()


@pytest.mark.parametrize("topics", [2], indirect=True)
def test_an_outage_dead_letters_nothing_and_ends_by_itself(topics, store, start_worker):
    service = store()
    service.is_down = True
    topics.send(*[(f"d{n}", json.dumps({"changes": {"/n": n}})) for n in range(300)])
    worker = start_worker(service=service_of(service), retry={"outage": {"probe_max": "1s"}})
    worker.process.until(lambda: 'ifmatch_intake{state="outage"} 1' in worker.page("/metrics")[1], "the breaker opens", 30)

    asked = len(service.service.requests)
    worker.process.until(lambda: len(service.service.requests) >= asked + 2, "probes ask", 30)
    assert worker.page("/readyz")[0] == 503
    service.is_down = False
    assert len(topics.audit.until_count(300, timeout=60)) == 300
    assert topics.dead_letters.read() == []
    assert worker.page("/readyz")[0] == 200
    assert worker.stop() == 0
