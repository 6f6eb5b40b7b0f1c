"""„Musterstadt": a fictional city to try everything with. All names and answers are made up.

The answers are written through the same store as real ones, then moved to earlier years.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from config import Config
from forms.definition import Questionnaire
from forms.path import holds, lines
from survey import store
from survey.database import Database, clock
from survey.earlier import earlier
from survey.questionnaires import Frozen
from survey.standing import by_handle
from survey.tables import invitation, response, unit, wave, wave_audience
from survey.waves import OFFICES, Audience, WavePlan, end_of, make_wave, start_of

# (code, name, kind, parent's code)
UNITS = (
    ("GB 1", "Geschäftsbereich Zentrale Dienste (Musterstadt)", "geschaeftsbereich", ""),
    ("GB 2", "Geschäftsbereich Bildung und Soziales (Musterstadt)", "geschaeftsbereich", ""),
    ("GB 3", "Geschäftsbereich Ordnung und Stadtraum (Musterstadt)", "geschaeftsbereich", ""),
    ("M 10", "Personalamt Musterstadt", "amt", "GB 1"),
    ("M 20", "Kämmerei Musterstadt", "amt", "GB 1"),
    ("M 33", "Bürgeramt Musterstadt", "amt", "GB 3"),
    ("M 33.1", "Abteilung Meldewesen (Musterstadt)", "abteilung", "M 33"),
    ("M 33.2", "Abteilung Ausländerangelegenheiten (Musterstadt)", "abteilung", "M 33"),
    ("M 33.21", "Sachgebiet Aufenthalt (Musterstadt)", "sachgebiet", "M 33.2"),
    ("M 40", "Schulamt Musterstadt", "amt", "GB 2"),
    ("M 41", "Kulturamt Musterstadt", "amt", "GB 2"),
    ("M 50", "Sozialamt Musterstadt", "amt", "GB 2"),
    ("M 50.1", "Abteilung Leistungen (Musterstadt)", "abteilung", "M 50"),
    ("M 50.2", "Abteilung Beratung (Musterstadt)", "abteilung", "M 50"),
    ("M 51", "Jugendamt Musterstadt", "amt", "GB 2"),
    ("M 53", "Gesundheitsamt Musterstadt", "amt", "GB 2"),
    ("M 61", "Stadtplanungsamt Musterstadt", "amt", "GB 3"),
    ("M 66", "Tiefbauamt Musterstadt", "amt", "GB 3"),
    ("ME 52", "Eigenbetrieb Sportstätten Musterstadt", "eigenbetrieb", "GB 2"),
    ("ME 55", "Eigenbetrieb Kitas Musterstadt", "eigenbetrieb", "GB 2"),
)
KINDS = ("amt", "eigenbetrieb", "abteilung", "sachgebiet")
NAMED_KINDS = ("amt", "eigenbetrieb")
PROMISES = (
    "Merkblätter in leicht verständlichem Deutsch neu fassen",
    "Zwei Kolleginnen zum Kurs „leicht verständliches Deutsch“ anmelden",
    "Videodolmetschen am Empfang erproben",
    "Dienstags einen offenen Sprechtag anbieten",
    "Beschwerdeweg auf der Internetseite mehrsprachig erklären",
    "Ein Treffen mit zwei Migrantenorganisationen vorbereiten",
    "Stellenausschreibungen um den Punkt Mehrsprachigkeit ergänzen",
)
DONE = (
    "Aushang am Eingang in vier Sprachen",
    "Gemeindedolmetscherdienst für Erstgespräche genutzt",
    "Teamtag zum Thema Beschwerden",
)
# Staff where Musterstadt knows it; the smaller units' numbers are nobody's business.
STAFF = {
    **{"M 10": 85, "M 20": 120, "M 33": 210, "M 40": 140, "M 41": 60, "M 50": 260},
    **{"M 51": 320, "M 53": 95, "M 61": 75, "M 66": 130, "ME 52": 180},
}
UNANSWERED_BEFORE_LAST = ("M 61", "ME 55", "M 33.21")
UNANSWERED_LAST_YEAR = ("M 20",)
MARKS = ("done", "done", "in_progress", "open", "dropped")
MARKED = 0.8
"""The share of promises of which a unit says what became of them."""
ANSWERED_THIS_YEAR = ("M 41", "M 61", "M 50.2", "ME 52")
BEGUN_THIS_YEAR = ("M 53",)


def load_sample(database: Database, config: Config, frozen: Frozen) -> None:
    """Musterstadt with a closed wave of last year and an open one of this year."""
    database.write(lambda connection: _load(connection, config, frozen))


def _load(connection: Connection, config: Config, frozen: Frozen) -> None:
    today = clock(connection).astimezone(config.zone).date()
    _units(connection)
    before_last, last, this = (f"selbstcheck-{today.year - back}" for back in (2, 1, 0))
    # Made open, filled through the store as offices fill it, then closed in its year.
    _wave(connection, config, frozen, before_last, today, "")
    for number, (code, handle) in enumerate(_handles(connection, before_last)):
        if code not in UNANSWERED_BEFORE_LAST:
            _answer(connection, handle, frozen, _dice(f"{code} before"), _leaning(number) - 0.3)
    _wave(connection, config, frozen, last, today, before_last)
    for number, (code, handle) in enumerate(_handles(connection, last)):
        if code not in UNANSWERED_LAST_YEAR:
            _mark(connection, handle, frozen.questionnaire, _dice(f"{code} marks"))
            _answer(connection, handle, frozen, _dice(f"{code} last"), _leaning(number))
    _move_back(connection, config, before_last, today - timedelta(days=2 * 365))
    _move_back(connection, config, last, today - timedelta(days=365))
    _wave(connection, config, frozen, this, today, last)
    for number, (code, handle) in enumerate(_handles(connection, this)):
        chance = _dice(f"{code} this")
        if code in ANSWERED_THIS_YEAR:
            _answer(connection, handle, frozen, chance, _leaning(number) + 0.3)
        elif code in BEGUN_THIS_YEAR:
            store.begin(connection, handle)
            draft = {"q1": "3", "q2": "4"}
            first = frozen.questionnaire.sections[0].keys
            store.save(connection, handle, first, draft, store.content_hash({}))
        elif code == "M 66":
            store.begin(connection, handle)
            store.decline(connection, handle, "no_contact", "")


def _dice(seed: str) -> random.Random:
    """The same sample city everywhere; nothing here is secret."""
    return random.Random(seed)  # noqa: S311


def _units(connection: Connection) -> None:
    ids: dict[str, int] = {}
    for code, name, kind, parent in UNITS:
        key = connection.execute(
            insert(unit).values(
                code=code, name=name, kind=kind, parent_id=ids.get(parent), staff=STAFF.get(code)
            )
        ).inserted_primary_key
        ids[code] = int(key[0]) if key else 0


def _wave(  # each is a fact of the sample
    connection: Connection, config: Config, frozen: Frozen, slug: str, today: date, previous: str
) -> None:
    plan = WavePlan(
        slug=slug,
        title=f"Selbstcheck {slug[-4:]} (Beispiel)",
        first_day=today - timedelta(days=14),
        audiences=[Audience(OFFICES, "", frozen, today + timedelta(days=60), KINDS)],
        named_kinds=NAMED_KINDS,
        report_names_units=True,
        staff_council_note="Beispieldaten: Beteiligung der Personalvertretung angenommen.",
        previous_slug=previous,
        sample=True,
    )
    make_wave(connection, plan, config.zone, config.link_key)


def _handles(connection: Connection, slug: str) -> list[tuple[str, str]]:
    rows = connection.execute(
        select(invitation.c.unit_code, invitation.c.handle)
        .join(wave, wave.c.id == invitation.c.wave_id)
        .where(wave.c.slug == slug)
        .order_by(invitation.c.unit_code)
    )
    return [(row.unit_code, row.handle) for row in rows]


def _leaning(number: int) -> float:
    """Where a unit's answers lie, of 1 to 5: offices differ more than years."""
    return 2.3 + 0.8 * (number % 3)


