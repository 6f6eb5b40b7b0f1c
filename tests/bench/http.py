"""The cheapest HTTP client that can walk through the questionnaire: raw sockets, bytes, no parsing
beyond what a visitor needs. What it costs is taken away from the server it measures.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from types import TracebackType

CHUNK = 65536
PATIENCE = 60.0


class Unexpected(Exception):
    """An answer a visitor cannot go on with."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, head and body of one answer."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: bytes) -> bytes:
        """The value of a header, empty if there is none."""
        return between(self.head, b"\r\n" + name + b": ", b"\r\n")

    def cookies(self) -> dict[bytes, bytes]:
        """What the answer sets, by name."""
        lines = self.head.split(b"\r\nSet-Cookie: ")[1:]
        return dict(line.partition(b";")[0].split(b"=", 1) for line in lines)


class Connection:
    """One kept-alive connection."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE, (source, 0))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def ask(self, request: bytes) -> Answer:
        """Send a request and read its whole answer. Raises Unexpected if the server hangs up."""
        self._socket.sendall(request)
        received = self._more()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        head, body = received[: end + 2], received[end + 4 :]
        length = between(head, b"\r\nContent-Length: ", b"\r\n")
        if length:
            body = self._whole(body, int(length))
        elif b"\r\nTransfer-Encoding: chunked" in head:
            body = self._dechunked(body)
        return Answer(int(head[9:12]), head, body)

    def _more(self) -> bytes:
        received = self._socket.recv(CHUNK)
        if not received:
            raise Unexpected("the server closed the connection")
        return received

    def _whole(self, body: bytes, length: int) -> bytes:
        while len(body) < length:
            body += self._more()
        return body

    def _dechunked(self, coded: bytes) -> bytes:
        while not coded.endswith(b"0\r\n\r\n"):
            coded += self._more()
        body = b""
        while coded:
            size, _, coded = coded.partition(b"\r\n")
            length = int(size, 16)
            body, coded = body + coded[:length], coded[length + 2 :]
        return body


def between(text: bytes, before: bytes, after: bytes) -> bytes:
    """What stands between two marks, empty if the first is missing."""
    start = text.find(before)
    if start < 0:
        return b""
    start += len(before)
    return text[start : text.index(after, start)]


def get(path: bytes, cookie: bytes = b"") -> bytes:
    """The bytes of a GET."""
    return b"GET %b HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: %b\r\n\r\n" % (path, cookie)


def post(path: bytes, cookie: bytes, fields: bytes) -> bytes:
    """The bytes of a POST of an encoded form."""
    return (
        b"POST %b HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: %b\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%b"
    ) % (path, cookie, len(fields), fields)
