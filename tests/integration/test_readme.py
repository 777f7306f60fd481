"""The README's section "Your service", executed as it stands against Kafka and Kinto."""
import os
import pathlib
import re
import shlex
import subprocess

from process import Process, until
from worker import BINARY

README = pathlib.Path(__file__).parents[2] / "README.md"


def blocks():
    """(file name, text) of the configuration, and the commands, both of the section "Your service"."""
    section = README.read_text().split("## Your service", 1)[1].split("\n## ", 1)[0]
    name, text = re.search(r"```yaml file=(\S+)\n(.*?)```", section, re.S).groups()
    commands = re.search(r"```sh\n(.*?)```", section, re.S).group(1).splitlines()
    return name, text, [command.split(" #")[0].strip() for command in commands]


def test_the_readme_has_at_most_150_lines():
    assert len(README.read_text().splitlines()) <= 150


def test_your_service_works_as_it_is_written(kafka, kinto, documents, tmp_path):
    name, text, commands = blocks()
    (tmp_path / name).write_text(text)
    environment = {"PATH": f"{BINARY.parent}:{os.environ['PATH']}", "KAFKA_BROKERS": kafka.bootstrap,
                   "SERVICE_URL": documents.url.removesuffix("/{id}"), "SERVICE_USER": kinto.user,
                   "SERVICE_PASSWORD": kinto.password, "IFMATCH_ADMIN_LISTEN": "off"}
    documents.put("4711", {"status": "INWORK", "owner": "ana"})
    assert [command.split()[1] for command in commands] == ["topics", "check", "send", "run", "run", "tail"]
    running = []
    try:
        for command in commands:
            words = [BINARY, *shlex.split(command)[1:]]
            if words[1] in ("run", "tail") and "--dry-run" not in words:
                running.append(Process(words[1], words, tmp_path, environment))
                continue
            done = subprocess.run(words, cwd=tmp_path, env={**os.environ, **environment}, capture_output=True,
                                  text=True, timeout=60, stdin=subprocess.DEVNULL)
            assert done.returncode == 0, (command, done.stdout, done.stderr)
        until(lambda: documents.get("4711")[0] == {"status": "RELEASED", "owner": "ana"}, "4711 is released")
        running[1].until_log("applied")
        assert "4711" in running[1].log
        assert running[0].stop() == 0
    finally:
        for process in running:
            process.kill()
