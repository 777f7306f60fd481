"""A document service in memory behind real HTTP: the frame of those that are built from documentation."""
import dataclasses
import http.server
import json
import threading
import urllib.parse


@dataclasses.dataclass
class Ask:
    method: str
    path: str  # decoded, without the query
    query: dict
    headers: object
    body: bytes

    @property
    def json(self):
        return json.loads(self.body or b"{}")


class Refused(Exception):
    """An answer that is no success, in OData's form."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
        self.message = message


class Lost(Exception):
    """The connection is cut instead of an answer."""


class Simulator:
    """`handle(ask)` returns (status, headers, value or None), under one lock, or raises Refused or Lost."""

    def __init__(self):
        simulator = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                path, _, query = self.path.partition("?")
                ask = Ask(self.command, urllib.parse.unquote(path), dict(urllib.parse.parse_qsl(query)), self.headers, body)
                try:
                    status, headers, value = simulator.answer(ask)
                except Lost:
                    self.close_connection = True
                    return
                text = b"" if value is None else json.dumps(value).encode()
                self.send_response_only(status)
                for name, header in headers:
                    self.send_header(name, header)
                if status not in (204, 304):
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text if status not in (204, 304) else b"")

            do_GET = do_PUT = do_PATCH = do_POST = do_DELETE = any

            def log_message(self, *_):
                pass

        self.lock = threading.RLock()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.root = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def answer(self, ask):
        try:
            with self.lock:
                return self.handle(ask)
        except Refused as refused:
            return refused.status, [], {"error": {"code": None, "message": refused.message}}
