"""One worker for each document service there is something to run against.

A service is one file, service_NAME.py, with a class Service:

    profile, tried       the profile's name, and what this is, for the table
    tells_versions_apart false: two changes in quick succession may have one version
    start(folder)        returns self; `stop()` ends it
    url                  of a document, with {id}; `config` is what `service:` needs beside url and profile
    create(document, data), read(document) -> data, change(document, members), delete(document)
                         another user of the service, who sees neither envelope nor what is the service's own; false:
                         the document was changed by somebody between what change() read and what it wrote
"""
import importlib
import itertools
import json
import pathlib
import re
import urllib.parse

import pytest

from fixtures import Topics, kafka  # noqa: F401: pytest finds it here
from process import until
from trouble import Trouble
from worker import BINARY, Worker

HERE = pathlib.Path(__file__).parent
NAMES = sorted(path.stem.removeprefix("service_") for path in HERE.glob("service_*.py"))
RETRY = {"conflicts": {"backoff": ["20ms"]}, "outage": {"backoff_max": "100ms"}, "locked": {"backoff": "50ms"},
         "retry_after_max": "100ms"}
RULES = {"rules": {"/status": "external"}}


results = {}  # (case, service) -> "yes", "NO" or "-": not by its profile


def can(service, case):
    """Does the service's profile say how documents are made and deleted?"""
    profile = (HERE.parents[1] / f"deploy/profiles/{service.profile}.yaml").read_text()
    return {"create": "\ncreate: put" in profile, "delete": "send: { pointer" not in profile}.get(case, True)


def pytest_runtest_logreport(report):
    match = re.search(r"conformance.py::test_(\w+)\[(\w+)\]$", report.nodeid)
    if match and (report.failed or report.when == "call"):
        results[match.groups()] = "NO" if report.failed else "-" if report.skipped else results.get(match.groups(), "yes")


def pytest_terminal_summary(terminalreporter):
    cases = list(dict.fromkeys(case for case, _ in results))
    if cases:
        terminalreporter.write_line(table(cases, lambda case, name: results.get((case, name), "")))


def table(cases, cell):
    """What docs/services.md shows: a row for each service, a column for each case."""
    rows = [["profile", "tried against", *cases], ["---"] * (len(cases) + 2)]
    for name in NAMES:
        service = service_of(name)
        rows.append([f"`{service.profile}`", service.tried, *(cell(case, name) for case in cases)])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def service_of(name):
    return importlib.import_module(f"service_{name}").Service()


def canned(profile, name):
    """(status, headers, body): what tests/profiles says that this kind of service answers."""
    text = (HERE.parent / "profiles" / profile / name).read_text().split("--- answer\n")[1].split("--- meaning\n")[0]
    head, _, body = text.partition("\n\n")
    status, *headers = head.splitlines()
    return int(status), [tuple(header.split(": ", 1)) for header in headers], body.strip().encode()


class Served:
    """A service, the trouble in front of it, a worker, and what it published."""

    def __init__(self, service, kafka, folder):
        self.service = service
        self.topics = Topics(kafka, 4)
        target = urllib.parse.urlsplit(service.url)
        self.trouble = Trouble(target.hostname, target.port)
        self._numbers = itertools.count(1)
        self._folder = folder
        self._kafka = kafka
        self.worker = self.start_worker("worker", self.topics.group)

    def start_worker(self, name, group):
        config = {
            "version": 1,
            "kafka": {"bootstrap.servers": self._kafka.bootstrap, "group.id": group, "session.timeout.ms": 6000},
            "topics": {"updates": self.topics.updates, "audit": self.topics.audit_topic,
                       "dead_letters": self.topics.dead_letter_topic, "start": "earliest"},
            "service": {"url": self.trouble.in_front_of(self.service.url), "profile": self.service.profile,
                        **self.service.config},
            "merge": RULES, "retry": RETRY, "dead_letters": {"flood": "off", "flood_conflicts": "off"},
        }
        return Worker(name, config, self._folder).until_ready()

    def close(self):
        if self.worker.process.running:
            self.worker.kill()
        self.trouble.close()
        self.topics.close()

    def document(self, **members):
        """A new document of the service, and its id."""
        name = f"doc-{next(self._numbers)}"
        self.service.create(name, members)
        return name

    def change(self, document, **members):
        """A foreign write of some members; false: somebody else was faster."""
        return self.service.change(document, members)

    def send(self, document, changes, **members):
        self.topics.send((document, json.dumps({"changes": changes, **members})))

    def record(self, document, number=1):
        """The audit record of the document's number-th event."""
        return self.topics.audit.until(
            lambda records: [record for record in records if record.key == document.encode()][number - 1:number],
            f"the record of event {number} of {document}")[0].json

    def ask(self, document, event, number=1):
        """An event as it is, and its record."""
        self.topics.send((document, json.dumps(event)))
        return self.record(document, number)

    def update(self, document, changes, number=1, **members):
        self.send(document, changes, **members)
        return self.record(document, number)


@pytest.fixture(scope="module", params=NAMES)
def served(request, kafka, tmp_path_factory):  # noqa: F811
    if not BINARY.exists():
        pytest.fail(f"{BINARY} is not built")
    folder = tmp_path_factory.mktemp(request.param)
    service = service_of(request.param)
    try:
        service.start(folder)
        made = Served(service, kafka, folder)
        yield made
        made.close()
    finally:
        service.stop()
