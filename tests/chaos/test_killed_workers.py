"""Workers are killed with SIGKILL while real Kafka has events for them and a foreign user keeps writing. The topics and
the service's own write log decide, never what the workers say of themselves."""
import collections
import json
import os
import random
import re
import urllib.request

import pytest

from process import Process
from worker import BINARY

KILLS = int(os.environ.get("IFMATCH_CHAOS_KILLS", "5"))
EVENTS = 20000
DOCUMENTS = 200
FIELDS = ("status", "owner", "note")


class Service:
    """The sandbox's document service, which logs every write with its writer, and a foreign user of it."""

    def __init__(self, folder):
        self.process = Process("documents", (BINARY, "sandbox", "--no-broker", "--documents", "0", "--whole-log"), folder)
        self.url = self.process.until(lambda: re.search(r"service +(http\S+)", self.process.log), "the service answers")[1]
        self.documents = {f"d{n}": {"count": 0, "status": "NEW", "owner": "nobody", "note": 0} for n in range(DOCUMENTS)}
        self.post("_documents", self.documents)
        self.post("_foreign", {"per_second": 200, "fields": [f"/{field}" for field in FIELDS], "writer": "user"})

    def post(self, path, value):
        request = urllib.request.Request(f"{self.url}/{path}", json.dumps(value).encode(), method="POST")
        urllib.request.urlopen(request, timeout=10).close()

    def quiet(self):
        self.post("_foreign", {"per_second": 0})

    def history(self):
        """Document -> its states in order, each with its writer."""
        history = {name: [dict(document, writer=None)] for name, document in self.documents.items()}
        after = 0
        while lines := urllib.request.urlopen(f"{self.url}/_log?after={after}&limit=5000", timeout=30).read().splitlines():
            for line in map(json.loads, lines):
                assert line["seq"] == after + 1, "the log was trimmed"
                after = line["seq"]
                if line["version_before"] is not None and line["version_after"] is not None:
                    history[line["document"]].append(dict(line["after"], writer=line["writer"]))
        return history


@pytest.fixture
def service(tmp_path):
    made = Service(tmp_path)
    yield made
    made.process.kill()


def events():
    """Each event sets a count of its own for its document; some set fields that the user changes too."""
    counts = collections.Counter()
    for number in range(EVENTS):
        document = f"d{random.randrange(DOCUMENTS)}"
        counts[document] += 1
        changes = {"/count": counts[document]}
        if number % 3 == 0:
            changes["/status"] = f"S{number}"
        if number % 5 == 0:
            changes["/owner"] = f"event-{number}"
        yield document, json.dumps({"id": str(number), "changes": changes})


@pytest.mark.parametrize("topics", [12], indirect=True)
def test_no_event_and_no_foreign_write_is_lost(topics, service, start_worker):
    options = {"service": {"url": f"{service.url}/documents/{{id}}", "profile": "etag", "auth": None},
               "merge": {"rules": {"/status": "external", "/owner": "prefer_document"}},
               "retry": {"conflicts": {"attempts": 20, "backoff": ["20ms", "50ms", "100ms"]}}}
    sent = list(events())
    workers = [start_worker(**options), start_worker(**options)]
    places = topics.send(*sent)
    for kill in range(KILLS):
        topics.audit.until_count((kill + 1) * EVENTS // (KILLS + 2), timeout=120)
        workers.pop(0).kill()
        workers.append(start_worker(**options))
    expected = dict(zip(places, sent))
    topics.audit.until(lambda records: len(records) >= EVENTS and places_of(records) >= expected.keys(),
                       "a record for each event", timeout=240)
    service.quiet()
    assert [worker.stop() for worker in workers] == [0, 0]
    records = [record.json for record in topics.audit.read()]
    assert places_of(topics.audit.records) == expected.keys()
    outcomes = collections.Counter(record["outcome"] for record in records)
    assert outcomes["rejected"] == outcomes["exhausted"] == 0, outcomes
    history = service.history()
    check_order(history)
    check_foreign_writes(history, records)
    print(f"{KILLS} kills, {len(records) - EVENTS} repeated records, {dict(outcomes)}")


def places_of(records):
    return {(event["partition"], event["offset"]) for event in (record.json["event"] for record in records)}


def check_order(history):
    """The first time that the service sees a count it comes after all lower ones. A killed worker's successor may repeat
    what was not committed; the highest count stands at the end."""
    for document, states in history.items():
        highest, seen = 0, set()
        for before, after in zip(states, states[1:]):
            if after["writer"] == "user" or after["count"] == before["count"]:
                continue
            assert after["count"] in seen or after["count"] > highest, (document, highest, after)
            seen.add(after["count"])
            highest = max(highest, after["count"])
        assert states[-1]["count"] == highest > 0, (document, highest, states[-1])


def check_foreign_writes(history, records):
    """A user's value is replaced only where a decision on record names it. Where a worker was killed between its write and
    the record, the event was met again: it found its value there, or (somebody had changed it since) judged the field anew.
    Of the latter there are at most as many as a killed worker had in flight."""
    replaced, found_done, met_again = set(), set(), set()
    for record in records:
        for decision in record["decisions"]:
            place = (record["document"], decision["field"])
            met_again.add((*place, json.dumps(decision["ours"])))
            if decision["decided"] == "ours":
                replaced.add((*place, json.dumps(decision.get("theirs"))))
            elif decision["case"] == "c1" or decision.get("note") == "superseded":
                found_done.add((*place, json.dumps(decision["theirs"])))
    unnamed = 0
    for document, states in history.items():
        writer = {}
        for before, after in zip(states, states[1:]):
            for field in FIELDS:
                if before[field] == after[field]:
                    continue
                if after["writer"] != "user" and writer.get(field) == "user":
                    place = (document, f"/{field}")
                    if ((*place, json.dumps(before[field])) not in replaced and
                            (*place, json.dumps(after[field])) not in found_done):
                        assert (*place, json.dumps(after[field])) in met_again, (place, before, after)
                        unnamed += 1
                writer[field] = after["writer"]
    assert unnamed <= KILLS * 64, unnamed
