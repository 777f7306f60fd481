"""Kinto, a real document service with strong ETags, in memory, on loopback; and a user of it."""
import base64
import json
import pathlib
import sys
import urllib.error
import urllib.request

from process import Process, free_port

INI = """\
[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = %(http_port)s
threads = 16

[app:main]
use = egg:kinto
kinto.storage_backend = kinto.core.storage.memory
kinto.cache_backend = kinto.core.cache.memory
kinto.permission_backend = kinto.core.permission.memory
kinto.userid_hmac_secret = only-for-tests
multiauth.policies = basicauth
kinto.bucket_create_principals = system.Everyone

[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys = plain

[logger_root]
level = WARNING
handlers = console

[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain

[formatter_plain]
format = %(asctime)s %(levelname)s %(message)s
"""


class Kinto:
    user, password = "tester", "secret"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self.process = None

    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        ini = self.folder / "kinto.ini"
        ini.write_text(INI)
        kinto = pathlib.Path(sys.executable).with_name("kinto")
        self.process = Process("kinto", (kinto, "start", "--ini", ini, "--port", self.port), self.folder)
        self.process.until(self._answers, "Kinto answers")
        return self

    def stop(self):
        if self.process and self.process.running:
            self.process.kill()

    def collection(self, name):
        """A fresh, empty collection of documents."""
        assert self.request("PUT", "/buckets/tests", {})[0] in (200, 201)
        assert self.request("PUT", f"/buckets/tests/collections/{name}", {})[0] in (200, 201)
        return Collection(self, f"/buckets/tests/collections/{name}/records")

    def request(self, method, path, body=None, headers=None):
        """(status, headers, JSON body or None) of one request."""
        credentials = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        request = urllib.request.Request(
            self.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Basic {credentials}", "Content-Type": "application/json", **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.headers, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers, json.loads(answer.read() or b"null")

    def _answers(self):
        try:
            return self.request("GET", "/__heartbeat__")[0] == 200
        except (OSError, ValueError):
            return False


class Collection:
    """The documents of one test, seen by another user of the service."""

    def __init__(self, kinto, path):
        self.kinto = kinto
        self.path = path
        self.url = f"{kinto.url}{path}/{{id}}"

    def get(self, document):
        """(data, ETag); data has neither id nor last_modified, which are Kinto's own."""
        status, headers, body = self.kinto.request("GET", f"{self.path}/{document}")
        assert status == 200, (status, body)
        return self._own(body["data"]), headers["ETag"]

    def put(self, document, data, if_match=None):
        """(status, ETag): writes the whole document, under a condition if one is given."""
        condition = {"If-Match": if_match} if if_match else {}
        status, headers, _ = self.kinto.request("PUT", f"{self.path}/{document}", {"data": data}, condition)
        return status, headers.get("ETag")

    def change(self, document, **members):
        """A foreign write of some members, safe against others: reads and writes until it is taken."""
        while True:
            data, etag = self.get(document)
            status, etag = self.put(document, {**data, **members}, if_match=etag)
            if status != 412:
                assert status == 200, status
                return etag

    @staticmethod
    def _own(data):
        return {key: value for key, value in data.items() if key not in ("id", "last_modified")}
