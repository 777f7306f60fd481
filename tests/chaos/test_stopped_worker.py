"""A worker is stopped (SIGSTOP) for twice its session timeout, and continued: another owns its partitions by then."""
import collections
import contextlib
import time

import pytest

from fault_proxy import FaultProxy
from process import until
from rig import SESSION_MS, now_ms
from verdict import place_of, received_ms

# From when it was continued until all that it had begun to write was on record; `done`: places recorded before.
Return = collections.namedtuple("Return", "begin_ms end_ms done")


@pytest.mark.parametrize("topics", [12], indirect=True)
@pytest.mark.often(1, 5)
def test_zombies(again, topics, make_rig, is_long, report):
    rig = make_rig()
    with contextlib.closing(FaultProxy(rig.service.port)) as witness:
        zombie, other = rig.worker(url=witness.url), rig.worker()
        until(lambda: witness.writes, "it writes")
        returns = [stop_and_continue(rig, zombie, witness) for _ in range(10 if is_long else 1)]
        figures = rig.finish([zombie, other])
    writes = [(write, its_return) for its_return in returns for write in witness.writes
              if its_return.begin_ms <= write.at_ms < its_return.end_ms]
    own = events_written_by(zombie, rig)
    foreign = [write for write, its_return in writes if not any(
        received_ms(event) >= its_return.begin_ms and place_of(event) not in its_return.done
        for event in own[write.document, write.if_match])]
    assert not foreign, f"{len(foreign)} writes for what another had done: {foreign[:5]}"
    report(zombies=len(returns), writes_after_return=len(writes), **figures)


def stop_and_continue(rig, zombie, witness):
    rig.pause(1.0)
    zombie.suspend()
    rig.disturbed(zombie)
    time.sleep(2 * SESSION_MS / 1000)
    done = rig.caught_up()  # by the other one
    begin_ms = now_ms()
    zombie.go_on()
    rig.disturbed(zombie)
    until(lambda: witness.writes[-1].at_ms >= begin_ms, "it writes again", timeout=60)
    end_ms = now_ms()
    rig.caught_up()
    return Return(begin_ms, end_ms, done)


def events_written_by(worker, rig):
    """(document, If-Match) -> records of the worker that name this write."""
    events = collections.defaultdict(list)
    for value in (record.json for record in rig.topics.audit.records):
        for attempt in value["attempts"] if value["worker"] == worker.process.name else ():
            if attempt["request"] == "PUT":
                events[value["document"], attempt["version"]].append(value)
    return events
