"""What keeps a language from being spoken, and what „reviewed" and „plural" have to mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog

from survey.catalogue_checks import problems
from survey.catalogues import mark, messages
from survey.locale import languages
from tests.client import Browser
from tests.translations.folders import Q1, add_language, change, entry


def _only(folder: Path, code: str) -> Any:
    return languages(folder)[code]


def test_a_language_is_spoken_when_its_pages_are_whole(folder: Path, speaking: Any) -> None:
    add_language(folder, "eo", "ltr", without=frozenset({Q1}))
    po = folder / "eo" / "LC_MESSAGES" / "messages.po"
    assert _only(folder, "eo").whole, "a question that is missing keeps back its questionnaire only"
    change(po, lambda c: setattr(entry(c, "Weiter"), "user_comments", []))
    assert not _only(folder, "eo").whole
    world = speaking(folder)
    page = Browser(world).visit("/eo/", status=404)
    assert page.one("html")["lang"] == "de"
    offered = Browser(world).visit("/de/privacy").all(".languages li")
    assert "⟦eo⟧" not in offered
    assert "English" in offered


def test_reviewed_is_said_of_a_language_when_every_text_is(folder: Path) -> None:
    po = folder / "en" / "LC_MESSAGES" / "messages.po"

    def review(catalogue: Catalog) -> None:
        for message in messages(catalogue):
            mark(message, "reviewed")

    assert not _only(folder, "en").reviewed
    change(po, review)
    assert _only(folder, "en").reviewed
    assert problems(folder) == []
    change(po, lambda c: mark(entry(c, "Weiter"), "translated"))
    assert not _only(folder, "en").reviewed


def test_a_reviewed_text_that_was_changed_is_no_longer_reviewed(folder: Path) -> None:
    po = folder / "en" / "LC_MESSAGES" / "messages.po"
    change(po, lambda c: mark(entry(c, "Weiter"), "reviewed"))
    assert problems(folder) == []
    change(po, lambda c: setattr(entry(c, "Weiter"), "string", "Go on"))
    [found] = problems(folder)
    assert "'Weiter': changed since it was reviewed" in found


@pytest.mark.parametrize("rule", ["nplurals=2; plural=(n > 1);", "nplurals=1; plural=0;"])
def test_a_wrong_rule_for_plurals_is_found(folder: Path, rule: str) -> None:
    po = folder / "en" / "LC_MESSAGES" / "messages.po"
    text = po.read_text(encoding="utf-8")
    po.write_text(text.replace("nplurals=2; plural=(n != 1);", rule), encoding="utf-8")
    assert any("Plural-Forms are not those of the language" in line for line in problems(folder))
