"""Frozen questionnaires: a definition with its texts in every complete language, under a checksum.

Made from a file and the catalogues when a wave is made; from then on read from the database only,
and once per process: a questionnaire in use is read-only memory.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from forms.definition import Questionnaire
from forms.loader import DEFINITIONS, available, checksum, load
from forms.texts import Localised, in_language, lookup_in, translated
from survey.database import database_now
from survey.locale import SOURCE_LANGUAGE, TRANSLATIONS, languages
from survey.tables import questionnaire as questionnaire_table


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


def keep(connection: Connection, frozen: Frozen) -> None:
    """Store a frozen questionnaire unless it is there already."""
    known = select(questionnaire_table.c.checksum).where(
        questionnaire_table.c.checksum == frozen.checksum
    )
    if connection.scalar(known) is None:
        connection.execute(
            insert(questionnaire_table).values(
                checksum=frozen.checksum,
                id=frozen.questionnaire.id,
                version=frozen.questionnaire.version,
                document=frozen.document,
                added=database_now(),
            )
        )


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
