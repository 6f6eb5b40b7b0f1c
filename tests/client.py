"""A browser without scripts, and an audit of every page it fetches.

page = Browser(world).visit(link).press("Beginnen").answer(q1=5, q2=4, q3=3).next()
assert page.heading == "Organisation/Behörde"
"""

from __future__ import annotations

import re
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from survey.logs import configure_logging
from tests.audit import audit
from tests.world import World

MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
Fields = MultiDict[str, Any]

# As in production: the default draws every traceback with all variables, which takes seconds.
configure_logging()


class SharedTemplates(BytecodeCache):
    """Templates compiled once for all applications of a test run."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what another application compiled."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


_templates = SharedTemplates()


class Browser:
    """One browser session: its cookies and nothing else survive from page to page."""

    def __init__(self, world: World | Flask, *, base_url: str = "http://127.0.0.1:8000") -> None:
        app = world.app if isinstance(world, World) else world
        app.jinja_env.bytecode_cache = _templates
        self.base_url = base_url
        self.client = app.test_client()
        self.addresses: list[str] = []
        """Every address opened, redirects included."""

    def visit(self, address: str, *, status: int | None = 200, method: str = "GET") -> Page:
        """Open an address, follow redirects, and expect a status (None for any)."""
        return self._open(address, status, method=method)

    def send(self, address: str, fields: Fields | dict[str, Any], *, status: int = 200) -> Page:
        """POST these fields as they are: for what no form of ours would send."""
        return self._open(address, status, method="POST", data=fields)

    def _open(self, address: str, status: int | None, **request: Any) -> Page:
        for _ in range(MOST_REDIRECTS):
            self.addresses.append(address)
            response = self.client.open(address, base_url=self.base_url, **request)
            # A large body lies in a temporary file.
            response.request.environ["wsgi.input"].close()
            audit(response, address)
            if response.status_code not in REDIRECTS:
                page = Page(self, response, address)
                assert status in (None, response.status_code), f"{address}: {page.say()}"
                return page
            assert request["method"] == "GET" or response.status_code == 303, address
            address = urljoin(address, response.location)
            request = {"method": "GET"}
        raise AssertionError(f"redirects without end: {self.addresses[-MOST_REDIRECTS:]}")

    def lose_session(self) -> None:
        """Forget every cookie, as a browser does that was closed."""
        cookies = self.client._cookies
        if cookies:
            cookies.clear()

    def lose_form_token(self) -> None:
        """Let the token of every open form expire while the session goes on."""
        with self.client.session_transaction(base_url=self.base_url) as session:
            session.pop("csrf_token", None)


class Page:
    """A page that was fetched, and what a person can do with it."""

    def __init__(self, browser: Browser, response: TestResponse, address: str) -> None:
        self.browser = browser
        self.response = response
        self.address = address
        self.status = response.status_code
        self.html = _text(response)
        self.soup = BeautifulSoup(self.html, "html.parser")
        self._form: Tag | None = None
        self._typed: dict[str, Any] = {}

    # --- reading ---------------------------------------------------------------------------------

    @property
    def path(self) -> str:
        """The address without host and query."""
        return urlsplit(self.address).path

    @property
    def step(self) -> str:
        """The last part of the address."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def heading(self) -> str:
        """The words of the one h1."""
        return words(self.soup.find("h1"))

    @property
    def text(self) -> str:
        """The words of the main part."""
        return words(self.soup.find("main"))

    def one(self, selector: str) -> Tag:
        """The only element of a kind."""
        found = self.soup.select(selector)
        assert len(found) == 1, f"{len(found)} of {selector} in {self.say()}"
        return found[0]

    def all(self, selector: str) -> list[str]:
        """The words of every element of a kind."""
        return [words(element) for element in self.soup.select(selector)]

    def value(self, name: str) -> str | list[str]:
        """What a field holds; a list for tick-boxes."""
        given = _held(self.form)
        ticks = self.form.select(f'input[type=checkbox][name="{name}"]')
        return given.getlist(name) if ticks else given.get(name, "")

    def say(self) -> str:
        """The page for a message of a failed test."""
        return f"{self.status} {self.path}: {words(self.soup) or self.html[:300]}"

    # --- doing -----------------------------------------------------------------------------------

    @property
    def form(self) -> Tag:
        """The form in use: the answers, else the only one of the main part."""
        if self._form is None:
            forms = self.soup.select("main form")
            named = [form for form in forms if form.get("id") == "answers"]
            assert len(named or forms) == 1, f"{len(forms)} forms in {self.say()}"
            self._form = (named or forms)[0]
        return self._form

    def in_form(self, ending: str) -> Self:
        """Use the form whose address ends so."""
        forms = [f for f in self.soup.find_all("form") if str(f.get("action")).endswith(ending)]
        assert len(forms) == 1, f"{len(forms)} forms to {ending} in {self.say()}"
        self._form = forms[0]
        return self

    def with_button(self, label: str) -> Self:
        """Use the form in which the button with these words stands."""
        buttons = [b for b in self.soup.find_all("button") if words(b) == label]
        assert len(buttons) == 1, f"{len(buttons)} buttons „{label}“ in {self.say()}"
        self._form = self._owner(buttons[0])
        return self

    def _owner(self, button: Tag) -> Tag | None:
        return (
            self.one(f"form#{button['form']}")
            if "form" in button.attrs
            else button.find_parent("form")
        )

    def answer(self, fields: dict[str, Any] | None = None, **more: Any) -> Self:
        """Type and tick; every name must be a field of the form, every choice one it offers."""
        for name, value in {**(fields or {}), **more}.items():
            inputs = _fields(self.form, f'[name="{name}"]')
            assert inputs, f"no field {name} in {self.say()}"
            wanted = [str(v) for v in value] if isinstance(value, list) else [value]
            if inputs[0].get("type") in ("radio", "checkbox"):
                wanted = list(map(str, wanted))
                offered = {str(each.get("value")) for each in inputs}
                assert offered.issuperset(wanted), f"{name} offers {offered}, not {wanted}"
            self._typed[name] = wanted
        return self

    def next(self, *, status: int = 200) -> Page:
        """Save and go on."""
        return self.submit("next", status=status)

    def submit(self, then: str | None = None, *, status: int = 200) -> Page:
        """Send the form with the button of this value, or with its first button."""
        buttons = self.soup.select(f'button[form="{self.form.get("id")}"]')
        buttons += self.form.find_all("button")
        wanted = [b for b in buttons if then is None or b.get("value") == then]
        assert wanted, f"no button {then} in {self.say()}"
        return self._send(wanted[0], status)

    def press(self, label: str, *, status: int = 200) -> Page:
        """Press the button with these words, in whichever form it stands."""
        buttons = [b for b in self.soup.find_all("button") if words(b).startswith(label)]
        assert len(buttons) == 1, f"{len(buttons)} buttons „{label}“ in {self.say()}"
        self._form = self._owner(buttons[0])
        return self._send(buttons[0], status)

    def _send(self, button: Tag, status: int) -> Page:
        fields = _held(self.form)
        for name, values in self._typed.items():
            fields.setlist(name, values)
        if button.get("name"):
            fields.add(str(button["name"]), str(button.get("value", "")))
        action = button.get("formaction") or self.form.get("action") or self.address
        address = urljoin(self.address, str(action))
        assert self.form.get("method", "").lower() == "post", f"a GET form in {self.say()}"  # type: ignore[union-attr]
        return self.browser.send(address, fields, status=status)

    def follow(self, label: str, *, status: int = 200) -> Page:
        """Click the link with these words."""
        found = {str(a["href"]) for a in self.soup.find_all("a", href=True) if words(a) == label}
        assert len(found) == 1, f"{len(found)} links „{label}“ in {self.say()}"
        return self.browser.visit(urljoin(self.address, found.pop()), status=status)


