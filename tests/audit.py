"""What must be true of every answer of the service, whatever it answers to."""

from __future__ import annotations

import re

import html5lib
from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CSP = ("default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "prs", "ps"})
# What differs between two fetches of the same page.
CHANGING = re.compile(
    r'name="(?:csrf_token|base|submission_key)" value="[^"]*"|<code>[^<]*</code>|/w/[^/"]+/[^/"]+'
)
OWN_SCRIPT = re.compile(r"/static/[0-9a-f]+/zugangscheck\.js")
_audited: set[str] = set()


def audit(response: TestResponse, address: str) -> None:
    """Raises AssertionError naming what is wrong with an answer."""
    place = f"{response.request.method} {address} → {response.status_code}"
    assert response.status_code < 500, f"{place}: {response.text[:2000]}"
    _audit_headers(response, place)
    if response.mimetype != "text/html" or response.location or not response.text:
        return
    html = response.text
    assert "Traceback" not in html, place
    _audit_language(response, html, place)
    kind = f"{CHANGING.sub('', html)}{response.request.path.split('/')[1]}"
    if kind not in _audited:
        _audit_html(html, place)
        _audited.add(kind)


def _audit_headers(response: TestResponse, place: str) -> None:
    headers = response.headers
    for name, value in HEADERS.items():
        assert headers.get(name) == value, f"{place}: {name} is {headers.get(name)}"
    policy = headers["Content-Security-Policy"]
    assert all(rule in policy for rule in CSP), f"{place}: {policy}"
    assert "unsafe" not in policy, f"{place}: {policy}"
    assert headers["X-Request-Id"], f"{place}: no request id"
    if "/static/" not in response.request.path and response.request.path != "/favicon.ico":
        assert headers.get("Cache-Control") == "no-store", f"{place}: may be cached"


def _audit_language(response: TestResponse, html: str, place: str) -> None:
    language = response.headers.get("Content-Language")
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in html, f"{place}: {language}"


def _audit_html(html: str, place: str) -> None:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parse(html)
    assert not parser.errors, f"{place}: {parser.errors[0]}"
    soup = BeautifulSoup(html, "html.parser")
    problems = [
        *_outline_problems(soup),
        *_id_problems(soup),
        *_form_problems(soup),
        *_inline_problems(soup),
    ]
    assert not problems, f"{place}: {problems}"


def _outline_problems(soup: BeautifulSoup) -> list[str]:
    found = [] if len(soup.find_all("h1")) == 1 else [f"{len(soup.find_all('h1'))} h1"]
    title = soup.title.get_text().strip() if soup.title else ""
    if not title or title.startswith("–"):
        found.append(f"title „{title}“")
    if len(soup.find_all("main")) != 1:
        found.append("not one main")
    # Headings that skip a level leave readers of a list of headings guessing.
    levels = [int(h.name[1]) for h in soup.select("main h1, main h2, main h3, main h4")]
    after = levels[levels.index(1) :] if 1 in levels else []
    found += [f"h{a} then h{b}" for a, b in zip(after, after[1:], strict=False) if b > a + 1]
    return found


def _id_problems(soup: BeautifulSoup) -> list[str]:
    ids = [str(e["id"]) for e in soup.find_all(id=True)]
    found = [f"id {name} twice" for name in set(ids) if ids.count(name) > 1]
    for attribute in ("for", "aria-labelledby", "aria-describedby", "form"):
        for element in soup.select(f"[{attribute}]"):
            value = element[attribute]
            names = value if isinstance(value, list) else str(value).split()
            found += [f"{attribute}={name} leads nowhere" for name in names if name not in ids]
    targets = [str(a["href"])[1:] for a in soup.select('a[href^="#"]')]
    return found + [f"#{name} leads nowhere" for name in targets if name not in ids]


def _form_problems(soup: BeautifulSoup) -> list[str]:
    found = []
    for form in soup.find_all("form"):
        token = form.select('input[name="csrf_token"]')
        if str(form.get("method")).lower() == "post" and not (token and token[0].get("value")):
            found.append(f"form to {form.get('action')} without token")
    for field in soup.find_all(["input", "select", "textarea"]):
        hidden = field.get("type") == "hidden" or field.has_attr("hidden")
        if not hidden and not _labelled(soup, field):
            found.append(f"field {field.get('name')} without label")
    found += [
        f"button without words: {button}"
        for button in soup.find_all("button")
        if not button.get_text().strip() and button.get("aria-hidden") != "true"
    ]
    return found


def _labelled(soup: BeautifulSoup, field: Tag) -> bool:
    around = field.find_parent("label")
    pointing = soup.select_one(f'label[for="{field["id"]}"]') if field.get("id") else None
    label = around or pointing
    return bool(field.get("aria-label") or (label and label.get_text().strip()))


def _own(element: Tag) -> bool:
    """Our one script, as a file that waits for the page and is not needed for it."""
    source = str(element.get("src", ""))
    return bool(OWN_SCRIPT.fullmatch(source)) and element.has_attr("defer") and not element.string


def _inline_problems(soup: BeautifulSoup) -> list[str]:
    found = [f"inline {e.name}" for e in soup.find_all(["style", "script"]) if not _own(e)]
    for element in soup.find_all(True):
        found += [
            f"{name} on {element.name}"
            for name in element.attrs
            if name == "style" or name.startswith("on")
        ]
    found += [
        f"foreign address {e[name]}"
        for name in ("src", "href")
        for e in soup.select(f"[{name}]")
        if re.match(r"(?:[a-z]+:)?//", str(e[name]))
    ]
    return found
