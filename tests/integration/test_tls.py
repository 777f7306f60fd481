"""TLS is verified: only a certificate of the right host, of a known authority and of today is good."""
import json
import ssl
import subprocess

import pytest

from liar import Liar, answer
from worker import ifmatch, write_config


def openssl(folder, *arguments):
    subprocess.run(("openssl", *map(str, arguments)), cwd=folder, check=True, capture_output=True,
                   stdin=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days",
            "2", "-subj", "/CN=Test authority", "-addext", "basicConstraints=critical,CA:TRUE")
    return folder


def certificate(folder, name, san, days="2", self_signed=False):
    (folder / f"{name}.cnf").write_text(f"subjectAltName={san}\n")
    openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj",
            f"/CN={name}")
    signer = ("-signkey", f"{name}.key") if self_signed else ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial")
    openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-out", f"{name}.pem", "-extfile", f"{name}.cnf", *signer,
            *(("-days", days) if not days.startswith("-") else ("-days", days)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return context


CASES = {
    "good": ({"san": "IP:127.0.0.1"}, None),
    "wrong-host": ({"san": "DNS:elsewhere.example"}, "127.0.0.1"),
    "expired": ({"san": "IP:127.0.0.1", "days": "-1"}, "expired"),
    "self-signed": ({"san": "IP:127.0.0.1", "self_signed": True}, "self"),
}


@pytest.mark.parametrize("name", CASES)
def test_check_tells_a_good_certificate_from_bad_ones(name, authority, kafka, topics, config, tmp_path):
    options, complaint = CASES[name]
    service = Liar(lambda request: answer("404 Not Found", b"{}"), certificate(authority, name, **options))
    path = write_config(tmp_path / "ifmatch.yaml", {**config, "service": {
        "url": service.url, "profile": "etag", "ca_file": str(authority / "ca.pem")}})
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
                   certificate(authority, "wrong", "DNS:elsewhere.example"))
    topics.send(("4711", json.dumps({"changes": {"/a": 1}})))
    worker = start_worker(service={"url": service.url, "profile": "etag", "auth": None,
                                   "ca_file": str(authority / "ca.pem")})
    worker.process.until(lambda: worker.page("/metrics")[0] == 200 and
                         worker.metrics().get('ifmatch_answers_total{request="read",meaning="outage"}', 0) >= 1,
                         "the read failed")
    service.close()
    assert service.requests == []
    assert topics.audit.read() == []