def _text(response: TestResponse) -> str:
    """The body as text; nothing of a document, which is no text."""
    try:
        return response.text
    except UnicodeDecodeError:
        return ""


def words(element: Tag | None) -> str:
    """The text of an element as it reads, white space joined."""
    if element is None:
        return ""
    if element.find("bdi"):
        # A name in a language of its own stands in its sentence, not beside it.
        element = BeautifulSoup(re.sub(r"</?bdi[^>]*>", "", str(element)), "html.parser")
    return re.sub(r"\s+", " ", element.get_text(" ")).strip()


def _fields(form: Tag, kinds: str) -> list[Tag]:
    """The fields of a form: those in it, and those that name it."""
    page = form.find_parents()[-1]
    outside = [f for f in page.select(kinds) if form.get("id") and f.get("form") == form["id"]]
    return [*form.select(kinds), *outside]


def _held(form: Tag) -> Fields:
    """What a browser would send of an untouched form."""
    fields: Fields = MultiDict()
    for field in _fields(form, "input, textarea, select"):
        name, kind = str(field.get("name", "")), field.get("type")
        if field.name == "textarea":
            # A newline directly after the tag belongs to the tag.
            fields.add(name, field.get_text().removeprefix("\n"))
        elif field.name == "select":
            options = field.find_all("option")
            chosen = [o for o in options if o.has_attr("selected")] or options[:1]
            fields.setlist(name, [str(o.get("value", words(o))) for o in chosen])
        elif kind in ("radio", "checkbox"):
            if field.has_attr("checked"):
                fields.add(name, str(field.get("value", "on")))
        elif kind != "file":
            fields.add(name, str(field.get("value", "")))
    return fields
