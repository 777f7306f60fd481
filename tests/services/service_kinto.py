"""Kinto, in memory."""
from kinto import Kinto


class Service:
    profile = "kinto"
    tried = "Kinto 26.5.0"
    tells_versions_apart = True
    config = {"auth": {"basic": {"user": Kinto.user, "password": Kinto.password}}}

    def __init__(self):
        self.kinto = None
        self.documents = None

    def start(self, folder):
        self.kinto = Kinto(folder).start()
        self.documents = self.kinto.collection("documents")
        return self

    @property
    def url(self):
        return self.documents.url

    def stop(self):
        if self.kinto:
            self.kinto.stop()

    def create(self, document, data):
        assert self.documents.put(document, data)[0] == 201

    def read(self, document):
        return self.documents.get(document)[0]

    def change(self, document, members):
        data, etag = self.documents.get(document)
        status = self.documents.put(document, {**data, **members}, if_match=etag)[0]
        assert status in (200, 412), status
        return status == 200

    def delete(self, document):
        assert self.kinto.request("DELETE", f"{self.documents.path}/{document}")[0] == 200
