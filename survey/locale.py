"""Languages: from the address, with their direction, messages and switch links.

The only module that knows Flask-Babel. A language is a folder of `translations/` with a
`language.toml`; adding one adds files only. Order of precedence: address > cookie >
Accept-Language > German. What a respondent meets is the domain `messages`, the desk is `desk`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_app_context, request
from flask_babel import Babel
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.wrappers import Response as AnyResponse

from config import USUAL_CONTACT

SOURCE_LANGUAGE = "de"
DOMAINS = ("messages", "desk")
COOKIE = "language"
COOKIE_SECONDS = 180 * 24 * 3600
LAST = 1000
"""Where a language stands whose file names no order."""
TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"


@dataclass(frozen=True, slots=True)
class Language:
    """A language people can choose; `babel`, the name of its folder, is what Babel knows it by.

    `region` names whose dates and numbers are written, where the language alone leaves it open.
    `aliases` are what else browsers call it; `whole` means that every text outside questionnaires
    is there, `reviewed` that a native speaker has read every text there is.
    """

    code: str
    name: str
    direction: str
    babel: str
    region: str = ""
    aliases: tuple[str, ...] = ()
    whole: bool = True
    reviewed: bool = True

    @property
    def conventions(self) -> str:
        """The locale whose dates and numbers are written."""
        return self.region or self.babel


def languages(folder: Path = TRANSLATIONS) -> dict[str, Language]:
    """All languages by the code used in addresses, in the order they are offered in."""
    found = [_language(path) for path in folder.glob("*/language.toml")]
    found.sort(key=lambda each: each[:2])
    return {language.code: language for _order, _code, language in found}


def _language(path: Path) -> tuple[int, str, Language]:
    entry = tomllib.loads(path.read_text(encoding="utf-8"))
    babel, region = path.parent.name, entry.get("region", "")
    Locale.parse(babel)  # an unknown name would end in an error on every page
    Locale.parse(region or babel)
    code = entry.get("code", babel)
    names = (code, entry["name"], entry["direction"], babel, region)
    aliases = tuple(entry.get("aliases", ()))
    language = Language(*names, aliases, *_state(path.parent, babel))
    return 0 if code == SOURCE_LANGUAGE else entry.get("order", LAST), code, language


def _state(home: Path, babel: str) -> tuple[bool, bool]:
    catalogue = home / "LC_MESSAGES" / "messages.po"
    if babel == SOURCE_LANGUAGE:
        return True, True
    return _counted(catalogue, catalogue.stat().st_mtime_ns) if catalogue.exists() else (False,) * 2


@lru_cache(maxsize=64)
def _counted(catalogue: Path, _changed: int) -> tuple[bool, bool]:
    """(all texts outside questionnaires are there, all texts are reviewed).

    Read as text, not as a catalogue: every process asks when it starts.
    """
    entries = catalogue.read_text(encoding="utf-8").strip().split("\n\n")[1:]
    ours = [entry for entry in entries if "\nmsgctxt " not in entry]
    done = [entry for entry in ours if entry.startswith(("# translated ", "# reviewed "))]
    reviewed = all(entry.startswith("# reviewed ") for entry in entries)
    return bool(ours) and len(done) == len(ours), reviewed


def negotiate(known: Mapping[str, Language], cookie: str | None, accept: LanguageAccept) -> str:
    """The best language for somebody whose address names none."""
    if cookie is not None and cookie in known:
        return cookie
    by_name = {alias.lower(): each.code for each in known.values() for alias in each.aliases}
    by_name |= {code.lower(): code for code in known}
    for asked in (value for value, quality in accept if quality):
        # Werkzeug's own search takes a later „de" before an earlier „ar-SY" that is only near.
        for name in (asked.lower(), asked.lower().partition("-")[0]):
            if name in by_name:
                return by_name[name]
    return SOURCE_LANGUAGE


def current() -> Language:
    """The language of this request, or of what is being written; German outside both."""
    if has_app_context() and "language" in g:
        language: Language = g.language
        return language
    return Language(SOURCE_LANGUAGE, "Deutsch", "ltr", "de")


def choose(language: Language) -> None:
    """Answer this request in a language."""
    g.language = language
    g.pop("translations", None)


@contextmanager
def speaking(app: Flask, code: str) -> Iterator[None]:
    """Write in a language outside a request: for documents made by the worker.

    Raises:
        KeyError: the application has no such language.
    """
    with app.app_context():
        choose(app.extensions["languages"][code])
        yield


def _translations(domain: str) -> Any:
    """A domain's messages in the language of the request; German outside an application."""
    if not has_app_context():
        return NullTranslations()
    # Looked up once a request and not once a message: a page has a hundred of them.
    held: dict[str, Any] | None = g.get("translations")
    if held is None:
        catalogues: Catalogues = current_app.extensions["catalogues"]
        babel = current().babel
        held = {name: catalogues.get(name, babel) for name in DOMAINS}
        if "language" in g:
            g.translations = held
    return held[domain]


