"""A service that breaks every rule: nothing is written blindly, nothing is lost, and other documents go on."""
import json

import pytest

from liar import Liar, answer

FAST = {"conflicts": {"attempts": 5, "backoff": ["20ms", "40ms"]}}


@pytest.fixture
def liar():
    made = []

    def make(behave, tls=None):
        made.append(Liar(behave, tls))
        return made[-1]

    yield make
    for one in made:
        one.close()


def serve(liar, start_worker, topics, behave, documents=("bad",), **sections):
    """One event for each document; "good" behaves."""
    state = {"n": 1}

    def both(request):
        if request.document != "good":
            return behave(request)
        if request.method == "PUT":
            state["n"] += 1
            return answer("200 OK", request.body, [f'ETag: "{state["n"]}"'])
        return answer("200 OK", b'{"a":0}', [f'ETag: "{state["n"]}"'])

    service = liar(both)
    topics.send(*[(document, json.dumps({"changes": {"/a": 1}})) for document in (*documents, "good")])
    worker = start_worker(service={"url": service.url, "profile": "etag", "auth": None, "timeout": "500ms"},
                          retry=FAST, **sections)
    return service, worker


def end_of(topics, document, count):
    records = topics.audit.until_count(count)
    [record] = [record.json for record in records if record.json["document"] == document]
    return record


@pytest.mark.parametrize("body, what", [
    (b"hello", "byte 0"),
    (b"<html>sign in</html>", "byte 0"),
    (b"[1]", "object"),
    (b'{"a":"' + b"x" * (10 << 20) + b'"}', "large"),
], ids=["not JSON", "HTML with 200", "no object", "10 MiB"])
def test_a_body_that_is_no_document_is_rejected_after_one_more_read(liar, topics, start_worker, body, what):
    service, _ = serve(liar, start_worker, topics, lambda request: answer("200 OK", body, ['ETag: "1"']))
    record = end_of(topics, "bad", 2)
    assert (record["outcome"], record["reason"]) == ("rejected", "unreadable"), record
    assert what in record["detail"], record["detail"]
    assert [request.method for request in service.of("bad")] == ["GET", "GET"]


@pytest.mark.parametrize("headers", [[], ["ETag: "], ["ETag: unquoted"], ['ETag: "a\rb"'],
                                     ['ETag: "a\r\nX-Forged: b"']],
                         ids=["missing", "empty", "unquoted", "with CR", "with CR LF"])
def test_without_a_good_version_nothing_is_written(liar, topics, start_worker, headers):
    service, _ = serve(liar, start_worker, topics, lambda request: answer("200 OK", b'{"a":0}', headers))
    record = end_of(topics, "bad", 2)
    assert (record["outcome"], record["reason"]) == ("rejected", "no_version"), record
    assert {request.method for request in service.of("bad")} == {"GET"}


def test_a_weak_version_that_is_never_accepted_ends_as_unsatisfiable(liar, topics, start_worker):
    service, _ = serve(liar, start_worker, topics, lambda request: answer(
        "200 OK" if request.method == "GET" else "412 Precondition Failed", b'{"a":0}', ['ETag: W/"1"']))
    record = end_of(topics, "bad", 2)
    assert (record["outcome"], record["reason"]) == ("exhausted", "precondition_unsatisfiable"), record
    assert all(request.headers["if-match"] for request in service.of("bad") if request.method == "PUT")


def test_a_redirect_is_not_followed(liar, topics, start_worker):
    service, worker = serve(liar, start_worker, topics, lambda request: answer(
        "302 Found", b"", ["Location: /documents/good"]))
    end_of(topics, "good", 1)
    worker.process.until(lambda: len(service.of("bad")) >= 2, "the read is tried again")
    assert all(record.json["document"] != "bad" for record in topics.audit.read())


@pytest.mark.parametrize("behave", [
    lambda request: b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\nETag: "1"\r\n\r\n{"a":',
    lambda request: None,
    lambda request: b"",
    lambda request: answer("500 Internal Server Error"),
], ids=["truncated", "never answers", "closed", "500"])
def test_a_document_that_alone_fails_is_retried_while_others_go_on(liar, topics, start_worker, behave):
    service, worker = serve(liar, start_worker, topics, behave)
    end_of(topics, "good", 1)
    worker.process.until(lambda: len(service.of("bad")) >= 2, "the read is tried again")
    assert [record.json["document"] for record in topics.audit.read()] == ["good"]
    assert topics.dead_letters.read() == []


def test_a_document_that_alone_fails_for_too_long_is_given_up(liar, topics, start_worker):
    service = liar(lambda request: answer("200 OK", b'{"a":0}', ['ETag: "1"'])
                   if request.document != "bad" else answer("500 Internal Server Error"))
    topics.send(("bad", json.dumps({"changes": {"/a": 1}})))
    start_worker(service={"url": service.url, "profile": "etag", "auth": None, "timeout": "500ms"},
                 retry={**FAST, "document": {"give_up": "1s"}})
    for number in range(1000):  # others succeed all the while: it is no outage
        topics.send((f"other-{number % 7}", json.dumps({"changes": {"/a": 0}})))
        if any(record.json["document"] == "bad" for record in topics.audit.read()):
            break
    [record] = [record.json for record in topics.audit.records if record.json["document"] == "bad"]
    assert (record["outcome"], record["reason"]) == ("exhausted", "service_error"), record


def test_the_answer_of_a_write_is_lost_and_it_was_applied(liar, topics, start_worker):
    state = {"body": b'{"a":0}', "n": 1, "lost": 0}

    def behave(request):
        if request.method == "PUT":
            if request.headers["if-match"] != f'"{state["n"]}"':
                return answer("412 Precondition Failed")
            state.update(body=request.body, n=state["n"] + 1)
            if not state["lost"]:
                state["lost"] = 1
                return b""
        return answer("200 OK", state["body"], [f'ETag: "{state["n"]}"'])

    service, _ = serve(liar, start_worker, topics, behave)
    record = end_of(topics, "bad", 2)
    assert record["outcome"] == "merged", record
    assert state == {"body": b'{"a":1}', "n": 2, "lost": 1}
    assert [request.method for request in service.of("bad")] == ["GET", "PUT", "GET"]


def test_nothing_is_dead_lettered_while_the_service_is_down(topics, documents, start_worker, config):
    documents.put("4711", {"a": 0})
    topics.send(("4711", json.dumps({"changes": {"/a": 1}})))
    worker = start_worker(service={"url": "http://127.0.0.1:9/{id}", "profile": "etag", "auth": None})
    worker.process.until(lambda: worker.page("/metrics")[0] == 200 and
                         worker.metrics().get('ifmatch_answers_total{request="read",meaning="outage"}', 0) >= 2,
                         "two reads failed")
    assert "GET: outage" in worker.process.log
    assert topics.dead_letters.read() == [] and topics.audit.read() == []
    assert worker.stop() == 0
