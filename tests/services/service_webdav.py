"""WsgiDAV: files in a folder. Its profile was written from the RFC and WsgiDAV's documentation alone."""
import json
import pathlib
import sys
import urllib.error
import urllib.request

from process import Process, free_port


class Service:
    profile = "webdav"
    tried = "WsgiDAV 4.4.0"
    tells_versions_apart = False
    config = {}

    def __init__(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/{{id}}.json"
        self.process = None

    def start(self, folder):
        root = pathlib.Path(folder) / "documents"
        root.mkdir()
        program = pathlib.Path(sys.executable).with_name("wsgidav")
        self.process = Process("wsgidav", (program, "--host", "127.0.0.1", "--port", self.port, "--root", root, "--auth",
                                           "anonymous", "--no-config"), folder)
        self.process.until(self._answers, "WsgiDAV answers")
        return self

    def stop(self):
        if self.process and self.process.running:
            self.process.kill()

    def create(self, document, data):
        self._ask("PUT", document, {}, data)

    def read(self, document):
        return json.loads(self._ask("GET", document, {})[1])

    def change(self, document, members):
        headers, data = self._ask("GET", document, {})
        try:
            self._ask("PUT", document, {"If-Match": headers["ETag"]}, {**json.loads(data), **members})
            return True
        except urllib.error.HTTPError as error:
            assert error.code == 412, error
            return False

    def delete(self, document):
        self._ask("DELETE", document, {})

    def _ask(self, method, document, headers, body=None):
        request = urllib.request.Request(self.url.format(id=document), method=method, headers=headers,
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.headers, answer.read()

    def _answers(self):
        try:
            self._ask("GET", "none", {})
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
