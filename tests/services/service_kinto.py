"""Kinto, in memory."""
from kinto import Kinto


class Service:
    profile = "kinto"
    tried = "Kinto 26.5.0"
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

    def write(self, document, data):
        assert self.documents.put(document, data)[0] == 200

    def delete(self, document):
        assert self.kinto.request("DELETE", f"{self.documents.path}/{document}")[0] == 200
