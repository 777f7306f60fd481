"""The judges are judged: what a run must not do is seen in a ledger that was made up."""
import collections

import pytest

import verdict
from rig import Disturbance

Place = collections.namedtuple("Place", "at_ms")


def record(at_ms, offset, worker="first", received_s=1):
    return Place(at_ms), {"event": {"partition": 0, "offset": offset}, "worker": worker, "outcome": "applied",
                          "received_at": f"1970-01-01T00:00:0{received_s}.000Z"}


SENT = {(0, offset): ("d", f'{{"changes":{{"/count":{offset + 1}}}}}') for offset in range(2)}
TWICE = [record(1, 0), record(2, 0, "second")]


@pytest.mark.parametrize("records", [[record(90, 0)], [record(90, 0), record(101, 1)]])
def test_a_commit_above_a_record_that_is_not_there_yet_is_seen(records):
    assert len(list(verdict.missing_below([(100, 0, 2)], records, SENT))) == 1


def test_a_commit_of_what_is_recorded_passes():
    assert not list(verdict.missing_below([(100, 0, 2)], [record(90, 0), record(100, 1)], SENT))


def test_a_commit_that_goes_back_is_seen():
    assert len(list(verdict.going_back([(1, 0, 5), (2, 0, 4)]))) == 1


@pytest.mark.parametrize("disturbances, commits", [
    ([], []),
    ([Disturbance(2000, "third")], []),
    ([Disturbance(500, "first")], []),
    ([Disturbance(2000, "first")], [(1500, 0, 1)]),
], ids=["nothing happened", "to another", "before it was received", "below a commit"])
def test_a_repeated_event_that_nobody_had_in_hand_is_seen(disturbances, commits):
    repeated, faults = verdict.repeats(disturbances, commits, TWICE)
    assert repeated == 1 and len(faults) == 1


def test_what_a_killed_worker_had_in_hand_may_be_repeated():
    assert verdict.repeats([Disturbance(2000, "first")], [(1500, 0, 0)], TWICE) == (1, [])


@pytest.mark.parametrize("counts, faults", [([1, 2], 0), ([2], 0), ([1, 2, 1, 2], 0),
                                            ([2, 1, 2], 1), ([1], 1), ([1, 2, 1], 1)])
def test_counts_that_first_come_out_of_order_or_end_wrong_are_seen(counts, faults):
    log = [("", {"seq": seq, "document": "d", "writer": "anonymous", "after": {"count": count}})
           for seq, count in enumerate(counts)]
    assert len(list(verdict.counts_out_of_order(log, {"d": {"count": 0}}, SENT))) == faults
