"""The Windchill simulator is what the documentation and the clients of Windchill tell of it, and no kinder: no version to
send, a lock that everybody has to take, ids that grow old, and answers that say little."""
import base64
import http.client
import json
import urllib.parse

import pytest

from windchill import PAGE, ROOT, Windchill
from worker import ifmatch, write_config

DOCUMENTS = f"{ROOT}/DocMgmt/Documents"


class Client:
    """One user's session, which fetches its nonce when asked to."""

    def __init__(self, windchill, user="svc", language="en"):
        self.headers = {"Authorization": "Basic " + base64.b64encode(f"{user}:password".encode()).decode(),
                        "Accept-Language": language, "Content-Type": "application/json"}
        self.netloc = urllib.parse.urlsplit(windchill.root).netloc

    def ask(self, method, path, body=None, **headers):
        """(status, value)"""
        connection = http.client.HTTPConnection(self.netloc, timeout=10)
        try:
            connection.request(method, urllib.parse.quote(path, "/?=&$%"), None if body is None else json.dumps(body),
                               {**self.headers, **headers})
            answer = connection.getresponse()
            assert answer.headers["ETag"] is None
            if cookie := answer.headers["Set-Cookie"]:
                self.headers["Cookie"] = cookie.split(";")[0]
            return answer.status, json.loads(answer.read() or b"null")
        finally:
            connection.close()

    def sign_in(self):
        status, value = self.ask("GET", f"{ROOT}/PTC/GetCSRFToken()")
        assert status == 200
        self.headers[value["NonceKey"]] = value["NonceValue"]
        return self

    def act(self, document, action, body=None):
        return self.ask("POST", f"{DOCUMENTS}('{document}')/PTC.DocMgmt.{action}", body or {})

    def patch(self, document, body, **headers):
        return self.ask("PATCH", f"{DOCUMENTS}('{document}')", body, **headers)

    def get(self, document):
        return self.ask("GET", f"{DOCUMENTS}('{document}')")

    def find(self, number):
        status, value = self.ask("GET", f"{DOCUMENTS}?$filter=Number%20eq%20'{number}'&ptc.search.latestversion=true")
        assert status == 200
        return value["value"]


@pytest.fixture
def windchill():
    simulator = Windchill(users={"svc": "password", "ana": "password", "bo": "password"}, blind=("bo",))
    yield simulator
    simulator.stop()


@pytest.fixture
def client(windchill):
    return Client(windchill).sign_in()


def test_a_write_needs_the_nonce_of_its_session(windchill):
    document = windchill.create("4711")
    client = Client(windchill)
    assert client.act(document, "CheckOut")[0] == 403
    client.sign_in()
    assert client.act(document, "CheckOut")[0] == 200
    client.headers["Cookie"] = "JSESSIONID=ended"
    assert client.act(document, "UndoCheckOut")[0] == 403  # the nonce is another session's
    assert Client(windchill, user="nobody").get(document)[0] == 401


def test_a_change_goes_by_check_out_patch_and_check_in(windchill, client):
    document = windchill.create("4711", Title="Pump", Weight=1)
    status, copy = client.act(document, "CheckOut", {"CheckOutNote": "ifmatch"})
    assert (status, copy["CheckoutState"], copy["Version"]) == (200, "Working copy", "A.2")
    assert copy["ID"] != document
    assert client.patch(document, {"Title": "Valve"})[0] == 400  # the original is not the working copy
    assert client.patch(copy["ID"], {"Title": "Valve", "Weight": None})[0] == 200
    assert windchill.attributes("4711")["Title"] == "Pump"
    status, done = client.act(copy["ID"], "CheckIn", {"CheckInNote": "event 7"})
    assert (status, done["Version"], done["Title"], done["Weight"]) == (200, "A.2", "Valve", None)
    assert (windchill.latest("4711").iterations[-1].note, done["CheckoutState"]) == ("event 7", "Checked in")
    assert done["ID"] not in (document, copy["ID"])


def test_an_id_grows_old_with_each_check_in(windchill, client):
    document = windchill.create("4711", Title="Pump")
    assert windchill.change("4711", Title="Valve")
    status, old = client.get(document)
    assert (status, old["Latest"], old["Title"]) == (200, False, "Pump")
    assert client.act(document, "CheckOut")[0] == 400
    [latest] = client.find("4711")
    assert (latest["ID"], latest["Title"], latest["Latest"]) == (windchill.id_of("4711"), "Valve", True)


def test_undo_leaves_the_document_as_it_was(windchill, client):
    document = windchill.create("4711", Title="Pump")
    copy = client.act(document, "CheckOut")[1]
    client.patch(copy["ID"], {"Title": "Valve"})
    assert client.act(copy["ID"], "UndoCheckOut")[0] == 200
    assert [entity["Title"] for entity in client.find("4711")] == ["Pump"]
    assert client.get(copy["ID"])[0] == 404


def test_who_comes_second_is_told_who_was_first(windchill, client):
    document = windchill.create("4711")
    windchill.check_out("4711", by="ana")
    status, value = client.act(document, "CheckOut")
    assert (status, value["error"]["message"]) == (400, "The object is checked out by ana")
    assert client.ask("GET", f"{DOCUMENTS}('{document}')/PTC.DocMgmt.IsCheckoutAllowed()")[1] == {"value": False}
    assert not windchill.change("4711", by="bo", Title="Valve")
    windchill.locked_status = 500  # what it is there, no documentation tells
    assert client.act(document, "SetState", {"State": {"Value": "UNDERREVIEW", "Display": ""}})[0] == 500
    windchill.undo("4711")
    assert client.act(document, "CheckOut")[0] == 200


