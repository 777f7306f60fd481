"""Many events and another user who writes the same documents all the while: nothing that either of them wrote is lost.
With --long 10,000 events for each service."""
import itertools
import json
import random
import threading
import time

import pytest

DOCUMENTS = 50
PAUSE = 0.02  # between two foreign writes


class ForeignUser:
    """Sets `owner` of one document after the other, each time under the version it has read, and notes what was taken."""

    def __init__(self, served, documents):
        self.owners = dict.fromkeys(documents, "nobody")
        self.taken = self.refused = 0
        self._served = served
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def stop(self):
        self._end.set()
        self._thread.join(30)
        assert not self._thread.is_alive()

    def _write(self):
        draw = random.Random(1)
        for number in itertools.count():
            if self._end.wait(PAUSE):
                return
            document = draw.choice(list(self.owners))
            if self._served.change(document, owner=f"user-{number}"):
                self.owners[document] = f"user-{number}"
                self.taken += 1
            else:
                self.refused += 1  # the worker was faster


def test_foreign_writers_and_many_events(served, request):
    if not served.service.tells_versions_apart:
        pytest.skip("two changes within a second have one version: nobody could tell them apart")
    count = 10000 if request.config.getoption("long") else 300
    documents = [served.document(status=0, owner="nobody") for _ in range(DOCUMENTS)]
    user = ForeignUser(served, documents)
    values = {}
    for first in range(0, count, 100):
        events = [(documents[number % DOCUMENTS], json.dumps({"changes": {"/status": number + 1}}))
                  for number in range(first, first + 100)]
        for place, number in zip(served.topics.send(*events), range(first, first + 100)):
            values[place] = number + 1
        time.sleep(0.05)
    ends = served.topics.audit.until(lambda records: ends_of(records, values), "a record for each event", 300)
    user.stop()
    print(f"{served.service.profile}: {len(values)} events, {user.taken} foreign writes, {user.refused} refused")

    assert user.taken > 0
    assert {end["outcome"] for end in ends} <= {"applied", "merged", "unchanged", "exhausted"}
    given_up = [end for end in ends if end["outcome"] == "exhausted"]
    letters = [letter.headers["ifmatch-offset"] for letter in served.topics.dead_letters.read()
               if letter.key.decode() in documents]
    assert sorted(letters) == sorted(str(end["event"]["offset"]).encode() for end in given_up)
    for document in documents:
        found = served.service.read(document)
        last = max(values[place_of(end)] for end in ends if end["document"] == document and end["outcome"] != "exhausted")
        assert found == {"status": last, "owner": user.owners[document]}, document


def place_of(end):
    return end["event"]["partition"], end["event"]["offset"]


def ends_of(records, values):
    """The records of these events, once there is one for each; None before."""
    ends = [record.json for record in records]
    ends = [end for end in ends if place_of(end) in values]
    return ends if len({place_of(end) for end in ends}) == len(values) else None
