"""Brokers are killed with SIGKILL and started again, one after the other, under load."""
import pytest


@pytest.mark.parametrize("topics", [12], indirect=True)
@pytest.mark.often(1, 3)
def test_brokers_killed(again, topics, kafka, make_rig, is_long, report):
    rig = make_rig()
    workers = [rig.worker(), rig.worker()]
    rig.caught_up()
    kills = 10 if is_long else 1
    for kill in range(kills):
        node = kill % len(kafka.ports) if is_long else rig.random.randrange(len(kafka.ports))
        kafka.kill_node(node)
        rig.disturbed()
        rig.pause(6.0)  # some come back before the cluster has noticed
        kafka.start_node(node)
        kafka.wait_until_in_sync()
        rig.caught_up()
    report(kills=kills, **rig.finish(workers))
