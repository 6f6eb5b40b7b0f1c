"""English is whole: who walks through the service in English reads no German."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from survey.catalogues import DomainRule
from survey.locale import TRANSLATIONS
from tests.client import Browser, Page
from tests.translations.folders import DESK, MESSAGES, change, entries, entry, invite
from tests.world import SELBSTCHECK, World

ONLY_US = f"only-us/{SELBSTCHECK}"
PARTLY = {f"q{number}": "3" for number in range(1, 9)}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
READ_ALOUD = ("title", "aria-label", "alt", "placeholder", "content", "value")


@dataclass(frozen=True, slots=True)
class German:
    """A German text with its placeholders open; `sure` is a piece quickly looked for."""

    pattern: re.Pattern[str]
    sure: str

    def stands_in(self, words: str) -> bool:
        """Whether somebody reading these words reads this text."""
        return self.sure in words and self.pattern.search(words) is not None


def german_texts(domain: DomainRule, folder: Path) -> dict[str, German]:
    """The German texts of a domain, without those that English uses as well."""
    real = TRANSLATIONS / "en" / "LC_MESSAGES"
    english = " ".join(str(m.string) for each in real.glob("*.po") for m in entries(each))
    ids = [m.id for m in entries(folder / "en" / "LC_MESSAGES" / f"{domain.name}.po")]
    texts = {text for i in ids for text in ([i] if isinstance(i, str) else i)}
    found = {text: _german(text.strip()) for text in texts}
    return {t: g for t, g in found.items() if g.sure.strip() and not g.stands_in(english)}


def _german(text: str) -> German:
    pieces = [piece.replace("%%", "%") for piece in PLACEHOLDER.split(text)]
    pattern = ".+?".join(map(re.escape, pieces))
    return German(re.compile(rf"(?<!\w){pattern}(?!\w)"), max(pieces, key=len))


def german_read(reader: Reader, texts: dict[str, German]) -> set[tuple[str, str]]:
    """(address, German text) of everything German somebody reads or hears."""
    return {
        (page.path, text)
        for page in reader.read
        for words in [" \n ".join(_read(page.soup))]
        for text, german in texts.items()
        if german.stands_in(words)
    }


def _read(soup: BeautifulSoup) -> Iterator[str]:
    # What is marked as German may be German; what a field holds was typed.
    for kept in soup.select('[lang="de"], textarea'):
        kept.extract()
    for element in soup.find_all(True):
        assert isinstance(element, Tag)
        if element.name != "input":
            yield from (str(element[name]) for name in READ_ALOUD if element.has_attr(name))
        words = "".join(element.find_all(string=True, recursive=False))
        yield re.sub(r"\s+", " ", words).strip()


class Reader(Browser):
    """A browser that keeps every page it has shown."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.read: list[Page] = []

    def visit(self, address: str, *, status: int | None = 200, method: str = "GET") -> Page:
        """As every browser, and keep the page."""
        self.read.append(super().visit(address, status=status, method=method))
        return self.read[-1]

    def send(self, address: str, fields: Any, *, status: int = 200) -> Page:
        """As every browser, and keep the page."""
        self.read.append(super().send(address, fields, status=status))
        return self.read[-1]


def walk_as_respondent(world: World) -> Reader:
    """Every page of a respondent, in English: two rounds, with mistakes on the way."""
    reader = Reader(world)
    first = invite(world, "w1", "Round one")
    _fill(reader.visit(world.link(first, "en")).press("Begin"))
    world.move_closing("w1", timedelta(days=-20))
    reader.visit(world.link(first, "en")).submit()
    second = invite(world, "w2", "Round two", previous_slug="w1")
    page = reader.visit(world.link(second, "en")).press("Begin")
    root = page.path.rsplit("/", 1)[0]
    reader.visit(f"{root}/check")
    _fill(page)
    overview = reader.visit(f"{root}/?saved=1")
    overview.press("Change answers").submit("later")
    reader.visit(f"{root}/")
    for step in ("check", "result", "not-us", "promises", "nothing"):
        reader.visit(f"{root}/{step}", status=None)
    _around(reader, world)
    return reader


