"""The rows of the form for a new survey: one audience each, checked together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from forms.definition import Mode
from forms.fields import cleaned
from survey.desk.wave_form import LONGEST_TITLE, Errors, date_of
from survey.locale import desk_gettext as _
from survey.messages import kinds
from survey.questionnaires import Frozen, NothingAsked, Offered
from survey.waves import Audience

ROWS = 6
KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")
LONGEST_KEY = 40
# Before the accents go: these letters have a usual spelling in plain ones.
SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class AudienceRow:
    """What was typed into one row; `choice` is „questionnaire/variant"."""

    number: int
    title: str = ""
    typed_key: str = ""
    choice: str = ""
    last_day: str = ""
    kinds: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Nothing was typed, chosen or ticked."""
        return not (self.title or self.typed_key or self.choice or self.last_day or self.kinds)

    @property
    def key(self) -> str:
        """The typed key, or one made of the title."""
        return self.typed_key or key_from(self.title, self.number)

    def field(self, name: str) -> str:
        """The name of one of its fields."""
        return f"audience-{self.number}-{name}"


def key_from(title: str, number: int) -> str:
    """A title as a key; one without plain letters gets a numbered key."""
    spelt = unicodedata.normalize("NFKD", title.lower().translate(SPELT))
    plain = spelt.encode("ascii", "ignore").decode()
    key = re.sub(r"[^a-z0-9]+", "-", plain).lstrip("-0123456789")[:LONGEST_KEY].strip("-")
    return key or f"gruppe-{number}"


def read_rows(form: MultiDict[str, str]) -> list[AudienceRow]:
    """All rows of a form that was sent, the empty ones too."""

    def row(number: int) -> AudienceRow:
        def typed(name: str) -> str:
            return cleaned(form.get(f"audience-{number}-{name}"))

        kinds = tuple(form.getlist(f"audience-{number}-kinds"))
        return AudienceRow(
            number, typed("title"), typed("key"), typed("questionnaire"), typed("last_day"), kinds
        )

    return [row(number) for number in range(1, ROWS + 1)]


def choices(offered: Mapping[str, Offered]) -> dict[str, str]:
    """What an audience can be asked: words by „questionnaire/variant"."""
    found = {}
    for name, each in offered.items():
        whole = each.frozen.questionnaire
        for variant in whole.variants:
            found[f"{name}/{variant.id}"] = f"{name} / {variant.id} – {variant.title}"
        if not whole.variants and not whole.scored:
            found[f"{name}/"] = f"{name} – {whole.short_title}"
    return found


def chosen(choice: str, offered: Mapping[str, Offered], mode: Mode) -> Frozen:
    """What a choice asks in a mode.

    Raises:
        KeyError: no such questionnaire, or not this variant of it.
        NothingAsked: none of its questions is asked in this mode.
    """
    name, _slash, variant = choice.partition("/")
    return offered[name].frozen.variant(variant, mode)


def row_errors(
    rows: Sequence[AudienceRow],
    offered: Mapping[str, Offered],
    mode: Mode | None,
    present: Collection[str],
) -> Errors:
    """What is wrong with the rows that are not empty, closings apart."""
    if not rows:
        yield "audiences", _("Bitte beschreiben Sie mindestens eine Zielgruppe.")
    keys: set[str] = set()
    ticked: set[str] = set()
    for row in rows:
        yield from _own_errors(row, offered, mode, present)
        if row.key in keys:
            yield (
                row.field("key"),
                _(
                    "Die Kurzbezeichnung „%(key)s“ hat schon eine andere Zielgruppe. Bitte geben "
                    "Sie hier eine andere ein.",
                    key=row.key,
                ),
            )
        yield from _twice_errors(row, ticked)
        keys.add(row.key)
        ticked.update(row.kinds)


def _own_errors(
    row: AudienceRow,
    offered: Mapping[str, Offered],
    mode: Mode | None,
    present: Collection[str],
) -> Errors:
    if not row.title or len(row.title) > LONGEST_TITLE:
        yield row.field("title"), _("Bitte benennen Sie die Zielgruppe (höchstens 200 Zeichen).")
    if not KEY.fullmatch(row.key):
        yield (
            row.field("key"),
            _(
                "Die Kurzbezeichnung beginnt mit einem kleinen Buchstaben; dann folgen kleine "
                "Buchstaben, Ziffern und Bindestriche, zusammen höchstens 40, zum Beispiel vereine."
            ),
        )
    for problem in _choice_problems(row.choice, offered, mode):
        yield row.field("questionnaire"), problem
    if mode == "named" and not set(row.kinds).intersection(present):
        yield (
            row.field("kinds"),
            _(
                "Bitte wählen Sie, wer eingeladen wird: Namentlich antworten kann nur, wer einen "
                "persönlichen Link hat."
            ),
        )


def _choice_problems(
    choice: str, offered: Mapping[str, Offered], mode: Mode | None
) -> Iterator[str]:
    name, _slash, variant = choice.partition("/")
    if name not in offered:
        yield _("Bitte wählen Sie einen Fragebogen.")
        return
    known = [each.id for each in offered[name].frozen.questionnaire.variants]
    if variant not in (known or [""]):
        yield _("Bitte wählen Sie die Fassung des Fragebogens, die diese Zielgruppe bekommt.")
        return
    if offered[name].frozen.questionnaire.scored:
        yield _(
            "Dieser Fragebogen gibt Punkte. Legen Sie ihn unter „Neuer Durchgang“ an; in einer "
            "Befragung wären seine Ergebnisse nicht zu lesen."
        )
    try:
        chosen(choice, offered, mode or "named")
    except NothingAsked:
        yield _(
            "In dieser Form der Befragung enthält der Fragebogen keine Frage. Bitte wählen Sie "
            "einen anderen."
        )


def _twice_errors(row: AudienceRow, others: Collection[str]) -> Errors:
    twice = set(row.kinds).intersection(others)
    if twice:
        words = kinds()
        yield (
            row.field("kinds"),
            _(
                "Schon bei einer anderen Zielgruppe angekreuzt: %(kinds)s. Jede Art gehört zu "
                "einer Zielgruppe.",
                kinds=", ".join(sorted(words.get(kind, kind) for kind in twice)),
            ),
        )


def audiences(
    rows: Sequence[AudienceRow],
    offered: Mapping[str, Offered],
    mode: Mode,
    present: Collection[str],
) -> list[Audience]:
    """The audiences of rows without mistakes."""
    found = []
    for row in rows:
        last, invited = date_of(row.last_day), [kind for kind in row.kinds if kind in present]
        if last is not None:
            frozen = chosen(row.choice, offered, mode)
            found.append(Audience(row.key, row.title, frozen, last, invited))
    return found
