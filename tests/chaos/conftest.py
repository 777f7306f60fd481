"""One cluster of three brokers for all chaos tests; the figures of each test are printed at the end.

`--long` takes the figures of the long form, `--seed N` repeats the draws of a run (its timing is the machine's)."""
import collections
import random

import pytest

from fixtures import start_worker, topics  # noqa: F401: pytest finds them here
from kafka import Kafka
from rig import SESSION_MS, Rig

_figures = collections.defaultdict(collections.Counter)
_seeds = {}


def pytest_addoption(parser):
    parser.addoption("--seed", type=int, help="repeat the draws of a run")


def pytest_generate_tests(metafunc):
    """`@pytest.mark.often(short, long)`: a test is run so often, each time with topics and documents of its own."""
    for mark in metafunc.definition.iter_markers("often"):
        times = mark.args[metafunc.config.getoption("long")]
        metafunc.parametrize("again", range(times))


@pytest.fixture(scope="session")
def kafka(tmp_path_factory):
    cluster = Kafka(tmp_path_factory.mktemp("kafka"), nodes=3)
    try:
        yield cluster.start()
    finally:
        cluster.stop()


@pytest.fixture
def config(kafka, topics):  # noqa: F811
    return {
        "version": 1,
        "kafka": {"bootstrap.servers": kafka.bootstrap, "group.id": topics.group,
                  "consumer": {"session.timeout.ms": SESSION_MS, "heartbeat.interval.ms": 500}},
        "topics": {"updates": topics.updates, "audit": topics.audit_topic,
                   "dead_letters": topics.dead_letter_topic, "start": "earliest"},
    }


@pytest.fixture
def is_long(request):
    return request.config.getoption("long")


@pytest.fixture
def seed(request):
    given = request.config.getoption("seed")
    drawn = random.SystemRandom().randrange(1 << 32) if given is None else given
    _seeds[request.node.name] = drawn
    print(f"seed {drawn}")
    return drawn


@pytest.fixture
def make_rig(request, topics, start_worker, tmp_path, seed):  # noqa: F811
    """make_rig(**options): see rig.py. Its figures are those of the test."""
    rigs = []

    def make(**options):
        rigs.append(Rig(topics, start_worker, tmp_path, seed, **options))
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.close()


@pytest.fixture
def report(request):
    """report(kills=3, repeated=4): counts into the line of this test."""
    def add(**figures):
        _figures[request.node.originalname].update(figures)
    return add


def pytest_terminal_summary(terminalreporter):
    for name, figures in _figures.items():
        words = ", ".join(f"{figure:,} {what.replace('_', ' ')}" for what, figure in figures.items())
        terminalreporter.write_line(f"{name.removeprefix('test_').replace('_', ' ')}: {words}")
    terminalreporter.write_line("seeds: " + ", ".join(f"{name} {seed}" for name, seed in _seeds.items()))
