"""A browser without a screen: one connection, its cookies, and the hidden fields of a page."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class ConnectionLost(Exception):
    """No answer came: what was asked for may have happened or not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    location: str
    text: str

    def hidden(self, name: str) -> str:
        """The value of a hidden field; raises KeyError when the page has none of that name."""
        return {n: html.unescape(v) for n, v in HIDDEN.findall(self.text)}[name]


class Visitor:
    """One person's browser on a server of this machine."""

    def __init__(self, port: int, *, timeout: float = 30) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Ask for a page. Raises ConnectionLost."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Sequence[tuple[str, str]]) -> Answer:
        """Send a form. Raises ConnectionLost."""
        return self._ask("POST", path, urlencode(fields).encode())

    def _ask(self, method: str, path: str, body: bytes | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{n}={v}" for n, v in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            text = response.read().decode()
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise ConnectionLost(str(error)) from error
        for line in response.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(response.status, response.headers.get("Location", ""), text)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def share(self, other: Visitor) -> None:
        """Be another tab of the same browser."""
        self._cookies = dict(other._cookies)
