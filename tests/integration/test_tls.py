"""TLS is verified: only a certificate of the right host, of a known authority and of today is good."""
import json

import pytest

from liar import Liar, answer
from tls import Authority
from worker import ifmatch, write_config


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tls"))


CASES = {
    "good": ({"san": "IP:127.0.0.1"}, None),
    "wrong-host": ({"san": "DNS:elsewhere.example"}, "127.0.0.1"),
    "expired": ({"san": "IP:127.0.0.1", "days": "-1"}, "expired"),
    "self-signed": ({"san": "IP:127.0.0.1", "self_signed": True}, "self"),
}


@pytest.mark.parametrize("name", CASES)
def test_check_tells_a_good_certificate_from_bad_ones(name, authority, kafka, topics, config, tmp_path):
    options, complaint = CASES[name]
    service = Liar(lambda request: answer("404 Not Found", b"{}"), authority.server(name, **options))
    path = write_config(tmp_path / "ifmatch.yaml", {**config, "service": {
        "url": service.url, "profile": "etag", "ca_file": str(authority.file)}})
    result = ifmatch("check", "-c", path)
    service.close()
    [line] = [line for line in result.stdout.splitlines() if line.split()[1] == "service"]
    if complaint is None:
        assert (result.returncode, line[:4]) == (0, "ok  "), result.stdout
        assert [request.method for request in service.requests] == ["GET"]
    else:
        assert (result.returncode, line[:4]) == (1, "FAIL"), result.stdout
        assert complaint in line.lower()
        assert service.requests == []


def test_a_worker_sends_nothing_to_a_service_with_a_wrong_certificate(authority, topics, start_worker):
    service = Liar(lambda request: answer("200 OK", b'{"a":0}', ['ETag: "1"']),
                   authority.server("wrong", "DNS:elsewhere.example"))
    topics.send(("4711", json.dumps({"changes": {"/a": 1}})))
    worker = start_worker(service={"url": service.url, "profile": "etag", "auth": None,
                                   "ca_file": str(authority.file)})
    worker.process.until(lambda: worker.page("/metrics")[0] == 200 and
                         worker.metrics().get('ifmatch_answers_total{request="read",meaning="outage"}', 0) >= 1,
                         "the read failed")
    service.close()
    assert service.requests == []
    assert topics.audit.read() == []
