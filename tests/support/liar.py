"""A document service that misbehaves on demand: raw bytes on a socket, so that it can say what no HTTP library would."""
import socket
import ssl
import threading


class Request:
    def __init__(self, method, path, headers, body):
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body

    @property
    def document(self):
        return self.path.rsplit("/", 1)[-1]


class Liar:
    """`behave(request)` returns the bytes of the answer, or None: hold the connection and say nothing."""

    def __init__(self, behave, tls=None):
        self.behave = behave
        self.requests = []
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self._held = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def url(self):
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/documents/{{id}}"

    def close(self):
        self._listener.close()
        for connection in self._held:
            connection.close()

    def of(self, document):
        return [request for request in self.requests if request.document == document]

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            request = self._read(connection)
            if request is None:
                return
            self.requests.append(request)
            answer = self.behave(request)
            if answer is None:
                self._held.append(connection)
                return
            connection.sendall(answer)
            connection.close()
        except (OSError, ssl.SSLError):
            connection.close()

    @staticmethod
    def _read(connection):
        data = b""
        while b"\r\n\r\n" not in data:
            chunk = connection.recv(65536)
            if not chunk:
                return None
            data += chunk
        head, body = data.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", 0)):
            body += connection.recv(65536)
        method, path, _ = first.split(" ", 2)
        return Request(method, path, headers, body)


def answer(status, body=b"", headers=()):
    """An HTTP answer that says how long it is and that the connection ends."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