def test_a_search_shows_a_working_copy_to_its_owner_alone(windchill, client):
    windchill.create("4711")
    windchill.check_out("4711", by="svc")
    assert [entity["CheckoutState"] for entity in client.find("4711")] == ["Checked out", "Working copy"]
    assert [entity["CheckoutState"] for entity in Client(windchill, "ana").find("4711")] == ["Checked out"]


def test_the_state_decides_what_may_be_done(windchill, client):
    document = windchill.create("4711")

    def set_state(value, **rest):
        return client.act(document, "SetState", {"State": {"Value": value, **rest}})[0]

    assert set_state("UNDERREVIEW") == 400  # both parts are needed
    assert set_state("RELEASED", Display="Released") == 400  # not from there
    offered = client.ask("GET", f"{DOCUMENTS}('{document}')/PTC.DocMgmt.GetValidStateTransitions()")[1]["value"]
    assert [state["Value"] for state in offered] == ["UNDERREVIEW", "CANCELLED"]
    assert (set_state("UNDERREVIEW", Display="x"), set_state("RELEASED", Display="x")) == (200, 200)
    assert client.act(document, "CheckOut")[0] == 403
    assert client.get(document)[1]["State"] == {"Value": "RELEASED", "Display": "Released"}


def test_an_enum_is_told_in_the_language_of_the_reader(windchill):
    document = windchill.create("4711")
    assert Client(windchill, language="de").get(document)[1]["State"] == {"Value": "INWORK", "Display": "In Arbeit"}
    assert Client(windchill, language="en").get(document)[1]["State"] == {"Value": "INWORK", "Display": "In Work"}


def test_what_one_may_not_see_is_null_and_says_so(windchill):
    document = windchill.create("4711", Supplier="ACME")
    hidden = Client(windchill, "bo").get(document)[1]
    assert (hidden["Supplier"], "Supplier@PTC.AccessException" in hidden) == (None, True)
    shown = Client(windchill, "ana").get(document)[1]
    assert (shown["Supplier"], "Supplier@PTC.AccessException" in shown) == ("ACME", False)


def test_name_and_number_are_the_masters_and_change_only_while_checked_in(windchill, client):
    document = windchill.create("4711", name="Pump")
    assert client.act(document, "UpdateCommonProperties", {"Name": "Valve"})[0] == 400
    assert client.act(document, "UpdateCommonProperties", {"Updates": {"Name": "Valve"}})[0] == 200
    copy = client.act(document, "CheckOut")[1]
    assert client.patch(copy["ID"], {"Name": "Pipe"})[0] == 400
    assert client.act(document, "UpdateCommonProperties", {"Updates": {"Name": "Pipe"}})[0] == 400
    assert client.get(document)[1]["Name"] == "Valve"


def test_a_new_revision_is_the_latest_and_begins_in_work(windchill, client):
    document = windchill.create("4711", state="RELEASED", Title="Pump")
    assert client.act(document, "Revise")[0] == 200
    [latest] = client.find("4711")
    assert (latest["Version"], latest["State"]["Value"], latest["Title"]) == ("B.1", "INWORK", "Pump")
    assert client.get(document)[1]["State"]["Value"] == "RELEASED"


def test_documents_come_in_pages(windchill, client):
    for number in range(PAGE + 3):
        windchill.create(f"{number:04}")
    first = client.ask("GET", DOCUMENTS)[1]
    rest = client.ask("GET", first["@odata.nextLink"])[1]
    assert (len(first["value"]), len(rest["value"])) == (PAGE, 3)
    assert "@odata.nextLink" not in rest


def test_an_action_can_be_done_without_an_answer_that_says_so(windchill, client):
    document = windchill.create("4711", Title="Pump")
    windchill.after = {"CheckOut": [500], "CheckIn": [None]}
    assert client.act(document, "CheckOut")[0] == 500
    [_, copy] = client.find("4711")
    assert client.patch(copy["ID"], {"Title": "Valve"}, Prefer="return=minimal") == (204, None)
    with pytest.raises(http.client.RemoteDisconnected):
        client.act(copy["ID"], "CheckIn")
    assert windchill.attributes("4711")["Title"] == "Valve"
    assert [action for _, action, _, _ in windchill.log] == ["CheckOut", "PATCH", "CheckIn"]


def test_check_takes_one_session_and_sees_that_nothing_protects_a_write(windchill, kafka, tmp_path):
    document = windchill.create("4711", Title="Pump")
    path = write_config(tmp_path / "ifmatch.yaml", {
        "kafka": {"bootstrap.servers": kafka.bootstrap},
        "service": {"url": f"{windchill.url}/Documents('{{id}}')",
                    "auth": {"basic": {"user": "svc", "password": "password"},
                             "csrf": {"url": f"{windchill.root}{ROOT}/PTC/GetCSRFToken()", "name_from": "/NonceKey",
                                      "value_from": "/NonceValue"}}}})
    result = ifmatch("check", "-c", path, "--document", document)
    assert f"read '{document}', version MISSING: no write could be protected" in result.stdout, result
    assert [user for user, _ in windchill.sessions.values()] == ["svc"]
