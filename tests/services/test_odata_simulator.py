"""The simulator is what SAP CAP was measured to be (an entity with @odata.etag): else its conformance says nothing."""
import json
import urllib.error
import urllib.request

import pytest

from odata import PAGE, OData


@pytest.fixture
def odata():
    simulator = OData()
    yield simulator
    simulator.stop()


def ask(odata, method, path, body=None, **headers):
    """(status, headers, value); headers with _ for -."""
    request = urllib.request.Request(f"{odata.root}/odata/{path}", method=method,
                                     data=None if body is None else json.dumps(body).encode(),
                                     headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, json.loads(answer.read() or b"null")


def create(odata, key="4711", **properties):
    assert ask(odata, "POST", "Documents", {"ID": key, **properties})[0] == 201


def status(odata, method, path, body=None, **headers):
    return ask(odata, method, path, body, **headers)[0]


def test_a_read_gives_a_weak_version_in_the_header_and_in_the_body(odata):
    create(odata, status="INWORK")
    code, headers, value = ask(odata, "GET", "Documents('4711')")
    assert (code, headers["ETag"], value["@odata.etag"]) == (200, 'W/"1"', 'W/"1"')
    assert (value["status"], value["owner"]) == ("INWORK", None)  # what was never set is null, not missing


def test_a_write_needs_the_version_in_either_form(odata):
    create(odata, status="INWORK")
    change = {"status": "REVIEW"}
    assert status(odata, "PATCH", "Documents('4711')", change) == 428
    assert status(odata, "PATCH", "Documents('4711')", change, If_Match='W/"7"') == 412
    assert status(odata, "PATCH", "Documents('4711')", change, If_Match="1") == 412  # without quotes it is no version
    assert status(odata, "PATCH", "Documents('4711')", change, If_Match='W/"1"') == 200
    assert status(odata, "PATCH", "Documents('4711')", change, If_Match='"2"') == 200
    assert status(odata, "PATCH", "Documents('none')", change, If_Match="*") == 404


def test_a_patch_keeps_what_it_does_not_name_and_null_is_a_value(odata):
    create(odata, status="INWORK", owner="ana", name="Pump")
    code, headers, value = ask(odata, "PATCH", "Documents('4711')", {"owner": None}, If_Match='"1"')
    assert (code, headers["ETag"], value["owner"], value["name"]) == (200, 'W/"2"', None, "Pump")
    assert ask(odata, "PATCH", "Documents('4711')", {}, If_Match='"2"')[1]["ETag"] == 'W/"3"'  # nothing, and yet a new one
    assert ask(odata, "PATCH", "Documents('4711')", {}, If_Match='"3"', Prefer="return=minimal")[0] == 204
    assert status(odata, "PATCH", "Documents('4711')", {"colour": 1}, If_Match='"4"') == 400


def test_a_version_that_is_known_is_not_given_again(odata):
    create(odata)
    code, headers, _ = ask(odata, "GET", "Documents('4711')", If_None_Match='W/"1"')
    assert (code, headers["ETag"]) == (304, None)


def test_documents_come_in_pages(odata):
    for number in range(PAGE + 1):
        create(odata, f"d{number:02}")
    first = ask(odata, "GET", "Documents")[2]
    rest = ask(odata, "GET", first["@odata.nextLink"])[2]
    assert (len(first["value"]), [entity["ID"] for entity in rest["value"]]) == (PAGE, [f"d{PAGE}"])
    assert "@odata.nextLink" not in rest


def test_a_key_with_a_quote_is_spelt_with_two(odata):
    create(odata, "it's")
    assert ask(odata, "GET", "Documents('it''s')")[2]["ID"] == "it's"
    assert status(odata, "DELETE", "Documents('it''s')", If_Match='W/"1"') == 204
    assert status(odata, "GET", "Documents('it''s')") == 404
