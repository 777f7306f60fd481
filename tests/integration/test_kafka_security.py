"""The examples of docs/security.md for Kafka, each against a broker that wants it; and what `check` says to wrong ones."""
import json
import os
import pathlib
import re
import textwrap

import pytest

from fixtures import Topics
from process import Process
from secured_kafka import PASSWORD, SecuredKafka
from tls import Authority
from worker import BINARY, ifmatch

PAGE = pathlib.Path(__file__).parents[2] / "docs/security.md"
ENVIRONMENT = {"KAFKA_PASSWORD": PASSWORD, "KAFKA_CLIENT_SECRET": PASSWORD, "KAFKA_KEY_PASSWORD": "key-password"}
EXAMPLES = {"TLS": "TLS, with", "PLAIN": "SASL PLAIN", "SCRAM": "SCRAM:", "OAUTHBEARER": "OAUTHBEARER,"}


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    authority = Authority(tmp_path_factory.mktemp("tls"))
    authority.certificate("tls", "DNS:worker")
    (authority.folder / "tls.crt").write_text((authority.folder / "tls.pem").read_text())
    authority.lock("tls", "key-password").rename(authority.folder / "tls.key")
    kafka = SecuredKafka(tmp_path_factory.mktemp("secured-kafka"), authority)
    try:
        yield kafka.start()
    finally:
        kafka.stop()


@pytest.fixture
def topics(broker):
    made = Topics(broker, 2)
    yield made
    made.close()


@pytest.fixture
def configured(broker, topics, documents, kinto, tmp_path):
    """A function: the file of a configuration with the example of that name; `change` takes its text."""
    secret = tmp_path / "secret"
    secret.write_text(PASSWORD + "\n")

    def make(name, change=lambda text: text):
        example = re.search(rf"^{re.escape(EXAMPLES[name])}.*?\n\n((?: {{4}}.*\n)+)", PAGE.read_text(), re.M)[1]
        text = textwrap.dedent(example)
        for given, ours in (("kafka.example.com:9093", f"127.0.0.1:{broker.mutual_port}"),
                            ("kafka.example.com:9094", f"127.0.0.1:{broker.sasl_port}"),
                            ("/etc/ifmatch", str(broker.authority.folder)), ("group.id: ifmatch", f"group.id: {topics.group}"),
                            ("https://login.example.com/oauth2/token", broker.tokens.url), ("/run/secrets/kafka", str(secret))):
            text = text.replace(given, ours)
        rest = {"admin": {"listen": "off"},
                "topics": {"updates": topics.updates, "audit": topics.audit_topic,
                           "dead_letters": topics.dead_letter_topic, "start": "earliest"},
                "service": {"url": documents.url, "profile": "kinto",
                            "auth": {"basic": {"user": kinto.user, "password": kinto.password}}}}
        path = tmp_path / f"{name}.yaml"
        path.write_text(change(text) + "".join(f"{key}: {json.dumps(value)}\n" for key, value in rest.items()))
        return path

    return make


def kafka_line(path, **environment):
    result = ifmatch("check", "-c", path, timeout=60, env={**os.environ, **ENVIRONMENT, **environment})
    lines = [line for line in result.stdout.splitlines() if line.split()[1] in ("kafka", "topic")]
    assert lines, result.stderr
    return lines[0]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_of_the_page_lets_a_worker_in(name, configured, documents, topics, tmp_path):
    documents.put("4711", {"a": 0})
    topics.send(("4711", json.dumps({"changes": {"/a": 1}, "base": {"/a": 0}})))
    path = configured(name)
    assert kafka_line(path).startswith("ok   topic")
    worker = Process("worker", (BINARY, "run", "-c", path), tmp_path, ENVIRONMENT)
    try:
        [record] = topics.audit.until_count(1)
        assert record.json["outcome"] == "applied"
        assert worker.stop() == 0
    finally:
        if worker.running:
            worker.kill()


WRONG = {
    "TLS-key": ("TLS", {"KAFKA_KEY_PASSWORD": "wrong"}, None, "ssl.key.location"),
    "PLAIN": ("PLAIN", {"KAFKA_PASSWORD": "wrong"}, None, "Authentication failed"),
    "SCRAM": ("SCRAM", {}, ("sasl.username: ifmatch", "sasl.username: nobody"), "Authentication failed"),
    "OAUTHBEARER": ("OAUTHBEARER", {"KAFKA_CLIENT_SECRET": "wrong"}, None, "invalid_client"),
    "authority": ("PLAIN", {}, ("ca.pem", "tls.crt"), "certificate verify failed"),
    "no certificate": ("TLS", {}, ("ssl.certificate.location", "#"), "certificate"),
}


@pytest.mark.parametrize("name, environment, change, complaint", WRONG.values(), ids=WRONG)
def test_check_says_what_is_wrong(name, environment, change, complaint, configured):
    path = configured(name, lambda text: text.replace(*change) if change else text)
    line = kafka_line(path, **environment)
    assert line.startswith("FAIL kafka") and complaint in line, line
    assert PASSWORD not in line


def test_a_worker_that_is_not_let_in_says_so_and_waits(configured, tmp_path):
    worker = Process("worker", (BINARY, "run", "-c", configured("PLAIN")), tmp_path,
                     {**ENVIRONMENT, "KAFKA_PASSWORD": "wrong-password"})
    try:
        worker.until_log("Authentication failed: Invalid username or password")
        assert worker.stop() == 0
        assert "wrong-password" not in worker.log
    finally:
        if worker.running:
            worker.kill()
