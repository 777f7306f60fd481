"""A document service that lets nobody in without credentials, and an endpoint that gives tokens for it."""
import base64
import itertools
import json
import threading
import urllib.parse

from liar import Liar, answer


class Guarded:
    """Documents with strong ETags in memory. `guard(request)` lets a request in by None, or is the answer instead."""

    def __init__(self, guard, tls=None):
        self.guard = guard
        self.documents = {}
        self.refused = []
        self._lock = threading.Lock()
        self._liar = Liar(self._behave, tls)

    @property
    def url(self):
        return self._liar.url

    @property
    def base(self):
        return self.url.rsplit("/documents/", 1)[0]

    @property
    def requests(self):
        return self._liar.requests

    def close(self):
        self._liar.close()

    def put(self, document, value):
        self.documents[document] = [json.dumps(value).encode(), 1]

    def get(self, document):
        return json.loads(self.documents[document][0])

    def _behave(self, request):
        with self._lock:
            refusal = self.guard(request)
            if refusal is not None:
                self.refused.append(request)
                return refusal
            if request.document not in self.documents:
                return answer("404 Not Found")
            entry = self.documents[request.document]
            etag = f'"{entry[1]}"'
            if request.method == "PUT":
                if request.headers.get("if-match") != etag:
                    return answer("412 Precondition Failed")
                entry[:] = [request.body, entry[1] + 1]
            return answer("200 OK", entry[0], [f'ETag: "{entry[1]}"'])


class Tokens:
    """An OAuth2 token endpoint. `answers`: what it says instead of a token, while there is something in it."""

    def __init__(self, client="ifmatch", secret="client-secret", lifetime=3600, prefix="token"):
        self.client, self.secret, self.lifetime = client, secret, lifetime
        self.answers = []
        self.good = set()  # tokens that are not revoked
        self.fetches = 0
        self._names = (f"{prefix}-{number}" for number in itertools.count(1))
        self._liar = Liar(self._behave)

    @property
    def url(self):
        return f"http://127.0.0.1:{self._liar.port}/token"

    @property
    def config(self):
        return {"oauth2": {"token_url": self.url, "client_id": self.client, "client_secret": self.secret}}

    def close(self):
        self._liar.close()

    def revoke(self):
        self.good.clear()

    def guard(self, request):
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return None if token in self.good else answer("401 Unauthorized", b"who is it")

    def new_token(self):
        return next(self._names)

    def _behave(self, request):
        form = urllib.parse.parse_qs(request.body.decode())
        self.fetches += 1
        if self.answers:
            return self.answers.pop(0)
        if request.headers.get("authorization") != self._basic() or form.get("grant_type") != ["client_credentials"]:
            return self._say("401 Unauthorized", {"error": "invalid_client"})
        token = self.new_token()
        self.good.add(token)
        return self._say("200 OK", {"access_token": token, "token_type": "Bearer", "expires_in": self.lifetime})

    @staticmethod
    def _say(status, value):
        return answer(status, json.dumps(value).encode(), ["Content-Type: application/json"])

    def _basic(self):
        return "Basic " + base64.b64encode(f"{self.client}:{self.secret}".encode()).decode()
