"""Was a promise broken? Judged from the ledgers of a rig (rig.py) alone; no worker is asked.

`chaos-judge` is the demo's check (worker/demo/check.h): every event has a record, every write of a worker is explained
by an event, no foreign value was replaced without a decision on record, decisions are what the model gives, and log and
final documents agree. What it does not see stands here: commits, who may repeat what, and the order in which the service
first saw each event's own count."""
import collections
import datetime
import json
import os
import pathlib
import subprocess

from worker import BINARY

JUDGE = pathlib.Path(os.environ.get("IFMATCH_JUDGE") or BINARY.with_name("chaos-judge"))


def verdict(rig, commits):
    """Asserts every promise; returns the figures."""
    records = [(record, record.json) for record in rig.topics.audit.records]
    log = list(rig.service.log())
    unheard = rig.unheard()
    faults, figures = judge(rig, log, unheard)
    faults += missing_below(commits, records, rig.producing.acked)
    faults += going_back(commits)
    repeated, unexpected = repeats(rig.disturbances, commits, records)
    faults += unexpected
    faults += counts_out_of_order(log, rig.service.documents, rig.producing.acked)
    if figures["ambiguous"] > len(unheard) and not rig.disturbances:
        faults.append(f"{figures['ambiguous']} writes without a record, {len(unheard)} answers were not heard")
    for outcome in ("conflict", "rejected", "exhausted"):
        if figures[outcome]:
            example = next(record.value.decode() for record, value in records if value["outcome"] == outcome)
            faults.append(f"{figures[outcome]} events ended {outcome}: {example}")
    assert repeated == figures["repeated"]
    assert not faults, f"{len(faults)} faults, {figures}\n" + "\n".join(faults[:40])
    return {"events": figures["events"], "foreign_writes": figures["foreign_writes"], "repeated": repeated,
            "unrecorded_writes": figures["ambiguous"], "commits": len(commits)}


def judge(rig, log, unheard):
    """(faults, figures) of chaos-judge."""
    path = rig.folder / "testimony"  # `chaos-judge < testimony` says it again
    with open(path, "w") as file:
        file.writelines(f"{line}\n" for line in testimony(rig, log, unheard))
    with open(path) as file:
        run = subprocess.run([JUDGE], stdin=file, capture_output=True, text=True)
    assert run.returncode in (0, 1), run.stderr
    lines = [line.split(" ", 1) for line in run.stdout.splitlines()]
    return ([text for kind, text in lines if kind == "fault"],
            {kind: int(text) for kind, text in lines if kind != "fault"})


def testimony(rig, log, unheard):
    yield from (f"rule\t{pattern}\t{rule}" for pattern, rule in rig.rules.items())
    yield from (f"initial\t{name}\t{json.dumps(state)}" for name, state in rig.service.documents.items())
    for (partition, offset), (document, value) in rig.producing.acked.items():
        yield f"event\t{partition}\t{offset}\t{document}\t{value}"
    for text, line in log:
        if line["writer"] == "anonymous" and (line["document"], line["if_match"]) in unheard:
            text = json.dumps({**line, "fault": "answer_lost"})
        yield f"write\t{text}"
    for record in rig.topics.audit.records:
        yield f"record\t{record.offset}\t{record.value.decode()}"
    for letter in rig.topics.dead_letters.records:
        place = (letter.headers[f"ifmatch-{name}"].decode() for name in ("partition", "offset", "outcome"))
        yield "\t".join(("letter", *place, letter.value.decode()))
    yield from (f"killed\t{disturbance.at_ms}" for disturbance in rig.disturbances)
    yield from (f"final\t{name}\t{json.dumps(state)}" for name, state in rig.service.final().items())


def place_of(value):
    return value["event"]["partition"], value["event"]["offset"]


def received_ms(value):
    return datetime.datetime.fromisoformat(value["received_at"]).timestamp() * 1000


def missing_below(commits, records, acked):
    """Events below a commit whose record was not in the audit topic when the commit was taken (both times are Kafka's)."""
    first = {}
    for record, value in records:
        place = place_of(value)
        first[place] = min(record.at_ms, first.get(place, record.at_ms))
    offsets = collections.defaultdict(list)
    for partition, offset in sorted(acked):
        offsets[partition].append(offset)
    for partition, of_partition in offsets.items():
        recorded_ms, below = 0, 0
        for at_ms, _, committed in sorted(commit for commit in commits if commit[1] == partition):
            while below < len(of_partition) and of_partition[below] < committed:
                recorded_ms = max(recorded_ms, first.get((partition, of_partition[below]), float("inf")))
                below += 1
            if recorded_ms > at_ms:
                yield f"partition {partition}: {committed} was committed before all records below it were there"


def going_back(commits):
    highest = {}
    for at_ms, partition, offset in commits:
        if offset < highest.get(partition, 0):
            yield f"partition {partition}: the commit went back from {highest[partition]} to {offset}"
        highest[partition] = offset


def repeats(disturbances, commits, records):
    """(number of records beyond the first, faults). All records of an event but one must come from workers to whom
    something happened after they had received it, while it was not below a commit."""
    by_place = collections.defaultdict(list)
    for _, value in records:
        by_place[place_of(value)].append(value)
    committed = [committed_at(disturbance.at_ms, commits) for disturbance in disturbances]
    faults, repeated = [], 0
    for place, values in by_place.items():
        if len(values) == 1:
            continue
        repeated += len(values) - 1
        own = [value for value in values if not was_in_hand(place, value, disturbances, committed)]
        if len(own) > 1:
            faults.append(f"partition {place[0]}, offset {place[1]}: recorded by " +
                          ", ".join(f"{value['worker']} ({value['outcome']})" for value in values))
    return repeated, faults


def committed_at(moment_ms, commits):
    """Partition -> the last commit that Kafka took before the moment."""
    return {partition: offset for at_ms, partition, offset in commits if at_ms < moment_ms}


def was_in_hand(place, value, disturbances, committed):
    partition, offset = place
    return any(disturbance.worker in (None, value["worker"]) and received_ms(value) <= disturbance.at_ms and
               offset >= below.get(partition, 0) for disturbance, below in zip(disturbances, committed))


def counts_out_of_order(log, initial, acked):
    """The first time that the service sees a count it comes after all lower ones; a successor may repeat what was not
    committed, and the highest count stands at the end."""
    now = {name: state["count"] for name, state in initial.items()}
    seen = {name: {0} for name in initial}
    for _, line in log:
        name, after = line["document"], line["after"]
        if line["writer"] != "anonymous" or after is None or after["count"] == now[name]:
            continue
        if after["count"] not in seen[name] and after["count"] < max(seen[name]):
            yield f"{name}: count {after['count']} was first written after {max(seen[name])} (write {line['seq']})"
        seen[name].add(after["count"])
        now[name] = after["count"]
    expected = collections.Counter()
    for document, value in acked.values():
        expected[document] = max(expected[document], json.loads(value)["changes"]["/count"])
    yield from (f"{name}: ends with count {now[name]}, expected {count}" for name, count in expected.items()
                if now[name] != count)
