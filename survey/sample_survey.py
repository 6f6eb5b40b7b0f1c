"""The barrier survey of „Musterstadt": a named wave, an open anonymous one, and last year's.

All entries are made up. They go through the same store as real ones.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from config import Config
from forms.definition import UNIT, Questionnaire
from forms.path import in_entry, visible_answers
from survey import anonymous, sealed, store
from survey.anonymous import Ticket
from survey.database import Database, clock
from survey.questionnaires import Frozen, Library
from survey.standing import Standing, of_wave
from survey.tables import unit, wave, wave_audience
from survey.unsealing import unseal_due
from survey.waves import Audience, WavePlan, end_of, make_wave, start_of

# (code, name, kind)
OUTSIDE = (
    ("T 1", "Beratungsstelle Brücke (Musterstadt)", "traeger"),
    ("T 2", "Sprachtreff am Markt (Musterstadt)", "traeger"),
    ("T 3", "Haus der Begegnung (Musterstadt)", "traeger"),
    ("T 4", "Arbeitsgruppe Ankommen (Musterstadt)", "arbeitsgruppe"),
    ("V 1", "Frauentreff Sonnenhof (Musterstadt)", "verein"),
    ("V 2", "Kulturverein Horizont (Musterstadt)", "verein"),
    ("V 3", "Nachbarschaft Nord (Musterstadt)", "verein"),
    ("V 4", "Initiative Offene Tür (Musterstadt)", "verein"),
    ("V 5", "Jugendgruppe Vielklang (Musterstadt)", "verein"),
    ("V 6", "Elternkreis Mehrsprachig (Musterstadt)", "verein"),
)
AUDIENCES = (
    ("aemter", "Ämter und Eigenbetriebe", "office", ("amt", "eigenbetrieb")),
    (
        "traeger",
        "Arbeitsgruppen und Träger der Integrationsarbeit",
        "provider",
        ("traeger", "arbeitsgruppe"),
    ),
    ("vereine", "Vereine und Initiativen", "association", ("verein",)),
)
# (what, how noticed, what would help, category, code of the concerned unit or an option)
ENTRIES = (
    (
        "Die Formulare gibt es nur in schwerem Deutsch.",
        "In der Beratung füllen wir sie jede Woche gemeinsam aus.",
        "Ein Beiblatt in leicht verständlichem Deutsch.",
        "language",
        "M 50",
    ),
    (
        "Am Telefon wird sofort aufgelegt, wenn jemand gebrochen Deutsch spricht.",
        "Mehrere Mitglieder haben davon erzählt.",
        "Eine Nummer mit Dolmetschen, und Zeit.",
        "sensitivity",
        "whole",
    ),
    (
        "Termine gibt es nur im Internet, das Portal ist nur deutsch.",
        "Wir haben es selbst versucht.",
        "Eine offene Sprechstunde in der Woche.",
        "organisation",
        "M 33",
    ),
    (
        "Niemand weiß, welches Amt für Fördermittel zuständig ist.",
        "Beim Antrag für unser Fest.",
        "Eine Ansprechperson für kleine Vereine.",
        "organisation",
        "unsure",
    ),
    (
        "الاستمارات طويلة ولا أحد يشرحها لنا.",
        "في مكتب التسجيل",
        "ترجمة قصيرة إلى العربية",
        "language",
        "M 33",
    ),
    (
        "Der Wachschutz entscheidet an der Tür, wer hineindarf.",
        "Beobachtet im Frühjahr.",
        "Klare Aufgaben für den Wachschutz.",
        "none",
        "whole",
    ),
)
BETTER = (
    "Die Schilder im Rathaus sind besser zu verstehen.",
    "Der Dolmetschdienst kommt öfter.",
    "",
)
NAMED_ANSWERS = ("M 33", "M 50", "ME 55", "T 1", "T 2", "V 1", "V 3")
OPEN_SHEETS, LAST_YEARS_SHEETS = 4, 7


def load_sample_survey(database: Database, config: Config, whole: Frozen) -> None:
    """Add the outside organisations and three waves to the sample city."""
    last = database.write(lambda connection: _load(connection, config, whole))
    _move_to_last_year(database, config, last)
    unseal_due(database, Library(), config.link_key)


def _load(connection: Connection, config: Config, whole: Frozen) -> str:
    today = clock(connection).astimezone(config.zone).date()
    for code, name, kind in OUTSIDE:
        row = {"code": code, "name": name, "kind": kind, "inside": False}
        connection.execute(insert(unit).values(**row))
    named = _wave(connection, config, whole, today, "named", f"hemmnisse-{today.year}")
    for standing in of_wave(connection, named):
        if standing.unit_code in NAMED_ANSWERS:
            _answer_named(connection, standing, whole)
    opened = _wave(connection, config, whole, today, "anonymous", f"hemmnisse-anonym-{today.year}")
    _answer_openly(connection, config, whole, opened, OPEN_SHEETS)
    last = _wave(
        connection, config, whole, today, "anonymous", f"hemmnisse-anonym-{today.year - 1}"
    )
    _answer_openly(connection, config, whole, last, LAST_YEARS_SHEETS)
    return last


def _wave(  # each is a fact of the sample
    connection: Connection, config: Config, whole: Frozen, today: date, mode: Any, slug: str
) -> str:
    kind = "" if mode == "named" else ", anonym"
    asked = AUDIENCES if mode == "named" else AUDIENCES[1:]
    plan = WavePlan(
        slug=slug,
        title=f"Zugangshemmnisse {slug[-4:]}{kind} (Beispiel)",
        first_day=today - timedelta(days=10),
        mode=mode,
        audiences=[
            Audience(key, title, whole.variant(variant, mode), today + timedelta(days=45), kinds)
            for key, title, variant, kinds in asked
        ],
        named_kinds=[kind for *_, kinds in asked for kind in kinds] if mode == "named" else [],
        report_names_units=False,
        staff_council_note="Beispieldaten: Beteiligung der Personalvertretung angenommen.",
        sample=True,
    )
    make_wave(connection, plan, config.zone, config.link_key)
    return slug


def _answer_named(connection: Connection, standing: Standing, whole: Frozen) -> None:
    handle, frozen = standing.handle, _variant(whole, standing.audience, "named")
    chance = random.Random(standing.unit_code)  # noqa: S311  # the same sample city everywhere
    sheet = made_up(connection, frozen.questionnaire, chance)
    store.begin(connection, handle)
    store.save(connection, handle, tuple(sheet), sheet, store.content_hash({}))
    base, key = store.content_hash(sheet), f"sample-{handle}"
    store.submit(connection, handle, base, key, frozen.questionnaire, "de")


def _variant(whole: Frozen, audience: str, mode: Any) -> Frozen:
    chosen = {key: variant for key, _title, variant, _kinds in AUDIENCES}
    return whole.variant(chosen[audience], mode)


def _answer_openly(
    connection: Connection, config: Config, whole: Frozen, slug: str, sheets: int
) -> None:
    for standing in anonymous.audiences(connection, slug):
        frozen = _variant(whole, standing.audience, "anonymous")
        for number in range(sheets):
            key = config.link_key
            secret = sealed.new_ticket(key, standing.wave_id, standing.audience)
            ticket = Ticket(slug, standing.audience, secret)
            chance = random.Random(f"{slug} {standing.audience} {number}")  # noqa: S311
            sheet = made_up(connection, frozen.questionnaire, chance)
            anonymous.save(connection, ticket, key, tuple(sheet), sheet, store.content_hash({}))
            base = store.content_hash(sheet)
            anonymous.submit(connection, ticket, key, base, frozen.questionnaire)


def made_up(
    connection: Connection, questionnaire: Questionnaire, chance: random.Random
) -> dict[str, Any]:
    """A plausible sheet: one to three barriers, most ratings, what has become better."""
    ids = dict(connection.execute(select(unit.c.code, unit.c.id)).all())
    sheet: dict[str, Any] = {"better": chance.choice(BETTER)}
    chosen: Sequence[Any] = chance.sample(ENTRIES, chance.randint(1, 3))
    for number, (what, noticed, help_, category, place) in enumerate(chosen, 1):
        where = f"{UNIT}{ids[place]}" if place in ids else place
        entry = {"what": what, "noticed": noticed, "help": help_, "category": category}
        sheet |= in_entry({**entry, "where": [where]}, f"{number:02}bcdf")
    for question, worth in questionnaire.ratings.items():
        wanted = max(1, min(5, round(chance.gauss(2.8, 1.1))))
        near = min(worth, key=lambda code: abs(worth[code] - wanted))
        sheet[question] = chance.choice(["unknown", *[near] * 5])
    if "may_name" in questionnaire.questions:
        sheet["may_name"] = chance.choice(["yes", "yes", "no"])
    return visible_answers(questionnaire, sheet)


def _move_to_last_year(database: Database, config: Config, slug: str) -> None:
    def move(connection: Connection) -> None:
        today = clock(connection).astimezone(config.zone).date() - timedelta(days=365)
        wave_id = connection.scalar(select(wave.c.id).where(wave.c.slug == slug))
        opened = start_of(today - timedelta(days=60), config.zone)
        connection.execute(update(wave).where(wave.c.id == wave_id).values(opens=opened))
        connection.execute(
            update(wave_audience)
            .where(wave_audience.c.wave_id == wave_id)
            .values(closes=end_of(today, config.zone))
        )

    database.write(move)
