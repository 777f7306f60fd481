"""Workers are killed with SIGKILL at random moments while real Kafka has events for them and a foreign user keeps
writing."""
import pytest


@pytest.mark.parametrize("topics", [12], indirect=True)
@pytest.mark.often(1, 10)
def test_workers_killed(again, topics, make_rig, is_long, report):
    rig = make_rig()
    workers = [rig.worker(), rig.worker()]
    rig.caught_up()
    kills = 20 if is_long else 2
    for kill in range(kills):
        rig.pause(2.0)
        victim = workers.pop(rig.random.randrange(len(workers)))
        rig.kill(victim)
        workers.append(rig.worker())
        if rig.random.random() < 0.7:
            rig.caught_up()
    report(kills=kills, **rig.finish(workers))
