"""express-pouchdb: CouchDB's protocol, documents in memory."""
import json
import pathlib
import urllib.error
import urllib.request

from kafka import CACHE
from process import Process, free_port

SCRIPT = pathlib.Path(__file__).parents[1] / "support/node/express_pouchdb.js"


class Service:
    profile = "couchdb"
    tried = "express-pouchdb 4.2.0"
    tells_versions_apart = True
    config = {}

    def __init__(self):
        self.port = free_port()
        self.root = f"http://127.0.0.1:{self.port}/documents"
        self.url = self.root + "/{id}"
        self.process = None

    def start(self, folder):
        self.process = Process("express-pouchdb", ("node", SCRIPT, self.port), folder,
                               {"NODE_PATH": str((CACHE / "node/node_modules").resolve())})
        self.process.until(lambda: self._ask("GET", "/")[0] != 0, "express-pouchdb answers")
        assert self._ask("PUT", "")[0] == 201
        return self

    def stop(self):
        if self.process and self.process.running:
            self.process.kill()

    def create(self, document, data):
        status, answer = self._ask("PUT", f"/{document}", data)
        assert status == 201, answer

    def read(self, document):
        return {name: value for name, value in self._get(document).items() if not name.startswith("_")}

    def change(self, document, members):
        status, answer = self._ask("PUT", f"/{document}", {**self._get(document), **members})
        assert status in (201, 409), answer
        return status == 201

    def delete(self, document):
        assert self._ask("DELETE", f"/{document}?rev={self._get(document)['_rev']}")[0] == 200

    def _get(self, document):
        status, answer = self._ask("GET", f"/{document}")
        assert status == 200, answer
        return answer

    def _ask(self, method, path, body=None):
        request = urllib.request.Request(self.root + path, method=method, headers={"Content-Type": "application/json"},
                                         data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read()
        except OSError:
            return 0, None
