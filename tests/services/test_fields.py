"""`service.precondition: fields`: a foreign write to other fields is no conflict. Kinto tests the fields of a JSON Patch."""
import pytest

from conftest import Served, service_of
from fixtures import kafka  # noqa: F401: pytest finds it here

FIELDS = {"write": "json-patch", "precondition": "fields"}


@pytest.fixture(scope="module", params=["version", "fields"])
def served(request, kafka, tmp_path_factory):  # noqa: F811
    folder = tmp_path_factory.mktemp(request.param)
    service = service_of("kinto")
    try:
        service.start(folder)
        service.config = {**service.config, "write": "json-patch", "precondition": request.param}
        made = Served(service, kafka, folder)
        made.tests_fields = request.param == "fields"
        yield made
        made.close()
    finally:
        service.stop()


def stale_answers(record):
    return sum(attempt["status"] in (400, 412) for attempt in record["attempts"])


def test_a_foreign_write_to_another_field_is_stale_only_under_the_version(served):
    """The rate of stale answers both ways, with a foreign write between each read and its write."""
    events = 10
    stale = 0
    for _ in range(events):
        document = served.document(status="INWORK", owner="ana")
        served.trouble.before_write(document, lambda document=document: served.change(document, owner="bo"))
        stale += stale_answers(served.update(document, {"/status": "RELEASED"}, base={"/status": "INWORK"}))
        assert served.service.read(document) == {"status": "RELEASED", "owner": "bo"}
    print(f"stale answers: {stale} of {events} writes")
    assert stale == (0 if served.tests_fields else events)


def test_a_field_that_was_missing_is_held_to_what_would_hold_it(served):
    document = served.document(status="INWORK", parts=[1, {"a": None}])
    served.trouble.before_write(document, lambda: served.change(document, new={"deep": 1}))
    record = served.update(document, {"/status": "RELEASED", "/new/deep": 2}, base={"/status": "INWORK"})

    assert (record["outcome"], stale_answers(record)) == ("conflict", 1)  # /new/deep: c4, nobody saw the other value
    assert served.service.read(document) == {"status": "INWORK", "parts": [1, {"a": None}], "new": {"deep": 1}}


def test_a_foreign_write_to_the_same_field_is_stale_and_merged(served):
    document = served.document(status="INWORK", owner="ana")
    served.trouble.before_write(document, lambda: served.change(document, status="REVIEW"))
    record = served.update(document, {"/status": "RELEASED"}, base={"/status": "INWORK"})

    assert (record["outcome"], stale_answers(record)) == ("merged", 1)
    assert [decision["case"] for decision in record["decisions"]] == ["c4"]
    assert served.service.read(document) == {"status": "RELEASED", "owner": "ana"}


def test_a_guard_holds_until_the_write(served):
    document = served.document(status="INWORK", approval="yes")
    served.trouble.before_write(document, lambda: served.change(document, approval="no"))
    record = served.update(document, {"/status": "RELEASED"}, base={"/status": "INWORK", "/approval": "yes"})

    assert (record["outcome"], record["reason"], stale_answers(record)) == ("conflict", "guard", 1)
    assert served.service.read(document) == {"status": "INWORK", "approval": "no"}


def test_what_others_changed_beside_the_write_is_known_to_the_next_event(served):
    document = served.document(status="INWORK", owner="ana")
    served.trouble.before_write(document, lambda: served.change(document, owner="bo"))
    served.update(document, {"/status": "RELEASED"}, base={"/status": "INWORK"})
    record = served.update(document, {"/owner": "bo"}, 2, base={"/owner": "ana"})

    assert (record["outcome"], record["reason"]) == ("unchanged", "already")
