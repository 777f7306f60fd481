"""What stands around the workers of a chaos test: a producer with its ledger, the document service with a foreign user,
readers of every topic, and the list of what was done to the workers. They are the only witnesses; `verdict.py` hears
them."""
import collections
import itertools
import random
import time

from ledger import Ledger
from process import until
from producer import Events, Producing
from sandbox import Sandbox
from verdict import verdict

SESSION_MS = 4000  # of the workers
FIELDS = ("status", "owner", "note")
RULES = {"/status": "external", "/owner": "prefer_document"}

# `worker` is the name in its records; None: it happened to everybody.
Disturbance = collections.namedtuple("Disturbance", "at_ms worker")


def now_ms():
    return time.time_ns() // 1_000_000


class Rig:
    """`per_second`: events, until there are so many `events`; `foreign`: writes of others in a second. `options` are
    sections of every worker's configuration."""

    def __init__(self, topics, start_worker, folder, seed, documents=400, per_second=300, foreign=100, events=None,
                 **options):
        self.random = random.Random(seed)
        self.topics = topics
        self.folder = folder
        self.rules = RULES
        names = [f"d{number}" for number in range(documents)]
        self.service = Sandbox(folder, {name: {"count": 0, "status": "NEW", "owner": "nobody", "note": 0}
                                        for name in names})
        self.disturbances = []
        self.unheard = set  # called at the end: (document, If-Match) of writes whose answer may not have arrived whole
        self._start_worker = start_worker
        self._options = options
        self._recorded = set()
        self._read = 0
        self._started = 0
        if foreign:
            self.service.foreign_user(foreign, FIELDS)
        self.producing = Producing(topics.kafka.bootstrap, topics.updates,
                                   itertools.islice(Events(names, self.random), events), per_second)

    def close(self):
        self.service.kill()

    def worker(self, url=None, **options):
        """A new worker with a name of its own; `url`: the service's, if it is reached another way."""
        self._started += 1
        name = f"{self.topics.group}-worker-{self._started}"
        sections = {"service": {"url": f"{url or self.service.url}/documents/{{id}}", "profile": "etag"},
                    "merge": {"rules": self.rules}, "worker": {"name": name},
                    "retry": {"conflicts": {"attempts": 20, "backoff": ["20ms", "50ms", "100ms"]}}}
        for given in (self._options, options):
            for key, value in given.items():
                sections[key] = {**sections.get(key, {}), **value}
        return self._start_worker(name, **sections)

    def disturbed(self, worker=None):
        """Call it when it is done: what a worker has not received by now, it will not have had in hand."""
        self.disturbances.append(Disturbance(now_ms() + 1, worker.process.name if worker else None))

    def kill(self, worker):
        worker.kill()
        self.disturbed(worker)

    def pause(self, most_seconds):
        """Lets things run for a while, at random."""
        time.sleep(self.random.uniform(0, most_seconds))

    def caught_up(self, timeout=180):
        """Every event that Kafka has acknowledged up to now (there are some) has a record. Returns the places of all that
        have one."""
        wanted = set(until(lambda: self.producing.acked.copy(), "Kafka takes events", timeout))
        self.topics.audit.until(lambda records: wanted <= self._places(records), "a record for each event", timeout)
        return frozenset(self._recorded)

    def finish(self, workers):
        """Heal, drain, check: the figures of the run. `workers` are those still running; each must leave with 0."""
        self.producing.stop()
        self.caught_up()
        self.service.quiet()
        assert [worker.stop() for worker in workers] == [0] * len(workers)
        self.topics.audit.read()
        self.topics.dead_letters.read()
        commits = self._commits()
        figures = verdict(self, commits)
        return figures

    def _places(self, records):
        for record in records[self._read:]:
            event = record.json["event"]
            self._recorded.add((event["partition"], event["offset"]))
        self._read = len(records)
        return self._recorded

    def _commits(self):
        ledger = Ledger(self.topics.kafka.bootstrap, "__consumer_offsets")
        try:
            return list(commits_of(ledger.read(), self.topics.group, self.topics.updates))
        finally:
            ledger.close()


def commits_of(records, group, topic):
    """Every commit that Kafka took, (at_ms, partition, offset), from records of __consumer_offsets."""
    for record in sorted(records, key=lambda record: record.offset):
        key = record.key
        if int.from_bytes(key[:2]) > 1 or record.value is None:
            continue  # the group's members, or a commit that was removed
        size = int.from_bytes(key[2:4])
        its_group, rest = key[4:4 + size].decode(), key[4 + size:]
        size = int.from_bytes(rest[:2])
        its_topic, partition = rest[2:2 + size].decode(), int.from_bytes(rest[2 + size:2 + size + 4])
        if (its_group, its_topic) == (group, topic):
            yield record.at_ms, partition, int.from_bytes(record.value[2:10])