class Catalogues:
    """The compiled messages of one application, each file read once.

    Flask-Babel's Domain does the same, but looks for the language anew with every message: on a
    page of a hundred messages that costs more than drawing it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._read: dict[tuple[str, str], NullTranslations] = {}

    def get(self, domain: str, babel: str) -> NullTranslations:
        """The messages of a domain in a language; without a file all stay German."""
        if (domain, babel) not in self._read:
            catalogue = Translations.load(self._folder, [Locale.parse(babel)], domain)
            self._read[domain, babel] = catalogue
        return self._read[domain, babel]


def gettext(message: str, **values: Any) -> str:
    """A message of the respondents' domain in the language of the request."""
    translated = str(_translations("messages").ugettext(message))
    return translated % values if values else translated


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """The same of a number of things, in the form the language has for so many."""
    text = str(_translations("messages").ungettext(singular, plural, num))
    return text % {"num": num, **values}


def desk_gettext(message: str, **values: Any) -> str:
    """A message of the desk; what the desk shares with respondents comes from their domain."""
    translated = _translations("desk").ugettext(message)
    if translated == message:
        return gettext(message, **values)
    return translated % values if values else str(translated)


def _template_gettext(message: str, **values: Any) -> Markup:
    """`_()` of templates. Messages come from our catalogues and are safe; values are escaped.

    Jinja's own wrapper does the same through three calls of its context for every message.
    """
    text = Markup(desk_gettext(message) if g.get("desk") else gettext(message))  # noqa: S704
    return text % values if values or "%" in text else text


def _template_ngettext(singular: str, plural: str, num: int, **values: Any) -> Markup:
    text = _translations("messages").ungettext(singular, plural, num)
    if g.get("desk"):
        own = _translations("desk").ungettext(singular, plural, num)
        text = text if own in (singular, plural) else own
    return Markup(text) % {"num": num, **values}  # noqa: S704  # as above


def german(text: str) -> Markup:
    """A name as the city wrote it, said to be German and kept in one piece in any direction."""
    if current().babel.partition("@")[0] == SOURCE_LANGUAGE:
        return Markup("<bdi>{}</bdi>").format(text)
    return Markup('<bdi lang="de">{}</bdi>').format(text)


def office_name(office: str) -> Markup:
    """The office that asks: in the reader's words where it is called as usual, else in German."""
    if office != USUAL_CONTACT or current().babel.partition("@")[0] == SOURCE_LANGUAGE:
        return german(office)
    return Markup("<bdi>{}</bdi>").format(
        gettext("Büro der Integrations- und Ausländerbeauftragten")
    )


def in_one_piece(text: object) -> Markup:
    """Figures, codes and addresses: from left to right, whatever stands around them."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)


def day(moment: datetime, zone: Any) -> str:
    """A date in the reader's language, in the city's time zone."""
    return long_date(moment.astimezone(zone).date())


def long_date(on: date) -> str:
    """A date in the reader's language."""
    return _long_date(on, current().conventions)


