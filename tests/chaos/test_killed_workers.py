"""Workers are killed with SIGKILL while real Kafka has events for them and a foreign user keeps writing. The ledger of
the topics and the service's own history decide, never what the workers say of themselves."""
import collections
import json
import os
import random
import threading

import pytest

from liar import Liar, answer

KILLS = int(os.environ.get("IFMATCH_CHAOS_KILLS", "5"))
EVENTS = 20000
DOCUMENTS = 200


class Service(Liar):
    """Documents in memory with strong versions; remembers every write that it took, and by whom."""

    def __init__(self):
        self.lock = threading.Lock()
        self.documents = {f"d{n}": ({"count": 0, "status": "NEW", "owner": "nobody", "note": 0}, 1)
                          for n in range(DOCUMENTS)}
        self.history = {name: [dict(value, writer=None)] for name, (value, _) in self.documents.items()}
        super().__init__(self.serve)

    def serve(self, request):
        with self.lock:
            value, version = self.documents[request.document]
            if request.method == "GET":
                if request.headers.get("if-none-match") == f'"{version}"':
                    return self.close_answer("304 Not Modified", b"", version)
                return self.close_answer("200 OK", json.dumps(value).encode(), version)
            if request.headers.get("if-match") != f'"{version}"':
                return self.close_answer("412 Precondition Failed", b"", None)
            self.take(request.document, json.loads(request.body), "ifmatch")
            return self.close_answer("200 OK", request.body, version + 1)

    @staticmethod
    def close_answer(status, body, version):
        return answer(status, body, [f'ETag: "{version}"'] if version else [])

    def take(self, document, value, writer):
        self.documents[document] = (value, self.documents[document][1] + 1)
        self.history[document].append(dict(value, writer=writer))

    def foreign_write(self, number):
        document = random.choice(list(self.documents))
        with self.lock:
            value = dict(self.documents[document][0])
            value[random.choice(["owner", "note", "status"])] = f"user-{number}"
            self.take(document, value, "user")


@pytest.fixture
def service():
    made = Service()
    yield made
    made.close()


@pytest.mark.parametrize("topics", [12], indirect=True)
def test_no_event_and_no_foreign_write_is_lost(kafka, topics, service, start_worker):
    rules = {"rules": {"/status": "external", "/owner": "prefer_document"}}
    options = {"service": {"url": service.url, "profile": "etag", "auth": None}, "merge": rules,
               "retry": {"conflicts": {"attempts": 20, "backoff": ["20ms", "50ms", "100ms"]}}}
    sent = []
    counts = collections.Counter()
    for number in range(EVENTS):
        document = f"d{random.randrange(DOCUMENTS)}"
        counts[document] += 1
        changes = {"/count": counts[document]}
        if number % 3 == 0:
            changes["/status"] = f"S{number}"
        if number % 5 == 0:
            changes["/owner"] = f"event-{number}"
        sent.append((document, json.dumps({"id": str(number), "changes": changes})))
    stop = threading.Event()

    def user():
        number = 0
        while not stop.wait(0.005):
            number += 1
            service.foreign_write(number)

    foreign = threading.Thread(target=user, daemon=True)
    foreign.start()
    workers = [start_worker(**options), start_worker(**options)]
    places = topics.send(*sent)
    for kill in range(KILLS):
        topics.audit.until_count((kill + 1) * EVENTS // (KILLS + 2), timeout=120)
        victim = workers.pop(0)
        victim.kill()
        workers.append(start_worker(**options))
    expected = {place: (key, value) for place, (key, value) in zip(places, sent)}
    recorded = topics.audit.until(lambda records: by_place(records, expected), "a record for each event", timeout=180)
    stop.set()
    foreign.join()
    assert [worker.stop() for worker in workers] == [0, 0]
    topics.audit.read()
    check(service, expected, recorded, [record.json for record in topics.audit.records])


def by_place(records, expected):
    if len(records) < len(expected):
        return None
    found = {}
    for record in records:
        event = record.json["event"]
        found.setdefault((event["partition"], event["offset"]), []).append(record.json)
    return found if found.keys() >= expected.keys() else None


def check(service, expected, recorded, records):
    assert recorded.keys() == expected.keys()
    outcomes = collections.Counter(entry[0]["outcome"] for entry in recorded.values())
    assert outcomes["rejected"] == outcomes["exhausted"] == 0, outcomes

    # order: each event sets a count of its own, and the first time that the service sees it comes after all lower ones.
    # A killed worker's successor may repeat what was not committed; then the last count stands again at the end.
    for document, history in service.history.items():
        highest = 0
        seen = set()
        for before, after in zip(history, history[1:]):
            if after["writer"] != "ifmatch" or after["count"] == before["count"]:
                continue
            assert after["count"] in seen or after["count"] > highest, (document, highest, after)
            seen.add(after["count"])
            highest = max(highest, after["count"])
        assert history[-1]["count"] == highest, (document, highest, history[-1])

    # a user's value is replaced only where a decision on record names it; or, where a worker was killed between its
    # write and the record, the event was met again and found done
    replaced, found_done = set(), set()
    for record in records:
        for decision in record["decisions"]:
            place = (record["document"], decision["field"])
            if decision["decided"] == "ours":
                replaced.add((*place, json.dumps(decision.get("theirs"))))
            elif decision["case"] == "c1":
                found_done.add((*place, json.dumps(decision["ours"])))
    for document, history in service.history.items():
        writer = {}
        for before, after in zip(history, history[1:]):
            for field in ("status", "owner", "note"):
                if before[field] == after[field]:
                    continue
                if after["writer"] == "ifmatch" and writer.get(field) == "user":
                    place = (document, f"/{field}")
                    assert ((*place, json.dumps(before[field])) in replaced or
                            (*place, json.dumps(after[field])) in found_done), (place, before, after)
                writer[field] = after["writer"]
