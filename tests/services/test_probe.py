"""What `ifmatch probe` finds where all is not well: Kinto behind something that takes the preconditions away."""
import itertools
import urllib.parse

import pytest

from conftest import service_of
from trouble import Trouble
from worker import ifmatch, write_config

numbers = itertools.count(1)


@pytest.fixture(scope="module")
def kinto(tmp_path_factory):
    service = service_of("kinto")
    try:
        yield service.start(tmp_path_factory.mktemp("kinto"))
    finally:
        service.stop()


@pytest.fixture
def trouble(kinto):
    target = urllib.parse.urlsplit(kinto.url)
    made = Trouble(target.hostname, target.port)
    yield made
    made.close()


@pytest.fixture
def probe(kinto, trouble, tmp_path):
    document = f"probed-{next(numbers)}"
    kinto.create(document, {"status": "INWORK", "parts": [1, 2]})
    path = write_config(tmp_path / "ifmatch.yaml", {
        "version": 1, "service": {"url": trouble.in_front_of(kinto.url), "profile": "kinto", **kinto.config}})

    def run(*arguments):
        result = ifmatch("probe", "-c", path, "--document", document, *arguments)
        assert kinto.read(document) == {"status": "INWORK", "parts": [1, 2]}
        return result

    return run


def test_a_service_that_never_sees_the_precondition_is_unprotected(trouble, probe):
    trouble.dropped = {"if-match"}
    result = probe("--yes")

    assert result.returncode == 1
    assert "that version was written over" in result.stdout and "\nUNPROTECTED: " in result.stdout


def test_a_refusal_of_everything_proves_nothing(kinto, trouble, probe):
    for _ in range(3):
        trouble.answer_write("probed-", 412, [], b"")
    result = probe("--yes")

    assert result.returncode == 1
    assert "refuses the right version too" in result.stdout and "\nunclear: " in result.stdout


def test_a_refusal_that_the_profile_does_not_call_stale_is_shown(trouble, probe):
    trouble.answer_write("probed-", 409, [], b"{\"why\":\"version\"}")
    result = probe("--yes")

    assert result.returncode == 1
    assert "409 undescribed" in result.stdout and "does not call the answer stale" in result.stdout


def test_any_field_may_be_changed(probe):
    result = probe("--yes", "--field", "/parts", "--value", "[]")

    assert result.returncode == 0 and "/parts becomes []" in result.stdout, result.stdout


def test_nothing_is_written_unasked(probe):
    result = probe()

    assert (result.returncode, result.stdout) == (2, "") and "--yes" in result.stderr


@pytest.mark.parametrize("arguments, what", [
    (("--field", "status"), "--field is no JSON Pointer"), (("--value", "1"), "--value needs --field"),
    (("--field", "/status", "--value", "{"), "--value is no JSON"), (("--document", ".."), "'..' cannot be a document's id")])
def test_wrong_use_is_said(probe, arguments, what):
    result = probe("--yes", *arguments)

    assert (result.returncode, result.stdout) == (2, "") and what in result.stderr


def test_a_document_that_is_not_there_cannot_be_probed(probe):
    result = probe("--yes", "--document", "none", "--yes")

    assert result.returncode == 1 and "404 missing" in result.stdout and "the document must be there" in result.stdout
