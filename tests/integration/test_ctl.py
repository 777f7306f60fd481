"""Orders to a running worker over its unix socket: pause, resume, state."""
import json
import os
import shutil
import socket
import stat
import tempfile

import pytest

from liar import Liar, answer
from process import until
from worker import ifmatch


@pytest.fixture
def path():
    """Of a socket; short, for it has at most 107 bytes. Its folder is not there yet."""
    folder = tempfile.mkdtemp(prefix="ifmatch-")
    yield os.path.join(folder, "admin", "ctl.sock")
    shutil.rmtree(folder)


def ctl(path, order, *arguments):
    return ifmatch("ctl", order, "--socket", path, *arguments)


def state(path):
    result = ctl(path, "state", "--json")
    assert result.returncode == 0, result
    return json.loads(result.stdout)


def connect(path):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(20)
    client.connect(path)
    return client


def until_closed(client):
    data = b""
    try:
        while piece := client.recv(65536):
            data += piece
    except ConnectionResetError:
        pass  # closed with something of ours unread
    client.close()
    return data


def update(document, number):
    return document, json.dumps({"changes": {"/a": number}})


def test_pause_stops_the_writes_lag_grows_and_resume_goes_on(kafka, topics, documents, start_worker, path):
    for number in range(20):
        documents.put(f"d{number}", {"a": 0})
    # not polled for longer than max.poll.interval.ms, a paused worker would lose its partitions
    worker = start_worker(admin={"socket": path}, kafka={"max.poll.interval.ms": 6000}).until_ready()
    topics.send(*[update(f"d{number}", 1) for number in range(10)])
    topics.audit.until_count(10)

    paused = ctl(path, "pause")
    assert paused.returncode == 0 and paused.stdout.startswith("paused: "), paused
    again = ctl(path, "pause")
    assert again.returncode == 0 and again.stdout.startswith("paused already: "), again
    writes = worker.metrics()["ifmatch_writes_total"]
    sent = topics.send(*[update(f"d{number}", 1) for number in range(10, 20)])
    worker.process.until(lambda: sum(row["lag"] or 0 for row in state(path)["partitions"]) == len(sent), "the lag grows")
    since = state(path)["uptime_seconds"]
    worker.process.until(lambda: state(path)["uptime_seconds"] > since + 8, "longer than the poll interval")
    metrics = worker.metrics()
    assert metrics['ifmatch_intake{state="paused"}'] == 1 and metrics['ifmatch_intake{state="running"}'] == 0
    assert metrics["ifmatch_writes_total"] == writes and metrics["ifmatch_requests_in_flight"] == 0
    assert all(documents.get(f"d{number}")[0] == {"a": 0} for number in range(10, 20))
    assert worker.page("/readyz?verbose")[0] == 200
    assert "[+] intake paused by an operator" in worker.page("/readyz?verbose")[1]
    assert len(topics.audit.read()) == 10 and len(state(path)["partitions"]) == 4

    resumed = ctl(path, "resume")
    assert resumed.returncode == 0 and resumed.stdout.startswith("running: "), resumed
    assert len(topics.audit.until_count(20)) == 20
    assert ctl(path, "resume").stdout.startswith("running already: ")
    assert worker.stop() == 0
    assert sum(kafka.committed(topics.group, topics.updates).values()) == 20
    assert "are revoked" not in worker.process.log and "are lost" not in worker.process.log


def test_a_retry_does_not_begin_in_a_pause_and_a_paused_worker_leaves_at_once(topics, start_worker, path):
    service = Liar(lambda request: answer("503 Service Unavailable", b"", ["Retry-After: 1"]))
    worker = start_worker(admin={"socket": path}, service={"url": service.url, "profile": "etag", "auth": None},
                          shutdown={"timeout": "60s"}).until_ready()
    topics.send(update("4711", 1))
    worker.process.until(lambda: worker.metrics()["ifmatch_lanes_waiting"] == 1, "the document waits")
    assert ctl(path, "pause").returncode == 0
    asked = len(service.requests)
    worker.process.until(lambda: worker.metrics()["ifmatch_lanes_waiting"] == 0, "its wait is over")
    assert state(path)["events_held"] == 1
    assert worker.stop(20) == 0
    assert len(service.requests) == asked and topics.audit.read() == []
    service.close()