def _mark(
    connection: Connection, handle: str, questionnaire: Questionnaire, chance: random.Random
) -> None:
    """Say what became of the promises of the wave before, of most of them."""
    store.begin(connection, handle)
    standing = by_handle(connection, handle)
    before = earlier(connection, standing) if standing else None
    if before is None:
        return
    promised = [
        f"{question.id}:{number}"
        for question in questionnaire.promises()
        for number in range(len(lines(before.texts.get(question.id))))
    ]
    found = {line: chance.choice(MARKS) for line in promised if chance.random() < MARKED}
    if found:
        held = {store.PROMISES: {"earlier": before.identity, "lines": found}}
        store.save(connection, handle, (store.PROMISES,), held, store.content_hash({}))


def _answer(
    connection: Connection, handle: str, frozen: Frozen, chance: random.Random, leaning: float
) -> None:
    store.begin(connection, handle)
    sheet = made_up_sheet(frozen.questionnaire, chance, leaning)
    store.save(connection, handle, frozen.questionnaire.keys, sheet, store.content_hash({}))
    standing = by_handle(connection, handle)
    store.submit(
        connection,
        handle,
        store.content_hash((standing and standing.draft) or {}),
        f"sample-{handle}",
        frozen.questionnaire,
        "de",
    )


def made_up_sheet(
    questionnaire: Questionnaire, chance: random.Random, leaning: float
) -> dict[str, Any]:
    """A plausible complete answer sheet; `leaning` 1 to 5 is where its answers lie."""
    sheet: dict[str, Any] = {}
    for scored, worth in questionnaire.points.items():
        wanted = max(1, min(5, round(chance.gauss(leaning, 0.9))))
        sheet[scored] = min(worth, key=lambda code: abs(worth[code] - wanted))
    promises = list(PROMISES)
    for section in questionnaire.sections:
        if section.asked_if and not holds(questionnaire, section.asked_if, sheet):
            continue
        for question in section.questions:
            if question.type == "lines":
                pool = promises if question.promise else list(DONE)
                chosen = [
                    pool.pop(chance.randrange(len(pool))) for _ in range(chance.randint(1, 2))
                ]
                sheet[question.id] = "\n".join(chosen)
            elif question.type == "ticks":
                codes = [o.code for o in question.options if o.code != question.other]
                sheet[question.id] = sorted(chance.sample(codes, 2), key=codes.index)
    return sheet


def _move_back(connection: Connection, config: Config, slug: str, around: date) -> None:
    wave_id = connection.scalar(select(wave.c.id).where(wave.c.slug == slug))
    opened = start_of(around - timedelta(days=40), config.zone)
    connection.execute(update(wave).where(wave.c.id == wave_id).values(opens=opened))
    connection.execute(
        update(wave_audience)
        .where(wave_audience.c.wave_id == wave_id)
        .values(closes=end_of(around, config.zone))
    )
    during = start_of(around - timedelta(days=20), config.zone) + timedelta(hours=10)
    connection.execute(
        update(invitation)
        .where(invitation.c.wave_id == wave_id, invitation.c.begun.is_not(None))
        .values(begun=during)
    )
    connection.execute(
        update(response).where(response.c.wave_id == wave_id).values(submitted=during)
    )
