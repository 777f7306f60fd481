"""Stands between worker and document service: passes everything on, and does what a test asks for with the next write of
a document. It counts the writes that the service accepted."""
import collections
import http.client
import http.server
import threading
import urllib.parse

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


class Trouble:
    def __init__(self, host, port):
        self.accepted = collections.Counter()  # path -> writes with a status below 300
        self.dropped = set()  # names of headers, in lower case, that never reach the service
        self._target = (host, port)
        self._plans = collections.defaultdict(list)
        self._lock = threading.Lock()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.netloc = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def in_front_of(self, url):
        return urllib.parse.urlunsplit(urllib.parse.urlsplit(url)._replace(netloc=self.netloc))

    def before_write(self, document, call):
        """Somebody else is faster."""
        self._plans[document].append(("before", call))

    def answer_write(self, document, status, headers, body):
        """The service never has it; this is answered for it."""
        self._plans[document].append(("answer", (status, headers, body)))

    def lose_answer(self, document):
        """Written, and the connection is cut before a byte of the answer."""
        self._plans[document].append(("lose", None))

    def writes_accepted(self, document):
        return sum(count for path, count in self.accepted.items() if document in path)

    def _take(self, path):
        with self._lock:
            for document, plans in self._plans.items():
                if document in path and plans:
                    return plans.pop(0)
        return "pass", None

    def _forward(self, method, path, headers, body):
        connection = http.client.HTTPConnection(*self._target, timeout=30)
        try:
            connection.request(method, path, body, {**headers, "Host": "%s:%d" % self._target})
            answer = connection.getresponse()
            if method != "GET" and answer.status < 300:
                with self._lock:
                    self.accepted[path] += 1
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def _handler(trouble):  # noqa: N805: the handler's own self is another
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name: value for name, value in self.headers.items()
                           if name.lower() not in HOP_BY_HOP | {"host"} | trouble.dropped}
                kind, what = ("pass", None) if self.command == "GET" else trouble._take(self.path)
                if kind == "answer":
                    return self.reply(*what)
                if kind == "before":
                    what()
                answer = trouble._forward(self.command, self.path, headers, body or None)
                if kind == "lose":
                    self.close_connection = True
                    return None
                return self.reply(*answer)

            do_GET = do_PUT = do_PATCH = do_POST = do_DELETE = handle_any

            def reply(self, status, headers, body):
                self.send_response_only(status)
                for name, value in headers:
                    if name.lower() not in HOP_BY_HOP:
                        self.send_header(name, value)
                if status not in (204, 304):
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if status not in (204, 304):
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler
