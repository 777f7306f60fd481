"""What every document service has to show with its profile: the same events, the same troubles, the same ends."""
import pathlib

import pytest
from conftest import can, canned, service_of, table
from worker import ifmatch


def statuses(record):
    return [attempt["status"] for attempt in record["attempts"]]


def test_apply(served):
    """An event sets its field, and nothing else changes."""
    document = served.document(status="INWORK", owner="ana", parts=[1, {"a": None}])
    record = served.update(document, {"/status": "RELEASED"}, base={"/status": "INWORK"})

    assert (record["outcome"], record["version"]["before"] is not None) == ("applied", True)
    assert served.service.read(document) == {"status": "RELEASED", "owner": "ana", "parts": [1, {"a": None}]}


def test_stale(served):
    """Somebody writes between our read and our write: refused by the service, read and merged again."""
    document = served.document(status="INWORK", owner="ana")
    served.trouble.before_write(document, lambda: served.change(document, owner="bo"))
    record = served.update(document, {"/status": "RELEASED"}, base={"/status": "INWORK"})

    assert record["outcome"] == "merged"
    assert [attempt["request"] == "GET" for attempt in record["attempts"]] == [True, False, True, False]
    assert statuses(record)[1] in (409, 412)
    assert served.service.read(document) == {"status": "RELEASED", "owner": "bo"}


def test_merge(served):
    """A field that somebody else changed too: the rule decides, or a person."""
    document = served.document(status="REVIEW", name="Pump")
    record = served.update(document, {"/status": "RELEASED"}, base={"/status": "INWORK"})
    conflict = served.update(document, {"/name": "Valve"}, 2, base={"/name": "Pipe"})

    assert (record["outcome"], conflict["outcome"], conflict["reason"]) == ("merged", "conflict", "field")
    assert served.service.read(document) == {"status": "RELEASED", "name": "Pump"}


def test_ambiguous(served):
    """The answer to a write is lost: found out by reading, written once."""
    document = served.document(status="INWORK")
    served.trouble.lose_answer(document)
    record = served.update(document, {"/status": "RELEASED"}, base={"/status": "INWORK"})

    assert record["outcome"] in ("applied", "merged") and len(record["attempts"]) >= 3
    assert served.trouble.writes_accepted(document) == 1
    assert served.service.read(document) == {"status": "RELEASED"}


def test_locked(served):
    """Locked by somebody: later."""
    document = served.document(status="INWORK")
    answer = canned(served.service.profile, "locked")
    served.trouble.answer_write(document, *answer)
    record = served.update(document, {"/status": "RELEASED"}, base={"/status": "INWORK"})

    assert record["outcome"] == "applied" and answer[0] in statuses(record)
    assert served.service.read(document) == {"status": "RELEASED"}


def test_overload(served):
    """Too much for the service: later, and no event pays for it."""
    document = served.document(status="INWORK")
    answer = canned(served.service.profile, "overload")
    for _ in range(7):  # more than there are attempts
        served.trouble.answer_write(document, *answer)
    record = served.update(document, {"/status": "RELEASED"}, base={"/status": "INWORK"})

    assert record["outcome"] == "applied" and statuses(record).count(answer[0]) == 7
    assert served.service.read(document) == {"status": "RELEASED"}


def test_permanent(served):
    """Refused for good: rejected, and nothing is written."""
    document = served.document(status="INWORK")
    served.trouble.answer_write(document, *canned(served.service.profile, "permanent"))
    record = served.update(document, {"/status": "RELEASED"}, base={"/status": "INWORK"})

    assert (record["outcome"], record["reason"]) == ("rejected", "refused")
    assert served.service.read(document) == {"status": "INWORK"}


def test_gone(served):
    """Deleted by somebody while the worker has a copy."""
    document = served.document(status="INWORK")
    served.update(document, {"/status": "REVIEW"}, base={"/status": "INWORK"})
    served.service.delete(document)
    record = served.update(document, {"/status": "RELEASED"}, 2, base={"/status": "REVIEW"})

    assert record["outcome"] == "rejected" and record["reason"] in ("missing", "gone")


def test_replay(served):
    """The same events for a worker that remembers nothing: nothing is written."""
    document = served.document(status="INWORK", owner="ana")
    served.update(document, {"/status": "RELEASED"}, base={"/status": "INWORK"}, id=f"{document}-1", source="erp")
    writes = served.trouble.writes_accepted(document)
    repeated = served.update(document, {"/status": "RELEASED"}, 2, base={"/status": "INWORK"}, id=f"{document}-1",
                             source="erp")
    other = served.update(document, {"/status": "RELEASED"}, 3, base={"/status": "INWORK"})

    assert (repeated["outcome"], other["outcome"], other["reason"]) == ("duplicate", "unchanged", "already")
    assert served.trouble.writes_accepted(document) == writes == 1


def test_create(served):
    """A document is made if there is none, also where somebody is faster: then theirs stays."""
    if not can(served.service, "create"):
        pytest.skip("the profile does not say how")
    made = served.ask("made", {"operation": "create", "changes": {"/status": "NEW", "/size/height": 2.5}})
    served.trouble.before_write("theirs", lambda: served.service.create("theirs", {"status": "THEIRS"}))
    theirs = served.ask("theirs", {"operation": "create", "changes": {"/status": "OURS"}})

    assert made["outcome"] == "applied" and served.service.read("made") == {"status": "NEW", "size": {"height": 2.5}}
    assert (theirs["outcome"], theirs["reason"]) == ("conflict", "exists")
    assert served.service.read("theirs") == {"status": "THEIRS"}


def test_delete(served):
    """A document goes as its producer saw it, and stays if somebody changes it first."""
    if not can(served.service, "delete"):
        pytest.skip("a delete has no body for the version")
    document, other = served.document(owner="ana"), served.document(owner="ana")
    served.trouble.before_write(other, lambda: served.change(other, owner="bo"))
    event = {"operation": "delete", "base": {"/owner": "ana"}}
    gone, kept = served.ask(document, event), served.ask(other, event)
    again = served.ask(document, event, 2)

    assert (gone["outcome"], again["outcome"], again["reason"]) == ("applied", "unchanged", "already")
    assert (kept["outcome"], kept["reason"]) == ("conflict", "guard")
    assert served.service.read(other) == {"owner": "bo"}


def test_probe(served):
    """`ifmatch probe` finds the service protected, and leaves the document as it was."""
    document = served.document(status="INWORK", owner="ana")
    result = ifmatch("probe", "-c", served.worker.path, "--document", document, "--yes")

    assert (result.returncode, result.stderr) == (0, "") and "\nprotected: " in result.stdout, result.stdout
    assert "field           /status becomes" in result.stdout
    assert served.service.read(document) == {"status": "INWORK", "owner": "ana"}


def test_the_documentation_shows_every_service_and_case():
    cases = [name.removeprefix("test_") for name, test in globals().items()
             if name.startswith("test_") and "served" in test.__code__.co_varnames[:test.__code__.co_argcount]]
    expected = table(cases, lambda case, name: "yes" if can(service_of(name), case) else "-")

    assert expected in (pathlib.Path(__file__).parents[2] / "docs/services.md").read_text(), expected
