"""No secret comes out anywhere: a service that echoes in its errors whatever it was sent, and every output searched."""
import base64
import json
import re
import shutil
import tempfile

import pytest

from guarded import Guarded, Tokens
from liar import answer
from process import Process
from worker import BINARY, ifmatch, write_config

COMMANDS = ("run", "check", "merge", "topics", "send", "tail", "probe", "ctl", "demo", "sandbox")
BASIC = base64.b64encode(b"svc:canary-basic").decode()


@pytest.fixture
def socket_path():
    folder = tempfile.mkdtemp(prefix="ifmatch-")
    yield f"{folder}/ctl.sock"
    shutil.rmtree(folder)


def echo(status, request):
    """An error that shows all of the request, as a debugging proxy does."""
    return answer(status, json.dumps({"you sent": dict(request.headers)}).encode(),
                  [f"Location: /?t={request.headers.get('authorization')}"])


class Echo:
    """Behind credentials of every kind; what it answers is in the document's name."""

    def __init__(self):
        self.tokens = Tokens(secret="canary-client-secret", prefix="canary-token")
        self.guarded = Guarded(self._guard)

    def close(self):
        self.tokens.close()
        self.guarded.close()

    def auth(self, kind):
        kinds = {"oauth2": self.tokens.config,
                 "basic": {"basic": {"user": "svc", "password": "canary-basic"}},
                 "bearer": {"bearer": {"token": "canary-bearer"}}}
        return {**kinds[kind], "api_key": {"secret": "canary-api-key"}, "csrf": {"url": f"{self.guarded.base}/nonce"}}

    def _guard(self, request):
        if request.path == "/nonce":
            return answer("200 OK", b"{}", ["X-CSRF-Token: canary-nonce", "Set-Cookie: SID=canary-session"])
        if request.document.startswith("refused"):
            return echo("400 Bad Request", request)
        if request.document.startswith("broken"):
            return echo("500 Internal Server Error", request)
        if request.document.startswith("moved"):
            return echo("302 Found", request)
        if request.document.startswith("locked-out"):
            return echo("401 Unauthorized", request)
        return echo("403 Forbidden", request) if request.method == "PUT" else None


def assert_silent(what, text):
    hit = re.search(rb"(?i).{0,80}(canary|" + re.escape(BASIC.encode()) + b").{0,80}",
                    text if isinstance(text, bytes) else text.encode())
    assert hit is None, f"{what}: {hit[0]}"


@pytest.mark.parametrize("kind, log_format", [("oauth2", "text"), ("basic", "json"), ("bearer", "text")])
def test_no_output_of_a_worker_shows_a_secret(kind, log_format, topics, start_worker, config, socket_path, tmp_path):
    service = Echo()
    names = ("refused", "broken", "moved", "forbidden")
    for name in names:
        service.guarded.put(name, {"a": 0})
    topics.send(*[(name, json.dumps({"changes": {"/a": 1}})) for name in names])
    sections = {"service": {"url": service.guarded.url, "profile": "etag", "auth": service.auth(kind)},
                "kafka": {**config["kafka"], "sasl.password": "canary-kafka", "ssl.key.password": "canary-kafka-key"}}
    worker = start_worker(log={"level": "trace", "format": log_format}, admin={"socket": socket_path}, **sections)
    records = topics.audit.until(lambda found: {record.json["document"] for record in found} >= {"refused", "forbidden"},
                                 "two events end")
    letters = topics.dead_letters.until_count(2)
    details = [record.json["detail"] for record in topics.audit.read()]
    assert records is not None and all("***" in detail for detail in details), details  # the echo did come
    worker.process.until(lambda: len([request for request in service.guarded.refused if request.document == "broken"]) > 1,
                         "the broken one is tried again")
    topics.send(("locked-out", json.dumps({"changes": {"/a": 1}})))
    worker.process.until(lambda: "unauthorized" in worker.process.log, "the last one is refused")

    for path in ("/livez?verbose", "/readyz?verbose", "/metrics", "/"):
        assert_silent(path, worker.page(path)[1])
    for arguments in ((), ("--json",)):
        assert_silent("ctl state", ifmatch("ctl", "state", "--socket", socket_path, *arguments).stdout)
    for record in (*topics.audit.read(), *letters, *topics.dead_letters.read()):
        assert_silent("record", repr((record.key, record.value, record.headers)))
    for document in (*names, "locked-out"):
        result = ifmatch("check", "-c", worker.path, "--document", document)
        assert_silent("check", result.stdout + result.stderr)
        result = ifmatch("probe", "-c", worker.path, "--document", document, "--yes")
        assert_silent("probe", result.stdout + result.stderr)
    dry_run = Process("dry-run", (BINARY, "run", "--dry-run", "--from", "earliest", "-c", worker.path), tmp_path)
    dry_run.until_log("rejected refused: ")
    assert dry_run.stop() == 0
    assert_silent("dry run", dry_run.log)
    assert worker.stop() == 0
    assert_silent("log", worker.process.log)
    service.close()


WRONG = {
    "an unknown key beside it": {"oauth2": {"client_secret": "canary", "client_sekret": "canary"}},
    "half of it": {"oauth2": {"client_secret": "canary"}},
    "spaces": {"bearer": {"token": "canary canary"}},
    "a list": {"api_key": {"secret": ["canary"]}},
    "a mapping": {"basic": {"user": "a", "password": {"canary": "canary"}}},
    "two kinds": {"bearer": {"token": "canary"}, "basic": {"user": "a", "password": "canary"}},
    "no certificate": {"mtls": {"key_password": "canary"}},
}


@pytest.mark.parametrize("auth", WRONG.values(), ids=WRONG)
def test_an_error_of_the_configuration_shows_no_secret(auth, config, tmp_path):
    path = write_config(tmp_path / "ifmatch.yaml", {**config, "service": {"url": "http://h/{id}", "auth": auth}})
    for command in ("run", "check"):
        result = ifmatch(command, "-c", path)
        assert result.returncode == 2 and "ifmatch.yaml:" in result.stderr, result
        assert_silent(command, result.stdout + result.stderr)


def test_help_shows_no_secret_of_the_environment(tmp_path):
    environment = {"IFMATCH_SERVICE_AUTH_BEARER_TOKEN": "canary", "IFMATCH_SERVICE_AUTH_BASIC_PASSWORD": "canary"}
    for command in COMMANDS:
        result = ifmatch(command, "--help", env=environment)
        assert result.returncode == 0
        assert_silent(command, result.stdout + result.stderr)
    result = ifmatch("check", env=environment)
    assert result.returncode == 2
    assert_silent("check", result.stdout + result.stderr)
