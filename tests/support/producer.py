"""A producing test's own ledger: what was sent, and where Kafka acknowledged it."""
import collections
import json
import threading
import time

import confluent_kafka


class Events:
    """Endless events for `documents`: each sets a count of its own for its document; some set fields that others change
    too, some say what they saw there."""

    def __init__(self, documents, random):
        self._documents = documents
        self._random = random
        self._counts = collections.Counter()
        self._number = 0

    def __iter__(self):
        return self

    def __next__(self):
        document = self._random.choice(self._documents)
        self._counts[document] += 1
        self._number += 1
        event = {"id": str(self._number), "changes": {"/count": self._counts[document]}}
        if self._number % 3 == 0:
            event["changes"]["/status"] = f"S{self._number}"
        if self._number % 5 == 0:
            event["changes"]["/owner"] = f"event-{self._number}"
            event["base"] = {"/owner": "nobody"} if self._number % 2 else {}
        return document, json.dumps(event)


class Producing:
    """Sends events at a steady rate until it is stopped or there are no more. `acked`: (partition, offset) -> (document,
    value); grows."""

    def __init__(self, bootstrap, topic, events, per_second):
        self.acked = {}
        self._producer = confluent_kafka.Producer({
            "bootstrap.servers": bootstrap, "enable.idempotence": True, "message.timeout.ms": 0, "linger.ms": 5,
            "log_level": 0})
        self._topic = topic
        self._events = events
        self._per_second = per_second
        self._errors = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self, timeout=60):
        self._stop.set()
        self.wait(timeout)

    def wait(self, timeout=60):
        """Until there are no more events, or it was stopped, and all are acknowledged."""
        self._thread.join(timeout)
        assert not self._thread.is_alive()
        left = self._producer.flush(timeout)
        assert left == 0 and not self._errors, (left, self._errors[:3])

    def _run(self):
        begin = time.monotonic()
        for number, (document, value) in enumerate(self._events):
            while not self._stop.is_set() and number > (time.monotonic() - begin) * self._per_second:
                self._producer.poll(0.01)
            if self._stop.is_set():
                return
            self._producer.produce(self._topic, value, document, on_delivery=self._note(document, value))

    def _note(self, document, value):
        def on_delivery(error, message):
            if error:
                self._errors.append(error)
            else:
                self.acked[message.partition(), message.offset()] = (document, value)
        return on_delivery