def test_state_tells_people_and_machines_the_same(topics, documents, start_worker, path):
    documents.put("4711", {"a": 0})
    worker = start_worker(admin={"socket": path}, worker={"name": "ifmatch-0"}).until_ready()
    [(partition, offset)] = topics.send(update("4711", 1))
    topics.audit.until_count(1)
    until(lambda: state(path)["partitions"][partition]["committed"] == offset + 1, "it is committed")
    told = state(path)
    assert (told["state"], told["worker"], told["pid"], told["topic"]) == (
        "running", "ifmatch-0", worker.process.popen.pid, topics.updates)
    assert told["outcomes"]["merged"] == 1 and told["events_held"] == 0 and not told["stopping"]
    assert [row["partition"] for row in told["partitions"]] == [0, 1, 2, 3]
    assert told["partitions"][partition]["watermark"] == offset + 1
    for_people = ifmatch("ctl", "state", "-c", worker.path).stdout
    assert "STATE     running" in for_people and f"pid {told['pid']}" in for_people and "merged 1" in for_people
    assert len(for_people.splitlines()) == 7 + 4, for_people


def test_the_socket_is_for_its_owner_alone_and_goes_with_the_worker(topics, documents, start_worker, path):
    worker = start_worker(admin={"socket": path}).until_ready()
    status = os.stat(path)
    assert stat.S_ISSOCK(status.st_mode) and stat.S_IMODE(status.st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700
    assert worker.stop() == 0
    assert not os.path.exists(path)
    gone = ctl(path, "state")
    assert gone.returncode == 1 and path in gone.stderr and "no such socket" in gone.stderr


def test_a_living_worker_keeps_its_socket_and_a_dead_one_loses_it(topics, documents, start_worker, path):
    first = start_worker(admin={"socket": path}).until_ready()
    second = start_worker(admin={"socket": path})
    assert second.process.wait() == 2
    assert f"pid {first.process.popen.pid}" in second.process.log and path in second.process.log
    assert state(path)["pid"] == first.process.popen.pid

    assert ctl(path, "pause").returncode == 0
    first.kill()
    dead = ctl(path, "state")
    assert dead.returncode == 1 and "killed" in dead.stderr and path in dead.stderr
    third = start_worker(admin={"socket": path})
    third.process.until(lambda: ctl(path, "state").returncode == 0, "the socket answers again")
    told = state(path)
    assert told["pid"] == third.process.popen.pid and told["state"] == "running"  # a pause does not survive
    assert third.stop() == 0


@pytest.mark.parametrize("place, what", [("a/b/ctl.sock", "cannot make the directory"), ("file", "no socket"),
                                         ("x" * 108, "at most 107 bytes")])
def test_a_path_that_cannot_be_used_is_said_at_the_start(topics, documents, start_worker, tmp_path, place, what):
    (tmp_path / "file").write_text("mine")
    worker = start_worker(admin={"socket": str(tmp_path / place)})
    assert worker.process.wait() == 2
    assert "admin.socket" in worker.process.log and what in worker.process.log, worker.process.log
    assert (tmp_path / "file").read_text() == "mine"


def test_clients_that_say_nothing_or_nonsense_hold_nobody_up(topics, documents, start_worker, path):
    worker = start_worker(admin={"socket": path}).until_ready()
    idle = [connect(path) for _ in range(10)]
    assert state(path)["state"] == "running"
    wrong = connect(path)
    wrong.sendall(b"stop\n")
    assert "pause, resume, state" in json.loads(until_closed(wrong))["error"]
    long = connect(path)
    long.sendall(b"x" * 300)
    assert "too long" in json.loads(until_closed(long))["error"]
    half = connect(path)
    half.sendall(b"state\n")
    half.shutdown(socket.SHUT_WR)
    assert json.loads(until_closed(half))["state"] == "running"
    silent = connect(path)
    silent.sendall(b"sta")
    silent.shutdown(socket.SHUT_WR)
    assert until_closed(silent) == b""
    idle += [connect(path) for _ in range(6)]
    assert state(path)["state"] == "running"  # all places were taken: waited for one
    assert all(until_closed(client) == b"" for client in idle)
    assert worker.stop() == 0


def test_a_worker_that_does_not_turn_is_not_waited_for(topics, documents, start_worker, path):
    worker = start_worker(admin={"socket": path}).until_ready()
    worker.suspend()
    result = ctl(path, "pause")
    assert result.returncode == 1 and "does not answer" in result.stderr and path in result.stderr
    worker.go_on()


def test_ctl_without_a_socket_says_what_to_set(topics, documents, start_worker):
    worker = start_worker().until_ready()
    result = ifmatch("ctl", "state", "-c", worker.path)
    assert result.returncode == 2 and "admin.socket is off" in result.stderr
