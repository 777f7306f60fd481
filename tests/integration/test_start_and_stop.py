"""Where a worker begins, what it waits for, and how it leaves."""
import json
import signal

from kafka import Kafka
from ledger import Ledger
from liar import Liar, answer
from process import free_port
from worker import ifmatch, write_config


def test_without_committed_offset_and_start_it_shows_the_lines_to_choose_from(topics, documents, start_worker):
    topics.send(*[("4711", json.dumps({"changes": {"/a": number}})) for number in range(7)])
    worker = start_worker(topics={"start": None})
    assert worker.process.wait() == 2
    log = worker.process.log
    assert "start: earliest" in log and "start: latest" in log, log
    assert "7 records" in log, log
    assert topics.audit.read() == []


def test_start_latest_leaves_what_is_there(kafka, topics, documents, start_worker):
    documents.put("4711", {"a": 0})
    topics.send(("4711", json.dumps({"changes": {"/a": 1}})))
    worker = start_worker(topics={"start": "latest"}).until_ready()
    topics.send(("4711", json.dumps({"changes": {"/a": 2}}, indent=1)))
    [record] = topics.audit.until_count(1)
    assert record.json["event"]["offset"] == 1
    assert worker.stop() == 0


def test_run_waits_for_a_broker_and_says_so(config, documents, start_worker, tmp_path):
    port = free_port()
    worker = start_worker(kafka={"bootstrap.servers": f"127.0.0.1:{port}"})
    worker.process.until_log(f"127.0.0.1:{port}")
    assert worker.page("/livez")[0] == 200
    assert worker.page("/readyz")[0] == 503
    assert worker.stop() == 0


def test_a_broker_that_goes_and_comes_back_is_noticed(tmp_path, documents, config, start_worker):
    broker = Kafka(tmp_path / "kafka").start()
    try:
        broker.create_topics("updates", "audit", "dead-letters", partitions=2)
        audit = Ledger(broker.bootstrap, "audit")
        documents.put("4711", {"a": 0})
        worker = start_worker(kafka={"bootstrap.servers": broker.bootstrap},
                              topics={"updates": "updates", "audit": "audit", "dead_letters": "dead-letters"})
        broker.send("updates", [("4711", '{"changes":{"/a":1}}')])
        audit.until_count(1)
        broker.kill_node(0)
        worker.process.until_log("can be reached; waiting")
        broker.start_node(0)
        broker.wait_until_ready()
        broker.send("updates", [("4711", '{"changes":{"/a":2}}')])
        audit.until(lambda records: len(records) >= 2, "the record after the outage", timeout=60)
        worker.process.until_log("can be reached again")
        assert documents.get("4711")[0] == {"a": 2}
        assert worker.stop() == 0
        audit.close()
    finally:
        broker.stop()


def test_check_says_what_is_not_there(config, tmp_path):
    kafka = {**config["kafka"], "bootstrap.servers": f"127.0.0.1:{free_port()}"}
    path = write_config(tmp_path / "ifmatch.yaml", {**config, "kafka": kafka})
    result = ifmatch("check", "-c", path, timeout=60)
    assert result.returncode == 1
    assert [line.split()[0] for line in result.stdout.splitlines() if line.split()[1] == "kafka"] == ["FAIL"]
    assert "no answer in time" in result.stdout and "refused" in result.stdout, result.stdout
    service = {"url": f"http://127.0.0.1:{free_port()}/{{id}}", "profile": "etag"}
    path = write_config(tmp_path / "ifmatch.yaml", {**config, "service": service})
    result = ifmatch("check", "-c", path, timeout=60)
    assert result.returncode == 1
    assert [line.split()[0] for line in result.stdout.splitlines() if line.split()[1] == "service"] == ["FAIL"]


def test_an_idle_worker_is_small(topics, documents, start_worker):
    worker = start_worker().until_ready()
    assert worker.resident_mb() <= 25
    assert worker.stop() == 0


def test_sigterm_finishes_what_is_in_flight_and_commits_it(kafka, topics, documents, start_worker):
    for number in range(200):
        documents.put(f"d{number}", {"a": 0})
    worker = start_worker().until_ready()
    topics.send(*[(f"d{number}", json.dumps({"changes": {"/a": 1}})) for number in range(200)])
    topics.audit.until_count(10)
    assert worker.stop() == 0
    records = topics.audit.read()
    committed = kafka.committed(topics.group, topics.updates)
    recorded = {(record.json["event"]["partition"], record.json["event"]["offset"]) for record in records}
    assert recorded == {(partition, offset) for partition in committed for offset in range(committed[partition])}


def hanging(topics, start_worker):
    """A worker whose only write is never answered."""
    service = Liar(lambda request: answer("200 OK", b'{"a":0}', ['ETag: "1"']) if request.method == "GET" else None)
    topics.send(("4711", json.dumps({"changes": {"/a": 1}})))
    worker = start_worker(service={"url": service.url, "profile": "etag", "auth": None, "timeout": "60s"},
                          shutdown={"timeout": "60s"})
    worker.process.until(lambda: len(service.requests) == 2, "the write is in flight")
    return worker, service


def test_a_second_signal_leaves_at_once(topics, start_worker):
    worker, service = hanging(topics, start_worker)
    worker.process.signal(signal.SIGTERM)
    worker.process.until_log("a second signal leaves at once")
    worker.process.signal(signal.SIGTERM)
    worker.process.wait(5)
    service.close()
    assert topics.audit.read() == []


def test_what_does_not_end_in_time_is_abandoned_and_done_again(kafka, topics, documents, start_worker):
    service = Liar(lambda request: answer("200 OK", b'{"a":0}', ['ETag: "1"']) if request.method == "GET" else None)
    topics.send(("4711", json.dumps({"changes": {"/a": 1}})))
    worker = start_worker(service={"url": service.url, "profile": "etag", "auth": None, "timeout": "60s"},
                          shutdown={"timeout": "1s"})
    worker.process.until(lambda: len(service.requests) == 2, "the write is in flight")
    assert worker.stop() == 0
    service.close()
    assert topics.audit.read() == [] and sum(kafka.committed(topics.group, topics.updates).values()) == 0
    documents.put("4711", {"a": 0})
    start_worker()
    [record] = topics.audit.until_count(1)
    assert record.json["event"]["offset"] == 0
