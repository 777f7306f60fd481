"""Processes of the tests: started with a log, waited for by condition, never left behind."""
import os
import pathlib
import random
import signal
import socket
import subprocess
import time


class Failed(AssertionError):
    """Something that the test waited for did not happen; says what, and what the process last said."""


def until(condition, what, timeout=30.0, interval=0.02):
    """The first true value of `condition()`; Failed after `timeout` seconds."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {timeout:g} s")
        time.sleep(interval)


def free_port():
    """A loopback port that nobody listens on, outside the range that outgoing connections take theirs from."""
    while True:
        port = random.SystemRandom().randrange(15000, 30000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Process:
    """One program. It dies with the test runner, however that ends."""

    def __init__(self, name, arguments, folder, environment=None):
        self.name = name
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log_path = self.folder / f"{name}.log"
        with open(self.log_path, "ab") as log:
            self.popen = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *map(str, arguments)],
                                          stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                                          env={**os.environ, **(environment or {})})

    @property
    def log(self):
        return self.log_path.read_text(errors="replace")

    @property
    def running(self):
        return self.popen.poll() is None

    def until(self, condition, what, timeout=30.0):
        """Like the function, and fails at once when the process has ended."""
        def check():
            if not self.running:
                raise Failed(f"{what}: {self.name} ended with {self.popen.returncode}\n{self.tail()}")
            return condition()
        try:
            return until(check, what, timeout)
        except Failed as error:
            raise Failed(f"{error}\n{self.tail()}" if self.running else str(error)) from None

    def until_log(self, text, timeout=30.0):
        return self.until(lambda: text in self.log, f"'{text}' in the log of {self.name}", timeout)

    def tail(self, lines=40):
        return f"--- last lines of {self.name}\n" + "\n".join(self.log.splitlines()[-lines:])

    def wait(self, timeout=30.0):
        """The exit code; negative: the signal that ended it."""
        try:
            return self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} did not end within {timeout:g} s\n{self.tail()}") from None

    def signal(self, number):
        if self.running:
            self.popen.send_signal(number)

    def stop(self, timeout=30.0):
        """SIGTERM, and the exit code; what does not listen is killed and reported."""
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            return self.wait(timeout)
        except Failed:
            self.kill()
            raise

    def kill(self):
        self.signal(signal.SIGKILL)
        return self.wait()
