"""The document service of `ifmatch sandbox`."""
import json
import urllib.error
import urllib.request

from sandbox import Sandbox


class Service:
    profile = "etag"
    tried = "the sandbox"
    tells_versions_apart = True
    config = {}

    def __init__(self):
        self.sandbox = None

    def start(self, folder):
        self.sandbox = Sandbox(folder, {})
        return self

    @property
    def url(self):
        return f"{self.sandbox.url}/documents/{{id}}"

    def stop(self):
        if self.sandbox:
            self.sandbox.kill()

    def create(self, document, data):
        self._ask("PUT", document, {"If-None-Match": "*"}, data)

    def read(self, document):
        return self._ask("GET", document, {})[1]

    def change(self, document, members):
        headers, data = self._ask("GET", document, {})
        return self._was_taken("PUT", document, {"If-Match": headers["ETag"]}, {**data, **members})

    def delete(self, document):
        self._ask("DELETE", document, {"If-Match": self._etag(document)})

    def _etag(self, document):
        return self._ask("GET", document, {})[0]["ETag"]

    def _was_taken(self, *arguments):
        try:
            self._ask(*arguments)
            return True
        except urllib.error.HTTPError as error:
            assert error.code == 412, error
            return False

    def _ask(self, method, document, headers, body=None):
        request = urllib.request.Request(self.url.format(id=document), method=method,
                                         headers={"X-Writer": "user", "Content-Type": "application/json", **headers},
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.headers, json.loads(answer.read() or b"null")
