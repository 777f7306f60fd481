"""Workers leave on SIGTERM and come back, members join and leave: nothing is lost, and nothing is done twice."""
import time

import pytest

from process import until

LEAVE_SECONDS = 30


@pytest.mark.parametrize("topics", [12], indirect=True)
@pytest.mark.often(1, 5)
def test_rolling_restarts(again, topics, make_rig, is_long, report):
    rig = make_rig()
    workers = [rig.worker(), rig.worker()]
    rig.caught_up()
    restarts, longest = (20 if is_long else 1), 0
    for _ in range(restarts):
        for place, worker in enumerate(workers):
            rig.pause(0.5)
            begin = time.monotonic()
            assert worker.stop(LEAVE_SECONDS) == 0
            longest = max(longest, time.monotonic() - begin)
            workers[place] = rig.worker().until_ready()
    figures = rig.finish(workers)
    assert figures["repeated"] == 0
    report(restarts=restarts, longest_leave_ms=int(longest * 1000), **figures)


@pytest.mark.parametrize("topics", [12], indirect=True)
@pytest.mark.often(1, 4)
def test_rebalance_storm(again, topics, make_rig, is_long, report):
    assignor = ("cooperative-sticky", "range,roundrobin")[again % 2]
    rig = make_rig(kafka={"consumer": {"partition.assignment.strategy": assignor}})
    workers = [rig.worker()]
    rig.caught_up()
    changes = 40 if is_long else 4
    for _ in range(changes):
        rig.pause(1.0)
        if len(workers) == 1 or (len(workers) < 4 and rig.random.random() < 0.5):
            workers.append(rig.worker())
        else:
            leaver = workers.pop(rig.random.randrange(len(workers)))
            until(lambda: leaver.page("/livez")[0] == 200, "it listens to signals")
            assert leaver.stop(LEAVE_SECONDS) == 0
    figures = rig.finish(workers)
    report(changes=changes, **figures)
