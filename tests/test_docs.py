"""The documentation says what is so: settings, commands, modules, tables, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path

import click
import pytest

from config import ROOT, Config
from forms.loader import DEFINITIONS
from survey.access import RIGHTS
from survey.cli import main
from survey.locale import languages
from survey.tables import metadata
from tests.world import selbstcheck

DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *DECISIONS])
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LONGEST_DECISION = 25


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def section(text: str, heading: str) -> str:
    """What stands under a heading of the second level."""
    found = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[1]


def first_cells(text: str) -> list[str]:
    """The names in code font in the first column of every table."""
    return re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


def commands(group: click.Group = main, prefix: str = "zugangscheck") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}"


def anchors(text: str) -> set[str]:
    """The anchors a page offers, as the usual hosts make them from headings."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def links(page: Path) -> Iterator[tuple[bool, str]]:
    """(is a picture, target) of every link."""
    for picture, target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        yield bool(picture), target


def modules() -> Iterator[Path]:
    for house in ("forms", "survey", "analysis"):
        yield from (ROOT / house).rglob("*.py")


def test_every_setting_stands_in_the_table_and_nothing_else() -> None:
    table = first_cells(section(read("docs/betrieb.md"), "Einstellungen"))
    assert sorted(table) == sorted(field.name.upper() for field in fields(Config))


@pytest.mark.parametrize("field", fields(Config), ids=lambda field: field.name)
def test_the_table_gives_the_default(field: object) -> None:
    name, default = field.name.upper(), field.default  # type: ignore[attr-defined]
    row = re.search(rf"^\| `{name}` \| (.+?) \|", read("docs/betrieb.md"), re.MULTILINE)
    assert row, name
    if default is MISSING:
        assert row[1] != "leer"
    else:
        assert row[1] == (f"`{default}`" if default not in ("", ()) else "leer")


def test_every_command_is_documented_and_no_other() -> None:
    table = first_cells(section(read("docs/betrieb.md"), "Alle Befehle"))
    assert sorted(table) == sorted(commands())


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_in_the_text_exist(page: Path) -> None:
    known = set(commands())
    groups = {command.rsplit(" ", 1)[0] for command in known}
    said = re.findall(r"(?:`|bin/|^)(zugangscheck [a-z]+(?: [a-z]+)?)", read(name_of(page)), re.M)
    unknown = [s for s in said if not {s, s.rsplit(" ", 1)[0]} & known and s not in groups]
    assert unknown == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_make_targets_in_the_text_exist(page: Path) -> None:
    known = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    said = set(re.findall(r"(?:`|^|&& )make ([a-z-]+)", read(name_of(page)), re.MULTILINE))
    assert said <= known


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for picture, target in links(page):
        path, _, anchor = target.partition("#")
        if picture or "://" in target:
            continue
        other = (page.parent / path).resolve() if path else page
        if not other.exists() or (anchor and anchor not in anchors(other.read_text("utf-8"))):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_pictures_are_there_and_said_in_words(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", text)
    assert [target for _, target in pictures if not (page.parent / target).is_file()] == []
    assert [target for words, target in pictures if len(words.split()) < 5] == []


def test_the_readme_shows_both_pictures() -> None:
    pictures = [target for picture, target in links(ROOT / "README.md") if picture]
    assert pictures == ["docs/bilder/ergebnis.png", "docs/bilder/durchgang.png"]


def test_architecture_names_every_module_and_no_other() -> None:
    rooms = section(read("docs/ARCHITECTURE.md"), "One sentence per room")
    # A package's own file is named where it does more than say what the package is.
    built = {
        name_of(path)
        for path in modules()
        if path.name != "__init__.py" or path.parent.name in ("desk", "respond")
    }
    assert sorted(first_cells(rooms)) == sorted(built | {"config.py"})


def test_architecture_names_every_table_and_no_other() -> None:
    named = first_cells(section(read("docs/ARCHITECTURE.md"), "Tables"))
    assert [cell for cell in named if cell not in metadata.tables] == []
    assert set(named) == set(metadata.tables)


def test_functions_in_architecture_exist() -> None:
    """Every `module.function` of the text is a function, method or class of that module."""
    text = read("docs/ARCHITECTURE.md")
    sources: dict[str, str] = {}
    for path in modules():
        sources[path.stem] = sources.get(path.stem, "") + path.read_text(encoding="utf-8")
    said = [
        (module, name)
        for module, name in re.findall(r"`([a-z_]+)\.(_?[a-z][a-z_]+)`", text)
        if module in sources and name != "py"
    ]
    assert len(said) > 10
    assert [s for s in said if not re.search(rf"\b(?:def|class) {s[1]}\b", sources[s[0]])] == []


def test_roles_are_explained_to_operators() -> None:
    table = section(read("docs/betrieb.md"), "Konten und Rollen")
    assert set(re.findall(r"^\| `(\w+)` \(", table, re.MULTILINE)) == set(RIGHTS)


@pytest.mark.parametrize("path", DECISIONS, ids=name_of)
def test_a_decision_is_numbered_short_and_whole(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    number = DECISIONS.index(path) + 1
    assert path.name.startswith(f"{number:04}-")
    assert text.startswith(f"# {number:04} ")
    assert len(text.splitlines()) <= LONGEST_DECISION
    parts = re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE)
    assert parts == ["Context", "Decision", "Consequence"]


def test_decisions_named_in_questionnaires_exist() -> None:
    texts = "".join(path.read_text("utf-8") for path in DEFINITIONS.glob("*.toml"))
    named = set(re.findall(r"docs/decisions/[\w-]+\.md", texts))
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_publiccode_gives_version_and_languages_of_the_program() -> None:
    text = read("publiccode.yml")
    listed = re.search(r"availableLanguages:\n((?:    - \S+\n)+)", text)
    assert listed
    assert set(listed[1].replace("- ", "").split()) == set(languages())
    version = re.search(r'^version = "(.+)"$', read("pyproject.toml"), re.MULTILINE)
    assert version
    assert f'softwareVersion: "{version[1]}"' in text
    assert version[1] in read("CHANGELOG.md")


def test_the_thresholds_in_the_record_are_those_of_the_file() -> None:
    record = read("docs/decisions/0003-thresholds.md")
    said = re.search(r"red to (\d+), yellow to\s+(\d+),\s+green to (\d+)", record)
    bands = selbstcheck().bands
    assert said
    assert bands
    assert [int(number) for number in said.groups()] == [step.highest for step in bands.steps]
