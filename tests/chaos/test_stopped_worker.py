"""A worker is stopped (SIGSTOP) for twice its session timeout, and continued: another owns its partitions by then."""
import time

import pytest

from conftest import SESSION_MS
from fault_proxy import FaultProxy


@pytest.mark.parametrize("topics", [12], indirect=True)
@pytest.mark.often(1, 5)
def test_zombies(again, topics, make_rig, is_long, report):
    rig = make_rig()
    witness = FaultProxy(rig.service.port)
    zombie, other = rig.worker(url=witness.url), rig.worker()
    rig.caught_up()
    zombies = 10 if is_long else 1
    for _ in range(zombies):
        rig.pause(1.0)
        zombie.suspend()
        rig.disturbed(zombie)
        time.sleep(2 * SESSION_MS / 1000)
        rig.caught_up()  # the other one has done everything meanwhile
        began = time.time_ns() // 1_000_000
        zombie.go_on()
        rig.disturbed(zombie)
        rig.pause(1.0)
        rig.caught_up()
    figures = rig.finish([zombie, other])
    report(zombies=zombies, **figures)
