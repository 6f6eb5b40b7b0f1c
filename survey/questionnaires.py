"""Frozen questionnaires: a definition with its texts in every complete language, under a checksum.

Made from a file and the catalogues when a wave is made; from then on read from the database only,
and once per process: a questionnaire in use is read-only memory.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, insert, select, update

from forms.definition import Mode, Questionnaire
from forms.loader import DEFINITIONS, available, checksum, load
from forms.texts import Localised, in_language, lookup_in, translated
from forms.variants import variant, variant_texts
from survey.database import database_now
from survey.locale import SOURCE_LANGUAGE, TRANSLATIONS, languages
from survey.tables import questionnaire as questionnaire_table


class NothingAsked(Exception):
    """No question of a questionnaire is for this variant in this mode."""


@dataclass(frozen=True)
class Frozen:
    """A questionnaire and its texts by language; `checksum` names exactly this."""

    checksum: str
    questionnaire: Questionnaire
    texts: Mapping[str, Mapping[str, str]]
    _localised: dict[str, Localised] = field(default_factory=dict, repr=False, compare=False)

    @property
    def languages(self) -> list[str]:
        """The languages it is offered in, German first."""
        return [SOURCE_LANGUAGE, *self.texts]

    def localised(self, language: str) -> Localised:
        """The questionnaire in one of its languages; raises KeyError for another."""
        if language not in self._localised:
            texts = {} if language == SOURCE_LANGUAGE else self.texts[language]
            self._localised[language] = in_language(self.questionnaire, language, texts)
        return self._localised[language]

    def variant(self, variant_id: str, mode: Mode) -> Frozen:
        """What one audience of a wave of this mode is asked, frozen under a checksum of its own.

        Raises:
            KeyError: no such variant.
            NothingAsked: none of its questions is asked in this mode.
        """
        try:
            reduced = variant(self.questionnaire, variant_id, mode)
        except ValidationError as error:
            raise NothingAsked(variant_id, mode) from error
        texts = {
            code: variant_texts(self.questionnaire, reduced, own, variant_id)
            for code, own in self.texts.items()
        }
        return Frozen(checksum(_document(reduced, texts)), reduced, texts)

    @property
    def document(self) -> dict[str, Any]:
        """What is stored, and what the checksum is made of."""
        return _document(self.questionnaire, self.texts)


def _document(
    questionnaire: Questionnaire, texts: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    definition = questionnaire.model_dump(mode="json", exclude_defaults=True)
    return {"definition": definition, "texts": {code: dict(t) for code, t in texts.items()}}


def freeze(questionnaire: Questionnaire, translations: Path = TRANSLATIONS) -> Frozen:
    """A questionnaire with the texts of every language in which it is complete now."""
    texts: dict[str, dict[str, str]] = {}
    for code, language in languages(translations).items():
        catalogue = translations / language.babel / "LC_MESSAGES" / "messages.po"
        if code == SOURCE_LANGUAGE or not catalogue.exists():
            continue
        complete = translated(questionnaire, lookup_in(catalogue))
        if complete is not None:
            texts[code] = complete
    return Frozen(checksum(_document(questionnaire, texts)), questionnaire, texts)


def freeze_uploaded(questionnaire: Questionnaire, texts: Mapping[str, Mapping[str, str]]) -> Frozen:
    """A questionnaire that came with its own texts."""
    return Frozen(checksum(_document(questionnaire, texts)), questionnaire, texts)


def keep(connection: Connection, frozen: Frozen, *, uploaded: bool = False) -> None:
    """Store a frozen questionnaire unless it is there already; what is uploaded again is newest."""
    is_this = questionnaire_table.c.checksum == frozen.checksum
    if connection.scalar(select(questionnaire_table.c.checksum).where(is_this)) is None:
        connection.execute(
            insert(questionnaire_table).values(
                checksum=frozen.checksum,
                id=frozen.questionnaire.id,
                version=frozen.questionnaire.version,
                document=frozen.document,
                added=database_now(),
                uploaded=uploaded,
            )
        )
    elif uploaded:
        connection.execute(
            update(questionnaire_table).where(is_this).values(uploaded=True, added=database_now())
        )


@dataclass(frozen=True, slots=True)
class Offered:
    """A questionnaire a new wave can ask, and whether the commissioner brought it."""

    frozen: Frozen
    uploaded: bool


class Library:
    """The questionnaires of one process, each read once."""

    def __init__(self, translations: Path = TRANSLATIONS) -> None:
        self._translations = translations
        self._stored: dict[str, Frozen] = {}
        self._published: dict[str, Frozen] = {}
        self._lock = threading.Lock()

    def known(self, wanted: str) -> Frozen | None:
        """A questionnaire this process has read already, or None."""
        return self._stored.get(wanted)

    def stored(self, connection: Connection, wanted: str) -> Frozen:
        """The frozen questionnaire with this checksum.

        Raises:
            LookupError: the database holds none.
        """
        if wanted not in self._stored:
            document = connection.scalar(
                select(questionnaire_table.c.document).where(
                    questionnaire_table.c.checksum == wanted
                )
            )
            if document is None:
                raise LookupError(f"no questionnaire {wanted}")
            self._stored[wanted] = Frozen(
                wanted, Questionnaire.model_validate(document["definition"]), document["texts"]
            )
        return self._stored[wanted]

    def published(self, questionnaire_id: str, folder: Path = DEFINITIONS) -> Frozen | None:
        """The questionnaire in the file of this name as it is now, or None without a file."""
        with self._lock:
            if questionnaire_id not in self._published:
                path = available(folder).get(questionnaire_id)
                if path is None:
                    return None
                self._published[questionnaire_id] = freeze(load(path), self._translations)
        return self._published[questionnaire_id]

    def offered(self, connection: Connection, folder: Path = DEFINITIONS) -> dict[str, Offered]:
        """By id: every questionnaire with a file, and the newest upload of every other id."""
        found = {
            name: Offered(published, uploaded=False)
            for name in available(folder)
            if (published := self.published(name, folder)) is not None
        }
        for name, wanted in self._uploads(connection):
            if name not in found:
                found[name] = Offered(self.stored(connection, wanted), uploaded=True)
        return found

    def wholes(self, connection: Connection, questionnaire_id: str) -> Iterator[Frozen]:
        """Every questionnaire of an id before it was made a variant: its file's, then uploads."""
        published = self.published(questionnaire_id)
        if published is not None:
            yield published
        for name, wanted in self._uploads(connection):
            if name == questionnaire_id:
                yield self.stored(connection, wanted)

    @staticmethod
    def _uploads(connection: Connection) -> list[tuple[str, str]]:
        """(id, checksum) of what was uploaded, newest first."""
        table = questionnaire_table.c
        wanted = select(table.id, table.checksum).where(table.uploaded)
        newest = wanted.order_by(table.added.desc(), table.checksum)
        return [(row.id, row.checksum) for row in connection.execute(newest)]

    def in_mode(
        self, connection: Connection, wanted: str, mode: Mode, other: Mode
    ) -> Frozen | None:
        """What an audience asked `wanted` in one mode is asked in the other.

        None if the whole questionnaire is no longer there as it was, or asks nothing then.
        """
        stored = self.stored(connection, wanted).questionnaire
        for whole in self.wholes(connection, stored.id):
            for variant_id in [v.id for v in whole.questionnaire.variants] or [""]:
                try:
                    if whole.variant(variant_id, mode).checksum == wanted:
                        return whole.variant(variant_id, other)
                except NothingAsked:
                    continue
        return None