@lru_cache(maxsize=1024)
def _long_date(on: date, babel: str) -> str:
    return format_date(on, "long", locale=babel)


def last_day(closing: datetime, zone: Any) -> str:
    """The last full day before a closing, which is the midnight after it."""
    return day(closing - timedelta(seconds=1), zone)


def percent(share: float) -> str:
    """A share as a percentage without decimals, as the language writes it; halves go up."""
    return percent_as(share, current().conventions)


@lru_cache(maxsize=1024)
def percent_as(share: float, conventions: str) -> str:
    """The same by the conventions of a locale."""
    return str(format_percent(_half_up(share, "0.01"), locale=conventions))


def _half_up(number: float, step: str) -> Decimal:
    """Rounded as people and spreadsheets round: halves away from zero."""
    return Decimal(repr(float(number))).quantize(Decimal(step), ROUND_HALF_UP)


def decimal(number: float) -> str:
    """A number with one decimal, as the language writes it."""
    return decimal_as(number, "#,##0.0", current().conventions)


@lru_cache(maxsize=4096)
def decimal_as(number: float, pattern: str, conventions: str) -> str:
    """A number in a pattern of at most one decimal, by the conventions of a locale."""
    return str(format_decimal(_half_up(number, "0.1"), pattern, locale=conventions))


def signed(number: float) -> str:
    """A difference with its sign, whole or with one decimal: +2, −1,5, and 0 without a sign."""
    pattern = "#,##0" if isinstance(number, int) else "#,##0.0"
    shown = decimal_as(abs(number), pattern, current().conventions)
    if not round(number, 1):
        return shown
    return f"{'+' if number > 0 else chr(0x2212)}{shown}"


def plain(number: float) -> str:
    """A number as it is, with one decimal at most."""
    shown = decimal_as(abs(number), "#,##0.#", current().conventions)
    return f"{chr(0x2212)}{shown}" if number < 0 else shown


def size(number: int) -> str:
    """So many bytes in a unit people know: 585 kB, 2,4 MB."""
    if number < 1_000_000:  # noqa: PLR2004  # a megabyte
        return f"{plain(max(1, round(number / 1000)))}\N{NO-BREAK SPACE}kB"
    return f"{decimal(number / 1_000_000)}\N{NO-BREAK SPACE}MB"


def listed(words: list[str]) -> str:
    """Words joined as the language joins them."""
    return format_list(words, locale=current().babel)


def init_app(app: Flask, folder: Path = TRANSLATIONS) -> None:
    """Tie the languages of a folder, their catalogues and template helpers to the application."""
    # A page half in another language helps nobody: a language is spoken when its texts are whole.
    app.extensions["languages"] = {c: each for c, each in languages(folder).items() if each.whole}
    app.extensions["catalogues"] = Catalogues(folder)
    app.config["BABEL_DEFAULT_LOCALE"] = SOURCE_LANGUAGE
    Babel(
        app,
        locale_selector=lambda: current().babel,
        default_translation_directories=str(folder),
    )
    app.jinja_env.globals.update(
        _=_template_gettext,
        ngettext=_template_ngettext,
        current_language=current,
        languages=app.extensions["languages"],
    )
    app.jinja_env.filters.update(
        german=german,
        office=office_name,
        ltr=in_one_piece,
        percent=percent,
        decimal=decimal,
        listed=listed,
        signed=signed,
        plain=plain,
        bytes=size,
    )


def remember_language(response: AnyResponse) -> AnyResponse:
    """Let addresses without a language lead this browser to the one chosen by the address.

    Nothing is set for those who read what their browser asks for anyway.
    """
    if current().code == preferred():
        return response
    response.set_cookie(
        COOKIE,
        current().code,
        max_age=COOKIE_SECONDS,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return response


def request_languages() -> dict[str, Language]:
    """All languages of the running application."""
    known: dict[str, Language] = current_app.extensions["languages"]
    return known


def preferred() -> str:
    """The negotiated language of a request whose address names none."""
    return negotiate(request_languages(), request.cookies.get(COOKIE), request.accept_languages)
