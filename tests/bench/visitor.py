"""What visitors do: fill the whole Selbstcheck, look at one question page again and again, or fetch
the bare page. Every answer is checked; a flow that does not end on a receipt is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from forms.definition import Question, Questionnaire
from tests.bench.http import Answer, Connection, Unexpected, between, get, post

OK, SEE_OTHER = 200, 303
RECEIPT = re.compile(rb"[0-9A-F]{4}-[0-9A-F]{4}-\d+")
TEXT = "Merkblätter in leicht verständlichem Deutsch\nEin offener Sprechtag"

Sheet = Mapping[bytes, bytes]
"""The encoded answers of each step."""


def full_sheet(questionnaire: Questionnaire) -> dict[bytes, bytes]:
    """Valid answers to every step, high enough that every follow-up is asked."""
    return {
        section.id.encode(): urlencode(
            [(q.id, value) for q in section.questions for value in _answers(questionnaire, q)]
        ).encode()
        for section in questionnaire.sections
    }


def _answers(questionnaire: Questionnaire, question: Question) -> list[str]:
    codes = [option.code for option in questionnaire.options(question)]
    if question.type in ("scale", "rating"):
        return codes[1:2]
    if question.type in ("ticks", "units"):
        return codes[:2]
    return [TEXT]


@dataclass(slots=True)
class Visitor:
    """Somebody with a fresh browser on one connection; counts its requests."""

    connection: Connection
    cookie: bytes = b""
    cookies: dict[bytes, bytes] = field(default_factory=dict)
    requests: int = 0
    pages: list[bytes] = field(default_factory=list)

    def get(self, path: bytes) -> Answer:
        """A page. Raises Unexpected for anything but 200."""
        return self._ask(get(path, self.cookie), OK, path)

    def post(self, path: bytes, page: Answer, fields: bytes) -> bytes:
        """Send the form of a page and return the address it leads to.

        Raises:
            Unexpected: anything but a redirect, such as the same page with a complaint.
        """
        hidden = b"csrf_token=%b&base=%b&submission_key=%b&then=next&%b" % (
            hidden_value(page, b"csrf_token"),
            hidden_value(page, b"base"),
            hidden_value(page, b"submission_key"),
            fields,
        )
        return self._ask(post(path, self.cookie, hidden), SEE_OTHER, path).header(b"Location")

    def _ask(self, request: bytes, expected: int, path: bytes) -> Answer:
        answer = self.connection.ask(request)
        self.requests += 1
        if answer.status != expected:
            raise Unexpected(f"{answer.status} instead of {expected}: {path.decode()}")
        if new := answer.cookies():
            self.cookies |= new
            self.cookie = b"; ".join(b"%b=%b" % pair for pair in self.cookies.items())
        return answer

    def begin(self, link: bytes) -> bytes:
        """Open a personal link, press its button, and return the address of the first step."""
        return self.post(link, self.get(link), b"")

    def fill(self, address: bytes, sheet: Sheet) -> bytes:
        """Pass every step from this address on; returns the address of the check page."""
        while (step := address.rpartition(b"/")[2]) in sheet:
            self.pages.append(step)
            address = self.post(address, self.get(address), sheet[step])
        return address

    def submit(self, address: bytes) -> bytes:
        """Submit on the check page and return the receipt's number.

        Raises:
            Unexpected: the last page shows no receipt.
        """
        result = self.get(self.post(address, self.get(address), b""))
        receipt = RECEIPT.search(result.body)
        if receipt is None:
            raise Unexpected("no receipt")
        return receipt[0]


def hidden_value(page: Answer, name: bytes) -> bytes:
    """The value of a hidden field; nothing in it needs encoding."""
    return between(page.body, b'name="%b" value="' % name, b'"')


def whole_flow(port: int, link: bytes, sheet: Sheet) -> int:
    """A fresh visitor from the link to the receipt; returns the number of requests.

    Raises:
        Unexpected: a page was missing, or there was no receipt.
    """
    with Connection(port) as connection:
        visitor = Visitor(connection)
        visitor.submit(visitor.fill(visitor.begin(link), sheet))
        if visitor.pages != list(sheet):
            raise Unexpected(f"passed {visitor.pages}")
        return visitor.requests
