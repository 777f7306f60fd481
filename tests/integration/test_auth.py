"""How the service knows us: a worker that is let in, that renews what ran out, and that waits when nobody lets it in."""
import base64
import json
import os

import pytest

from guarded import Guarded, Tokens
from liar import answer
from process import free_port
from tls import Authority
from worker import ifmatch, write_config

FAST = {"outage": {"probe_max": "1s", "backoff_max": "1s"}}


@pytest.fixture
def close_later():
    made = []

    def keep(thing):
        made.append(thing)
        return thing

    yield keep
    for thing in made:
        thing.close()


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tls"))


def update(document, number):
    return document, json.dumps({"changes": {"/a": number}, "base": {"/a": 0}})


def service_of(guarded, auth, **options):
    return {"url": guarded.url, "profile": "etag", "auth": auth, **options}


def serve(topics, guarded, count):
    """`count` documents with an event each."""
    for number in range(count):
        guarded.put(f"d{number}", {"a": 0})
    topics.send(*[update(f"d{number}", 1) for number in range(count)])


def until_applied(topics, guarded, count):
    records = topics.audit.until_count(count)
    assert {record.json["outcome"] for record in records} == {"applied"}
    assert all(document["a"] == 1 for document in map(guarded.get, guarded.documents))
    assert topics.dead_letters.read() == []


def until_stopped(worker):
    worker.process.until(lambda: worker.page("/metrics")[0] == 200 and
                         worker.metrics().get('ifmatch_intake{state="unauthorized"}') == 1, "intake stands still")


def service_line(config, tmp_path, service):
    """(is it good, what `check` says of the service)"""
    result = ifmatch("check", "-c", write_config(tmp_path / "check.yaml", {**config, "service": service}))
    [line] = [line for line in result.stdout.splitlines() if line.split()[1] == "service"]
    return line.startswith("ok"), line


def test_a_token_is_fetched_once_and_renewed_before_its_end(close_later, topics, start_worker):
    tokens = close_later(Tokens(lifetime=3))
    guarded = close_later(Guarded(tokens.guard))
    serve(topics, guarded, 30)
    worker = start_worker(service=service_of(guarded, tokens.config))
    until_applied(topics, guarded, 30)
    assert tokens.fetches == 1

    def renewed():
        topics.send(update("d0", 1))
        return tokens.fetches >= 3

    worker.process.until(renewed, "the token was renewed twice")
    assert guarded.refused == []


def test_a_revoked_token_is_renewed_and_nobody_notices(close_later, topics, start_worker):
    tokens = close_later(Tokens())
    guarded = close_later(Guarded(tokens.guard))
    serve(topics, guarded, 5)
    worker = start_worker(service=service_of(guarded, tokens.config))
    until_applied(topics, guarded, 5)
    tokens.revoke()
    guarded.put("late", {"a": 0})
    topics.send(update("late", 1))
    until_applied(topics, guarded, 6)
    assert tokens.fetches == 2
    assert "intake stands still" not in worker.process.log


def test_a_token_endpoint_that_is_down_stops_intake_and_nothing_is_dead_lettered(close_later, topics, start_worker):
    tokens = close_later(Tokens())
    guarded = close_later(Guarded(tokens.guard))
    tokens.answers = [answer("503 Service Unavailable")] * 4
    serve(topics, guarded, 5)
    worker = start_worker(service=service_of(guarded, tokens.config), retry=FAST)
    until_stopped(worker)
    assert worker.page("/readyz?verbose")[0] == 503
    assert (guarded.requests, topics.audit.read(), topics.dead_letters.read()) == ([], [], [])
    worker.process.until_log(f"token endpoint {tokens.url}: status 503")
    worker.process.until_log("intake stands still: no credentials that the service takes")
    until_applied(topics, guarded, 5)
    worker.process.until_log("intake goes on")


def test_a_renewal_that_fails_is_said_and_the_old_token_goes_on(close_later, topics, start_worker):
    tokens = close_later(Tokens(lifetime=10))
    guarded = close_later(Guarded(tokens.guard))
    serve(topics, guarded, 1)
    worker = start_worker(service=service_of(guarded, tokens.config))
    until_applied(topics, guarded, 1)
    tokens.answers = [answer("503 Service Unavailable")]

    def said():
        topics.send(update("d0", 1))
        return "the credentials we have are used" in worker.process.log

    worker.process.until(said, "it is said", 60)
    assert f"token endpoint {tokens.url}: status 503; the credentials we have" in worker.process.log
    assert "intake stands still" not in worker.process.log and guarded.refused == []


