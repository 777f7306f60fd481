"""Stands between worker and document service and goes wrong on purpose, in one thread of its own. It sees every request
whole and the service's answer to it, so it knows of every write whether it was done and whether the worker heard so."""
import asyncio
import collections
import random
import socket
import struct
import threading
import time

Message = collections.namedtuple("Message", "method path headers raw")
# `fault`: None or its name. `status`: of the service's answer, None: the service never had the whole request.
# `is_heard`: the whole answer was handed to the worker's side.
Write = collections.namedtuple("Write", "at_ms document if_match fault status is_heard is_again")


class FaultProxy:
    """A `share` of the writes, and half as many reads, meet a fault that is drawn with `seed`. `patience`: the
    seconds after which the worker gives an answer up; delays are drawn up to twice that."""

    def __init__(self, port, share=0.0, patience=1.0, seed=0):
        self.writes = []
        self._service_port = port
        self._share = share
        self._patience = patience
        self._random = random.Random(seed)
        self._left = set()  # writes after which the worker closed: perhaps the answer came too late for it
        self._last = {}  # document -> its last request, as bytes
        self._loop = asyncio.new_event_loop()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def unheard(self):
        """(document, If-Match) of every write whose answer the worker may not have had whole."""
        return {(write.document, write.if_match) for place, write in enumerate(self.writes)
                if not write.is_heard or place in self._left}

    def _run(self):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, sock=self._listener))
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader, writer):
        connection = Connection(self._service_port, reader, writer)
        try:
            while await self._pass(connection):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # one of the two sides closed, or the proxy: for the worker as good as no answer
        finally:
            if connection.last_write is not None:
                self._left.add(connection.last_write)
            connection.close()

    async def _pass(self, connection):
        """One request and its answer; False: the connection is over."""
        request = await read_message(connection.reader)
        if request is None:
            return False
        connection.requests += 1
        at_ms = time.time_ns() // 1_000_000
        document = request.path.rsplit("/", 1)[-1]
        is_again = self._last.get(document) == request.raw
        self._last[document] = request.raw
        fault = self._draw(request, connection)
        connection.status = None
        is_heard = False
        try:
            is_heard = await (fault or passed)(self._random, self._patience, connection, request)
        finally:
            if request.method != "GET":
                connection.last_write = len(self.writes)
                self.writes.append(Write(at_ms, document, request.headers.get("if-match"),
                                         fault and fault.__name__, connection.status, is_heard, is_again))
            else:
                connection.last_write = None
        return is_heard

    def _draw(self, request, connection):
        if self._random.random() >= (self._share / 2 if request.method == "GET" else self._share):
            return None
        return self._random.choice(FAULTS if connection.requests > 1 else FAULTS[:-1])


class Connection:
    """The worker's connection, and the one to the service that belongs to it."""

    def __init__(self, service_port, reader, writer):
        self.reader = reader
        self.writer = writer
        self.requests = 0
        self.status = None
        self.last_write = None
        self._service_port = service_port
        self._service = None

    async def ask(self, request):
        """The service's answer, as bytes."""
        if self._service is None:
            self._service = await asyncio.open_connection("127.0.0.1", self._service_port)
        reader, writer = self._service
        writer.write(request.raw)
        answer = await read_message(reader)
        if answer is None:
            raise ConnectionError("the service closed")
        self.status = int(answer.path)  # the second word of the first line
        return answer.raw

    async def tell_a_part(self, data):
        """The service gets so much of a request, and then the end of the connection."""
        _, writer = await asyncio.open_connection("127.0.0.1", self._service_port)
        writer.write(data)
        writer.close()

    def close(self, is_reset=False):
        if is_reset:
            self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.close()
        if self._service is not None:
            self._service[1].close()


async def read_message(reader):
    """A request or an answer with its body; None where the connection ends before one."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if name}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    method, path = first.split(" ")[:2]
    return Message(method, path, headers, head + body)


# --- faults: true where the worker's side was handed the whole answer ----------------------------------

async def passed(_random, _patience, connection, request):
    connection.writer.write(await connection.ask(request))
    return True


async def delay(random, patience, connection, request):
    waits = random.uniform(0, 2 * patience), 0
    before, after = waits if random.random() < 0.5 else reversed(waits)
    await asyncio.sleep(before)
    answer = await connection.ask(request)
    await asyncio.sleep(after)
    return hand_over(connection, answer)


async def slow_bytes(random, patience, connection, request):
    answer = await connection.ask(request)
    pieces = random.randrange(2, 20)
    wait = random.uniform(0, 2 * patience) / pieces
    for begin in range(0, len(answer), len(answer) // pieces):
        if connection.reader.at_eof():
            return False
        connection.writer.write(answer[begin:begin + len(answer) // pieces])
        await asyncio.sleep(wait)
    return True


async def cut_request(random, _patience, connection, request, is_reset=False):
    size = random.randrange(len(request.raw) + 1)
    if size == len(request.raw):
        await connection.ask(request)
    else:
        await connection.tell_a_part(request.raw[:size])
    connection.close(is_reset)
    return False


async def reset_request(random, patience, connection, request):
    return await cut_request(random, patience, connection, request, is_reset=True)


async def cut_answer(random, _patience, connection, request, is_reset=False):
    answer = await connection.ask(request)
    connection.writer.write(answer[:random.randrange(len(answer))])
    await connection.writer.drain()
    connection.close(is_reset)
    return False


async def reset_answer(random, patience, connection, request):
    return await cut_answer(random, patience, connection, request, is_reset=True)


async def half_open(random, _patience, connection, request):
    if random.random() < 0.5:
        await connection.ask(request)
    await connection.reader.read()  # until the worker has had enough
    return False


async def kept_connection_closed(_random, _patience, connection, request):
    """libcurl sends again by itself what a connection that served before was closed upon without a byte."""
    await connection.ask(request)
    connection.close()
    return False


def hand_over(connection, answer):
    if connection.reader.at_eof():
        return False
    connection.writer.write(answer)
    return True


FAULTS = (delay, slow_bytes, cut_request, reset_request, cut_answer, reset_answer, half_open, kept_connection_closed)
