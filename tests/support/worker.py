"""The program under test: `ifmatch`, its commands, and workers that run until they are stopped."""
import json
import os
import pathlib
import re
import signal
import subprocess
import urllib.error
import urllib.request

from process import Process, free_port

BINARY = pathlib.Path(os.environ.get("IFMATCH_BINARY") or pathlib.Path(__file__).parents[2] / "build/release/ifmatch")


def ifmatch(*arguments, timeout=30, check=False, **options):
    """Runs one command to its end; CompletedProcess with text."""
    return subprocess.run([str(BINARY), *map(str, arguments)], capture_output=True, text=True, timeout=timeout,
                          check=check, stdin=subprocess.DEVNULL if "input" not in options else None, **options)


def write_config(path, config):
    """Writes a dict as a configuration: JSON is YAML."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(config, indent=2) + "\n")
    return path


class Worker:
    """`ifmatch run` with a configuration (a dict), its admin port chosen here."""

    def __init__(self, name, config, folder, arguments=(), environment=None):
        self.port = free_port()
        self.config = {**config, "admin": {**config.get("admin", {}), "listen": f"127.0.0.1:{self.port}"}}
        self.path = write_config(pathlib.Path(folder) / f"{name}.yaml", self.config)
        self.process = Process(name, (BINARY, "run", "-c", self.path, *arguments), folder, environment)

    def until_ready(self, timeout=30.0):
        """/readyz says yes: the worker has its partitions and its service."""
        self.process.until(lambda: self.page("/readyz")[0] == 200, f"{self.process.name} is ready", timeout)
        return self

    def page(self, path):
        """(status, text) of an admin page; (0, "") when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()
        except OSError:
            return 0, ""

    def metrics(self):
        """Every sample of /metrics: 'name{labels}' -> number."""
        status, text = self.page("/metrics")
        assert status == 200, (status, text)
        samples = re.findall(r"^([a-z_:]\w*(?:\{.*\})?) (\S+)", text, re.M)
        return {name: float(value) for name, value in samples}

    def resident_mb(self):
        """Resident memory in MB, as the kernel counts it."""
        status = pathlib.Path(f"/proc/{self.process.popen.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1024

    def suspend(self):
        self.process.signal(signal.SIGSTOP)

    def go_on(self):
        self.process.signal(signal.SIGCONT)

    def stop(self, timeout=40.0):
        return self.process.stop(timeout)

    def kill(self):
        return self.process.kill()