def test_nobody_at_the_token_endpoint_is_no_reason_to_give_an_event_up(close_later, topics, start_worker, config):
    guarded = close_later(Guarded(lambda request: answer("401 Unauthorized")))
    url = f"http://127.0.0.1:{free_port()}/token"
    serve(topics, guarded, 1)
    worker = start_worker(service=service_of(guarded, {"oauth2": {"token_url": url, "client_id": "a",
                                                                  "client_secret": "b"}}),
                          retry={**FAST, "document": {"give_up": "1s"}})
    until_stopped(worker)
    worker.process.until(lambda: worker.metrics()['ifmatch_answers_total{request="read",meaning="unauthorized"}'] >= 4,
                         "it is tried again and again")
    assert (topics.audit.read(), topics.dead_letters.read()) == ([], [])
    assert worker.stop() == 0


def test_credentials_that_are_refused_stop_intake_until_they_are_taken(close_later, topics, start_worker):
    doors = {"open": False}
    tokens = close_later(Tokens())
    guarded = close_later(Guarded(lambda request: tokens.guard(request) if doors["open"]
                                  else answer("401 Unauthorized")))
    serve(topics, guarded, 3)
    worker = start_worker(service=service_of(guarded, tokens.config), retry=FAST)
    until_stopped(worker)
    assert (topics.audit.read(), topics.dead_letters.read()) == ([], [])
    doors["open"] = True
    until_applied(topics, guarded, 3)


def test_a_token_in_a_file_is_read_again_when_it_changes(close_later, topics, start_worker, tmp_path):
    good = {"token": "first-token"}
    guarded = close_later(Guarded(lambda request: None if request.headers.get("authorization") ==
                                  f"Bearer {good['token']}" else answer("401 Unauthorized")))
    (tmp_path / "token").write_text("first-token\n")
    serve(topics, guarded, 3)
    worker = start_worker(service=service_of(guarded, {"bearer": {"file": str(tmp_path / "token")}}))
    until_applied(topics, guarded, 3)
    (tmp_path / "token.new").write_text("second-token\n")
    os.replace(tmp_path / "token.new", tmp_path / "token")
    good["token"] = "second-token"
    guarded.put("late", {"a": 0})
    topics.send(update("late", 1))
    until_applied(topics, guarded, 4)
    assert "intake stands still" not in worker.process.log


def test_a_token_file_that_is_not_there_is_waited_for(close_later, topics, start_worker, tmp_path):
    guarded = close_later(Guarded(lambda request: None if request.headers.get("authorization") == "Bearer abcd"
                                  else answer("401 Unauthorized")))
    serve(topics, guarded, 2)
    worker = start_worker(service=service_of(guarded, {"bearer": {"file": str(tmp_path / "token")}}), retry=FAST)
    until_stopped(worker)
    worker.process.until_log(f"token file {tmp_path}/token: No such file or directory")
    (tmp_path / "token").write_text("abcd")
    until_applied(topics, guarded, 2)


def test_a_key_of_its_own_header_goes_beside_basic_authentication(close_later, topics, start_worker):
    basic = "Basic " + base64.b64encode(b"svc:password").decode()
    guarded = close_later(Guarded(lambda request: None if request.headers.get("ocp-apim-subscription-key") == "key 1" and
                                  request.headers.get("authorization") == basic else answer("401 Unauthorized")))
    serve(topics, guarded, 2)
    start_worker(service=service_of(guarded, {"basic": {"user": "svc", "password": "password"},
                                              "api_key": {"header": "Ocp-Apim-Subscription-Key", "secret": "key 1"}}))
    until_applied(topics, guarded, 2)
    assert guarded.refused == []


class Sessions:
    """Writes need the session's cookie and its nonce, which are told as Windchill does, or as SAP."""

    def __init__(self, windchill):
        self.windchill = windchill
        self.number = 0
        self.fetches = 0

    def end(self):
        self.number += 1

    def guard(self, request):
        if request.path == "/nonce":
            return self._tell(request)
        if request.method == "GET":
            return None
        header = "csrf_nonce" if self.windchill else "x-csrf-token"
        is_good = request.headers.get(header) == f"nonce-{self.number}" and \
            request.headers.get("cookie") == f"SID=session-{self.number}"
        return None if is_good else answer("403 Forbidden", b"possible attack")

    def _tell(self, request):
        self.fetches += 1
        cookie = f"Set-Cookie: SID=session-{self.number}; Path=/; HttpOnly"
        if self.windchill:
            body = {"NonceKey": "CSRF_NONCE", "NonceValue": f"nonce-{self.number}"}
            return answer("200 OK", json.dumps(body).encode(), [cookie])
        assert request.headers.get("x-csrf-token") == "Fetch"
        return answer("200 OK", b"{}", [cookie, f"X-CSRF-Token: nonce-{self.number}"])


