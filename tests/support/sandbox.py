"""The sandbox's document service (docs/sandbox.md), which writes down every write with its writer, and a foreign user
of it."""
import json
import re
import urllib.request

from process import Process
from worker import BINARY


class Sandbox:
    def __init__(self, folder, documents):
        self.process = Process("documents", (BINARY, "sandbox", "--no-broker", "--documents", "0", "--whole-log"), folder)
        self.url = self.process.until(lambda: re.search(r"service +(http\S+)", self.process.log), "the service answers")[1]
        self.port = int(self.url.rsplit(":", 1)[1])
        self.documents = documents
        self._post("_documents", documents)

    def foreign_user(self, per_second, fields):
        self._post("_foreign", {"per_second": per_second, "fields": [f"/{field}" for field in fields], "writer": "user"})

    def quiet(self):
        self._post("_foreign", {"per_second": 0})

    def log(self):
        """Every line from the first on: (text, value). Only once: the service forgets what was read."""
        after = 0
        while lines := self._get(f"_log?after={after}&limit=5000").splitlines():
            for text in lines:
                line = json.loads(text)
                assert line["seq"] == after + 1, "the log was trimmed"
                after = line["seq"]
                yield text.decode(), line

    def final(self):
        """Document -> its state now."""
        return {name: entry["document"] for name, entry in json.loads(self._get("_documents")).items()}

    def kill(self):
        self.process.kill()

    def _get(self, path):
        with urllib.request.urlopen(f"{self.url}/{path}", timeout=60) as answer:
            return answer.read()

    def _post(self, path, value):
        request = urllib.request.Request(f"{self.url}/{path}", json.dumps(value).encode(), method="POST")
        urllib.request.urlopen(request, timeout=60).close()
