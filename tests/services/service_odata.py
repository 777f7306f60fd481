"""The OData simulator, as SAP CAP was seen to behave."""
import json
import urllib.error
import urllib.request

from odata import PROPERTIES, OData


class Service:
    profile = "odata"
    tried = "a simulator"
    tells_versions_apart = True
    config = {}

    def __init__(self):
        self.odata = None

    def start(self, folder):
        self.odata = OData()
        return self

    @property
    def url(self):
        return self.odata.url

    def stop(self):
        if self.odata:
            self.odata.stop()

    def create(self, document, data):
        self._ask("POST", f"{self.odata.root}/odata/Documents", {}, {"ID": document, **data})

    def read(self, document):
        entity = self._ask("GET", self._url(document), {})[1]
        return {name: entity[name] for name in PROPERTIES if entity[name] is not None}

    def change(self, document, members):
        try:
            self._ask("PATCH", self._url(document), {"If-Match": self._etag(document)}, members)
            return True
        except urllib.error.HTTPError as error:
            assert error.code == 412, error
            return False

    def delete(self, document):
        self._ask("DELETE", self._url(document), {"If-Match": self._etag(document)})

    def _url(self, document):
        return self.odata.url.replace("{id:odata}", document)

    def _etag(self, document):
        return self._ask("GET", self._url(document), {})[0]["ETag"]

    @staticmethod
    def _ask(method, url, headers, body=None):
        request = urllib.request.Request(url, method=method, headers={"Content-Type": "application/json", **headers},
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.headers, json.loads(answer.read() or b"null")