@pytest.mark.parametrize("windchill", [True, False], ids=["Windchill", "SAP"])
def test_writes_carry_the_nonce_of_their_session_which_is_renewed_when_it_ends(close_later, topics, start_worker,
                                                                                windchill):
    sessions = Sessions(windchill)
    guarded = close_later(Guarded(sessions.guard))
    csrf = {"url": f"{guarded.base}/nonce"}
    if windchill:
        csrf.update(name_from="/NonceKey", value_from="/NonceValue")
    serve(topics, guarded, 5)
    start_worker(service=service_of(guarded, {"csrf": csrf}))
    until_applied(topics, guarded, 5)
    assert sessions.fetches == 1
    sessions.end()
    guarded.put("late", {"a": 0})
    topics.send(update("late", 1))
    until_applied(topics, guarded, 6)
    assert sessions.fetches == 2
    assert [request.path for request in guarded.refused if request.method != "GET"] == ["/documents/late"]


def test_a_write_that_is_forbidden_for_good_is_rejected_after_one_new_nonce(close_later, topics, start_worker):
    sessions = Sessions(windchill=False)
    guarded = close_later(Guarded(lambda request: answer("403 Forbidden", b"not yours") if request.method == "PUT"
                                  else sessions.guard(request)))
    guarded.put("d", {"a": 0})
    topics.send(update("d", 1))
    start_worker(service=service_of(guarded, {"csrf": {"url": f"{guarded.base}/nonce"}}))
    [record] = topics.audit.until_count(1)
    assert (record.json["outcome"], record.json["reason"]) == ("rejected", "refused"), record.json
    assert sessions.fetches == 2


def test_the_service_is_shown_our_own_certificate(close_later, authority, topics, start_worker, config, tmp_path):
    guarded = close_later(Guarded(lambda request: None, authority.server("mtls", wants_client=True)))
    certificate, key = authority.certificate("worker", "DNS:worker")
    locked = authority.lock("worker", "key-password")
    mtls = {"certificate_file": str(certificate), "key_file": str(locked), "key_password": "key-password"}
    ca_file = {"ca_file": str(authority.file)}
    serve(topics, guarded, 2)
    start_worker(service=service_of(guarded, {"mtls": mtls}, **ca_file))
    until_applied(topics, guarded, 2)
    for auth in ({"mtls": {**mtls, "key_file": str(key)}}, {"mtls": mtls}):
        assert service_line(config, tmp_path, service_of(guarded, auth, **ca_file))[0]
    for auth, complaint in ((None, "outage"), ({"mtls": {**mtls, "key_password": "wrong-password"}}, "private key"),
                            ({"mtls": {"certificate_file": str(tmp_path / "none.pem")}}, "none.pem")):
        is_good, line = service_line(config, tmp_path, service_of(guarded, auth, **ca_file))
        assert not is_good and complaint in line, line
        assert "password" not in line


def test_check_says_what_is_wrong_with_credentials(close_later, topics, config, tmp_path):
    tokens = close_later(Tokens())
    guarded = close_later(Guarded(tokens.guard))
    good = service_of(guarded, tokens.config)
    wrong_secret = service_of(guarded, {"oauth2": {**tokens.config["oauth2"], "client_secret": "wrong"}})
    nobody = service_of(guarded, {"oauth2": {**tokens.config["oauth2"], "token_url": "http://127.0.0.1:9/"}})
    bearer = service_of(guarded, {"bearer": {"token": "wrong"}})
    no_session = service_of(guarded, {**tokens.config, "csrf": {"url": f"{guarded.base}/nonce"}})
    assert service_line(config, tmp_path, good)[0]
    for service, complaint in ((wrong_secret, f"token endpoint {tokens.url}: status 401 invalid_client"),
                               (nobody, "token endpoint http://127.0.0.1:9/: Failed to connect"),
                               (bearer, "401 unauthorized: who is it"),
                               (no_session, f"CSRF token from {guarded.base}/nonce: status 404 without a token")):
        is_good, line = service_line(config, tmp_path, service)
        assert not is_good and complaint in line, line