def _fill(page: Page) -> None:
    while page.step != "check":
        names = {str(field["name"]) for field in page.form.select("[name]")}
        lines = {n: "Something we do" for n in names if n.startswith(("q5_", "next_"))}
        marks = {n: "open" for n in names if n.startswith("promise:")}
        given = {n: a for n, a in PARTLY.items() if n in names} | lines | marks
        ticks: dict[str, Any] = {"q8_fields": ["other"]} if "q8_fields" in names else {}
        page = page.answer(given | ticks).next()
    page.press("Submit now")


def _around(reader: Reader, world: World) -> None:
    small = next(s.handle for s in world.standings("w2") if s.unit_code == "X2")
    page = reader.visit(world.link(small, "en")).press("Begin")
    root = page.path.rsplit("/", 1)[0]
    page.answer(q1="3").next()
    reader.send(page.path, {"q1": "9", **_token(page)}, status=422)
    reader.send(page.path, {"q1": "4", "base": "stale", **_token(page)}, status=409)
    reader.send(page.path, {"q1": "4"}, status=400)
    declined = reader.visit(f"{root}/no-sheet")
    declined.submit(status=422)
    declined.answer(reason="no_contact").submit()
    reader.visit(f"{root}/not-us").press("That’s right", status=200)
    reader.visit(f"{root}/", status=403)
    for address in ("/en/", "/en/nowhere", "/en/l/wrong", "/en/only-us/nothing"):
        reader.visit(address, status=None)
    form = reader.visit(f"/en/{ONLY_US}")
    form.submit("score", status=422)
    reader.visit(f"/en/{ONLY_US}").answer(PARTLY).submit("score")


def _token(page: Page) -> dict[str, str]:
    return {"csrf_token": str(page.form.select_one("[name=csrf_token]")["value"])}  # type: ignore[index]


def walk_as_commissioner(world: World) -> Reader:
    """The pages of the desk, in English."""
    handle = invite(world, "w1", "Round one")
    for role in ("commissioner", "administrator"):
        world.add_account(role, role, "correct horse battery staple")
    reader = Reader(world)
    for role, rooms in {
        "commissioner": [
            "",
            "waves/new",
            "waves/w1/",
            f"waves/w1/units/{handle}",
            "waves/nothing/",
        ],
        "administrator": ["units", "accounts", "log"],
    }.items():
        page = reader.visit("/en/desk/sign-in")
        page.answer(name=role, password="wrong").submit(status=403)
        page.answer(name=role, password="correct horse battery staple").submit()
        for room in ["waves/w1/evaluation", "waves/w1/files", *rooms]:
            reader.visit(f"/en/desk/{room}", status=None)
        reader.lose_session()
    return reader


Walk = Callable[[World], Reader]
WALKS: dict[str, tuple[DomainRule, Walk, int]] = {
    "messages": (MESSAGES, walk_as_respondent, 45),
    "desk": (DESK, walk_as_commissioner, 15),
}


@pytest.mark.parametrize("walk", WALKS)
def test_no_german_is_left_on_english_pages(walk: str, speaking: Any) -> None:
    domain, walked, least = WALKS[walk]
    reader = walked(speaking(TRANSLATIONS))
    assert len(reader.read) >= least
    texts = german_texts(domain, TRANSLATIONS)
    assert len(texts) > 100
    assert german_read(reader, texts) == set()


@pytest.mark.parametrize(
    ("walk", "planted"),
    [
        ("messages", {"Wer antwortet", "Nachfrage", "Schritt %(number)s von %(all)s"}),
        ("desk", {"Durchgänge", "Abmelden"}),
    ],
)
def test_the_search_for_german_finds_it(
    walk: str, planted: set[str], folder: Path, speaking: Any
) -> None:
    domain, walked, _ = WALKS[walk]
    po = folder / "en" / "LC_MESSAGES" / f"{domain.name}.po"
    for text in planted:
        change(po, lambda catalogue, text=text: setattr(entry(catalogue, text), "string", ""))  # type: ignore[misc]
    reader = walked(speaking(folder))
    found = german_read(reader, german_texts(domain, folder))
    assert {text for _, text in found} == planted
