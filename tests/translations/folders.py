"""Folders of translations to try things on: copies of the real one, and made-up languages."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from survey.app import create_app
from survey.catalogues import DOMAINS, compile_stale, extracted, mark
from survey.locale import TRANSLATIONS
from survey.questionnaires import freeze
from tests.world import World, empty_database, make_config, selbstcheck

MESSAGES, DESK = DOMAINS
Q1 = "selbstcheck-2025:sections.sprache.questions.q1.text"
INTRODUCTION = "selbstcheck-2025:introduction"


def copy_of_translations(to: Path) -> Path:
    """The real folder, to break: German, English, the terms; compiled catalogues stay behind."""
    folder = to / "translations"
    for code in ("de", "en"):
        kept_out = shutil.ignore_patterns("*.mo")
        shutil.copytree(TRANSLATIONS / code, folder / code, ignore=kept_out)
    shutil.copy(TRANSLATIONS / "glossary.toml", folder)
    return folder


def change(po: Path, alter: Callable[[Catalog], object]) -> None:
    """Read a catalogue, alter it, write it back."""
    with po.open("rb") as file:
        catalogue = read_po(file, locale=po.parent.parent.name)
    alter(catalogue)
    with po.open("wb") as file:
        write_po(file, catalogue)


def entries(po: Path) -> list[Message]:
    """The entries of a catalogue, without its head."""
    with po.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def entry(catalogue: Catalog, text: str) -> Message:
    """The entry without context whose German text (or singular) this is."""
    found = catalogue.get(text)
    assert found is not None, text
    return found


def add_language(folder: Path, code: str, direction: str, *, without: frozenset[str]) -> None:
    """Add a made-up language: files only. `without` are contexts that stay untranslated."""
    home = folder / code / "LC_MESSAGES"
    home.mkdir(parents=True)
    (home.parent / "language.toml").write_text(
        f'name = "{in_brackets(code)}"\ndirection = "{direction}"\n',
        encoding="utf-8",
    )
    catalogue = Catalog(locale=code)
    for message in extracted(MESSAGES):
        if message.id and message.context not in without:
            made = catalogue.add(message.id, _made_up(message, catalogue), context=message.context)
            mark(made, "translated")
    with (home / "messages.po").open("wb") as file:
        write_po(file, catalogue)
    compile_stale(folder)


def _made_up(message: Message, catalogue: Catalog) -> str | tuple[str, ...]:
    if isinstance(message.id, str):
        return in_brackets(message.id)
    return (in_brackets(message.id[1]),) * catalogue.num_plurals


def in_brackets(text: str) -> str:
    """What a made-up language makes of a text."""
    return f"⟦{text}⟧"


def world_with(folder: Path, instance: Path, template: Path) -> World:
    """An installation that speaks the languages of a folder."""
    url = f"sqlite:///{instance}/languages.sqlite"
    config = make_config(url, instance, contact="Office", contact_mail="office@example.org")
    compile_stale(folder)
    return World(config, empty_database(url, template), create_app(config, folder))


def older_german(po: Path, where: str, text: str) -> str:
    """Make the translation of a question one of this older German text; returns what it says."""
    said = []

    def age(catalogue: Catalog) -> None:
        [message] = [m for m in catalogue if m.context == where]
        catalogue.delete(message.id, where)
        older = catalogue.add(text, message.string, context=where)
        mark(older, "reviewed")
        said.append(str(message.string))

    change(po, age)
    return said[0]


def invite(world: World, slug: str, title: str, **changes: Any) -> str:
    """The handle of one office of a new wave."""
    if not changes:
        world.add_units([("X1", "Unit X", "amt", ""), ("X2", "Unit Y", "abteilung", "X1")])
    frozen = freeze(selbstcheck(), world.app.extensions["services"].translations)
    world.add_wave(frozen, slug=slug, title=title, staff_council_note="yes", **changes)
    return next(s.handle for s in world.standings(slug) if s.unit_code == "X1")
