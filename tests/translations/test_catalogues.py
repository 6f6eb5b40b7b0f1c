"""The shipped catalogues pass the check, and the check finds what it is for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog

from config import ROOT
from forms.loader import DEFINITIONS, available, load
from forms.texts import context, source_texts
from survey.catalogue_checks import Progress, problems, progress
from survey.catalogues import compile_stale, extracted, mark, update
from tests.translations.folders import (
    DESK,
    MESSAGES,
    change,
    entries,
    entry,
)

POINTS = "%(points)s von %(possible)s Punkten"
MISSING = "Eine Antwort fehlt noch"
CALL = re.compile(r"""\b(?:_|ngettext)\(\s*["']""")


def test_the_shipped_catalogues_are_fresh_and_complete() -> None:
    assert problems() == []


def put(text: str, string: Any) -> Callable[[Catalog], object]:
    """Give an entry this translation."""
    return lambda catalogue: setattr(entry(catalogue, text), "string", string)


DEFECTS: dict[str, tuple[Callable[[Catalog], object], str]] = {
    "an entry is missing": (lambda c: c.delete("Rot"), "missing: 'Rot'"),
    "an entry is outdated": (
        lambda c: mark(c.add("Lila", "Purple"), "translated"),
        "outdated: 'Lila'",
    ),
    "not translated": (put("Rot", ""), "'Rot': not translated"),
    "only guessed": (lambda c: entry(c, "Rot").flags.add("fuzzy"), "'Rot': the German text has"),
    "one plural form is empty": (put(MISSING, ("One", "")), f"{MISSING!r}: not translated"),
    "a placeholder is lost": (put(POINTS, "%(points)s points"), "placeholders differ"),
    "a placeholder is invented": (put("Rot", "Red %(hue)s"), "placeholders differ"),
    "a placeholder is misspelt": (
        put(POINTS, "%(point)s of %(possible)s"),
        "placeholders differ",
    ),
    "a placeholder has another type": (
        put(POINTS, "%(points)d of %(possible)s"),
        "placeholders differ",
    ),
    "a lone percent sign": (put("Rot", "100 % red"), "placeholders differ"),
    "the number is lost in a plural": (
        put(MISSING, ("One", "Several are missing")),
        "placeholders differ",
    ),
    "a tag": (put("Rot", "<b>Red</b>"), "contains a tag"),
    "the end of an attribute": (put("Rot", 'Red" autofocus x="'), "contains a tag"),
    "an entity": (put("Rot", "Red &amp; more"), "contains a tag"),
    "a script in a plural": (
        put(MISSING, ("<script>", "%(num)s are missing")),
        "contains a tag",
    ),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_check_finds(defect: str, folder: Path) -> None:
    alter, expected = DEFECTS[defect]
    (folder / "en" / "glossary.toml").unlink(missing_ok=True)  # it would find some of these too
    known = problems(folder)
    change(folder / "en" / "LC_MESSAGES" / "messages.po", alter)
    found = [line for line in problems(folder) if line not in known]
    assert len(found) == 1, found
    assert found[0].startswith("translations/en/LC_MESSAGES/messages.po: ")
    assert expected in found[0]


def test_a_singular_may_leave_the_number_out(folder: Path) -> None:
    known = problems(folder)
    words = ("One is missing", "%(num)s are missing")
    change(folder / "en" / "LC_MESSAGES" / "messages.po", put(MISSING, words))
    assert problems(folder) == known


@pytest.mark.parametrize(
    ("language", "forms", "faults"),
    [
        # In Polish the first form serves 1 alone, in Russian 21 too; Vietnamese has only one.
        ("pl", ("jeden", "%(num)s", "%(num)s"), 0),
        ("ru", ("один", "%(num)s", "%(num)s"), 1),
        ("ru", ("%(num)s", "%(num)s", "%(num)s"), 0),
        ("vi", ("một",), 1),
        ("vi", ("%(num)s",), 0),
        # Arabic has a form for none, for one and for two alone.
        ("ar", ("صفر", "واحد", "اثنان", "%(num)s", "%(num)s", "%(num)s"), 0),
        ("ar", ("صفر", "واحد", "اثنان", "%(num)s", "%(num)s", "كثير"), 1),
    ],
)
def test_a_form_that_serves_several_numbers_keeps_the_number(
    language: str, forms: tuple[str, ...], faults: int, folder: Path
) -> None:
    home = folder / language
    home.mkdir()
    (home / "language.toml").write_text('name = "x"\ndirection = "ltr"\n', encoding="utf-8")
    update(folder)
    change(home / "LC_MESSAGES" / "messages.po", put(MISSING, forms))
    update(folder)
    about = [line for line in problems(folder) if MISSING in line]
    assert len(about) == faults, about
    assert all("placeholders differ" in line for line in about)


def test_updating_a_fresh_folder_changes_no_byte(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.po")}
    assert len(before) >= 2
    update(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*.po")} == before


def test_an_update_repairs_what_is_missing_and_outdated(folder: Path) -> None:
    po = folder / "en" / "LC_MESSAGES" / "messages.po"
    update(folder)
    before, known = po.read_bytes(), problems(folder)
    change(po, lambda catalogue: catalogue.delete("Rot"))
    change(po, lambda catalogue: catalogue.add("Lila", "Purple"))
    update(folder)
    found = [line for line in problems(folder) if line not in known]
    assert [line.partition(".po: ")[2] for line in found] == ["'Rot': not translated"]
    change(po, put("Rot", "Red"))
    update(folder)
    assert po.read_bytes() == before


def test_progress_counts_by_status(folder: Path) -> None:
    po = folder / "en" / "LC_MESSAGES" / "messages.po"
    before = progress_of(folder)
    change(po, put("Rot", ""))
    change(po, lambda catalogue: mark(entry(catalogue, "Gelb"), "reviewed"))
    change(po, lambda catalogue: entry(catalogue, "Grün").flags.add("fuzzy"))
    after = progress_of(folder)
    assert after.translated == before.translated - 3
    assert after.reviewed == before.reviewed + 1
    assert after.outdated == before.outdated + 1
    assert after.open == before.open + 1
    assert after.messages == before.messages == len(entries(po))
    assert f"{after.reviewed} reviewed, {after.outdated} outdated, {after.open} open" in str(after)


def progress_of(folder: Path) -> Progress:
    """How far the English of respondents is."""
    return next(p for p in progress(folder) if (p.language, p.domain) == ("en", "messages"))


def test_only_stale_catalogues_are_compiled(folder: Path) -> None:
    number = len(list(folder.rglob("*.po")))
    assert (compile_stale(folder), compile_stale(folder)) == (number, 0)
    change(folder / "en" / "LC_MESSAGES" / "messages.po", put("Rot", "Scarlet"))
    assert compile_stale(folder) == 1


# --- extraction -----------------------------------------------------------------------------------


def test_every_text_of_every_questionnaire_is_extracted() -> None:
    catalogue = extracted(MESSAGES)
    for path in available(DEFINITIONS).values():
        questionnaire = load(path)
        for source in source_texts(questionnaire):
            where = context(questionnaire.id, source.key)
            assert catalogue.get(source.text, context=where) is not None, where


@pytest.mark.parametrize("domain", [MESSAGES, DESK], ids=["messages", "desk"])
def test_every_file_that_calls_for_a_translation_gives_messages(domain: Any) -> None:
    found = {place for message in extracted(domain) for place, _ in message.locations}
    other = {place for message in extracted(_other(domain)) for place, _ in message.locations}
    assert not found & other, "a file belongs to one domain"
    calling = {path for path, text in _sources() if CALL.search(text)}
    assert calling <= found | other
    assert len(calling & found) > 5


def _other(domain: Any) -> Any:
    return DESK if domain is MESSAGES else MESSAGES


def _sources() -> list[tuple[str, str]]:
    paths = [
        path
        for folder in ("survey", "forms", "analysis")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".html")
    ]
    return [(p.relative_to(ROOT).as_posix(), p.read_text(encoding="utf-8")) for p in paths]


def test_code_asks_the_domain_its_messages_are_in() -> None:
    desk = {place for message in extracted(DESK) for place, _ in message.locations}
    both = desk | {place for m in extracted(MESSAGES) for place, _ in m.locations}
    asking = {
        path: "import desk_gettext as _" in text
        for path, text in _sources()
        if path.endswith(".py") and path in both
    }
    assert {path for path, is_desk in asking.items() if is_desk} == {p for p in asking if p in desk}
