"""The commissioner makes a barrier survey, and changes what may still be changed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from forms.definition import Mode
from survey.database import clock
from survey.desk.audience_rows import key_from
from survey.questionnaires import freeze, keep
from survey.tables import (
    audit_event,
    invitation,
    questionnaire,
    response,
    unit,
    wave,
    wave_audience,
)
from survey.waves import Audience
from tests.client import Browser, Page
from tests.conftest import MakeWorld
from tests.forms.questionnaires import tiny
from tests.survey.walks import contents, rows, sign_in
from tests.world import OFFICES, World

NEW = "/de/desk/waves/new-survey"
OUTSIDE = (("V1", "Verein Eins", "verein"), ("V2", "Verein Zwei", "verein"), ("T1", "T", "traeger"))


@pytest.fixture
def city(new_world: MakeWorld) -> World:
    """Offices, associations, an uploaded questionnaire, and no wave."""
    made = new_world()
    made.add_units(OFFICES)

    def fill(connection: Connection) -> None:
        for code, name, kind in OUTSIDE:
            connection.execute(insert(unit).values(code=code, name=name, kind=kind, inside=False))
        keep(connection, freeze(tiny("barriers")), uploaded=True)

    made.database.write(fill)
    return made


GIVEN: dict[str, Any] = {
    "title": "Zugangshemmnisse 2031",
    "slug": "zugang-2031",
    "first_day": "2031-04-03",
    "mode": "named",
    "report_names_units": "1",
    "further_readers": "Stab der Bürgermeisterin",
    "staff_council_note": "beteiligt am 1. Februar",
    "audience-1-title": "Ämter & Eigenbetriebe",
    "audience-1-questionnaire": "barriers/inside",
    "audience-1-last_day": "2031-06-30",
    "audience-1-kinds": ["amt", "eigenbetrieb"],
    "audience-3-title": "Vereine",
    "audience-3-key": "kleine-vereine",
    "audience-3-questionnaire": "barriers/outside",
    "audience-3-last_day": "2031-07-31",
    "audience-3-kinds": ["verein"],
}


def checksum_of(variant: str, mode: Mode) -> str:
    """What an audience is asked."""
    return freeze(tiny("barriers")).variant(variant, mode).checksum


def audiences(world: World) -> list[tuple[Any, ...]]:
    """(key, title, checksum, last moment) of all audiences in order."""
    found = sorted(rows(world, wave_audience), key=lambda row: row["position"])
    return [
        (r["audience"], r["title"], r["questionnaire_checksum"], r["closes"].isoformat())
        for r in found
    ]


def test_a_named_survey_of_two_audiences(city: World) -> None:
    desk = sign_in(city)
    desk_page = desk.visit(NEW).answer(GIVEN)
    sent = desk.client.post(NEW, data=_fields(desk_page), base_url=desk.base_url)
    assert sent.location == "/de/desk/waves/zugang-2031/"
    made = rows(city, wave)[0]
    assert made["mode"] == "named"
    assert made["named_kinds"] == ["amt", "eigenbetrieb", "verein"]
    assert made["report_names_units"] is True
    assert made["further_readers"] == "Stab der Bürgermeisterin"
    assert made["opens"].isoformat() == "2031-04-02T22:00:00+00:00"
    assert audiences(city) == [
        (
            "aemter-eigenbetriebe",
            "Ämter & Eigenbetriebe",
            checksum_of("inside", "named"),
            "2031-06-30T22:00:00+00:00",
        ),
        (
            "kleine-vereine",
            "Vereine",
            checksum_of("outside", "named"),
            "2031-07-31T22:00:00+00:00",
        ),
    ]
    invited = {row["unit_code"]: row["audience"] for row in rows(city, invitation)}
    assert invited == {
        **dict.fromkeys(("10", "20", "30"), "aemter-eigenbetriebe"),
        **dict.fromkeys(("V1", "V2"), "kleine-vereine"),
    }
    event = next(e for e in rows(city, audit_event) if e["action"] == "wave_made")
    assert event["subject"] == "zugang-2031"
    assert event["note"].startswith("named, 5 invitations, aemter-eigenbetriebe ")
    text = desk.visit("/de/desk/").text
    assert "0 von 5" in text
    assert "3. April 2031 – 31. Juli 2031" in text


def _fields(page: Page) -> Any:
    """What the browser would send of a filled form."""
    fields: dict[str, Any] = {"csrf_token": str(page.value("csrf_token"))}
    return fields | page._typed


ANONYMOUS: dict[str, Any] = {
    "mode": "anonymous",
    "staff_council_note": "",
    "audience-1-kinds": [],
    "audience-3-kinds": [],
}


@pytest.mark.parametrize("codes", [True, False])
def test_an_anonymous_survey_needs_nobody_invited(city: World, codes: bool) -> None:
    ticked = {"codes_required": ["1"] if codes else []}
    page = sign_in(city).visit(NEW).answer(GIVEN | ANONYMOUS | ticked).submit()
    assert page.path == "/de/desk/waves/zugang-2031/settings"
    assert "http://127.0.0.1:8000/de/o/zugang-2031/kleine-vereine" in page.text
    made = rows(city, wave)[0]
    assert (made["mode"], made["codes_required"]) == ("anonymous", codes)
    assert (made["named_kinds"], made["report_names_units"]) == ([], False)
    assert [a[2] for a in audiences(city)] == [
        checksum_of("inside", "anonymous"),
        checksum_of("outside", "anonymous"),
    ]
    assert rows(city, invitation) == []


def test_codes_ticked_in_a_named_survey_do_not_count(city: World) -> None:
    page = sign_in(city).visit(NEW).answer(GIVEN | {"codes_required": ["1"]})
    page.browser.client.post(NEW, data=_fields(page), base_url=page.browser.base_url)
    assert rows(city, wave)[0]["codes_required"] is False


TITLE, KEY, WHAT, LAST, KINDS = (
    f"audience-3-{name}" for name in ("title", "key", "questionnaire", "last_day", "kinds")
)
BLANK = {TITLE: "", KEY: "", WHAT: "", LAST: "", KINDS: []}
MISTAKES = [
    ({"title": ""}, "title", "Bitte geben Sie einen Titel an"),
    ({"title": "x" * 201}, "title", "Bitte geben Sie einen Titel an"),
    ({"slug": "Ä"}, "slug", "Die Kurzbezeichnung darf nur"),
    ({"slug": ""}, "slug", "Die Kurzbezeichnung darf nur"),
    ({"first_day": ""}, "first_day", "Bitte geben Sie den ersten Tag an."),
    ({"first_day": "9999-12-31"}, "first_day", "Bitte geben Sie den ersten Tag an."),
    ({"first_day": "0001-01-01"}, "first_day", "Bitte geben Sie den ersten Tag an."),
    ({"mode": []}, "mode", "Bitte wählen Sie, ob namentlich oder anonym"),
    ({"staff_council_note": " "}, "staff_council_note", "Bitte halten Sie fest"),
    (
        {"mode": "anonymous", "staff_council_note": " "},
        "staff_council_note",
        "Bitte halten Sie fest",
    ),
    ({"staff_council_note": "x" * 2001}, "staff_council_note", "zu lang"),
    ({"further_readers": "x" * 2001}, "further_readers", "zu lang"),
    ({TITLE: ""}, TITLE, "Bitte benennen Sie die Zielgruppe"),
    ({TITLE: "x" * 201}, TITLE, "Bitte benennen Sie die Zielgruppe"),
    ({KEY: "Vereine"}, KEY, "Die Kurzbezeichnung beginnt mit"),
    ({KEY: "1a"}, KEY, "Die Kurzbezeichnung beginnt mit"),
    ({KEY: "a/b"}, KEY, "Die Kurzbezeichnung beginnt mit"),
    ({KEY: "x" * 41}, KEY, "Die Kurzbezeichnung beginnt mit"),
    ({KEY: "aemter-eigenbetriebe"}, KEY, "hat schon eine andere Zielgruppe"),
    ({KEY: "", TITLE: "Ämter, Eigenbetriebe"}, KEY, "hat schon eine andere Zielgruppe"),
    ({WHAT: ""}, WHAT, "Bitte wählen Sie einen Fragebogen."),
    ({WHAT: "../../etc/passwd"}, WHAT, "Bitte wählen Sie einen Fragebogen."),
    ({WHAT: "barriers/"}, WHAT, "Bitte wählen Sie die Fassung"),
    ({WHAT: "barriers/nobody"}, WHAT, "Bitte wählen Sie die Fassung"),
    ({WHAT: "selbstcheck-2025/inside"}, WHAT, "Bitte wählen Sie die Fassung"),
    ({LAST: ""}, LAST, "Bitte geben Sie den letzten Tag an."),
    ({LAST: "31.7.2031"}, LAST, "Bitte geben Sie den letzten Tag an."),
    ({LAST: "9999-12-31"}, LAST, "Bitte geben Sie den letzten Tag an."),
    ({LAST: "2031-04-02"}, LAST, "Der letzte Tag liegt vor dem ersten."),
    ({"first_day": "2020-01-01", LAST: "2020-02-01"}, LAST, "ist schon vorbei"),
    ({KINDS: []}, KINDS, "Bitte wählen Sie, wer eingeladen wird"),
    ({KINDS: ["amt", "verein"]}, KINDS, "Schon bei einer anderen Zielgruppe angekreuzt: Amt."),
    (
        {n.replace("-3-", "-1-"): v for n, v in BLANK.items()} | BLANK,
        "audiences",
        "Bitte beschreiben Sie mindestens eine Zielgruppe.",
    ),
    ({**BLANK, KINDS: ["verein"]}, TITLE, "Bitte benennen Sie die Zielgruppe"),
    ({**BLANK, TITLE: "Vereine"}, WHAT, "Bitte wählen Sie einen Fragebogen."),
]


@pytest.mark.parametrize(("change", "field", "said"), MISTAKES)
def test_a_mistake_is_marked_and_everything_else_kept(
    city: World, change: dict[str, Any], field: str, said: str
) -> None:
    wanted = GIVEN | change
    page = sign_in(city).visit(NEW).answer(wanted).submit(status=422)
    assert said in page.one(f"#{field}-error").get_text()
    assert page.one(f'.notice a[href="#{field}"]')
    kept = {name: page.value(name) for name in wanted if name != "mode"}
    expected = {n: v.strip() if isinstance(v, str) else v for n, v in wanted.items() if n in kept}
    assert kept == expected
    assert page.value("mode") == (wanted["mode"] or "")
    assert rows(city, wave) == []


def test_a_questionnaire_that_asks_nothing_in_this_mode_is_refused(city: World) -> None:
    only_named = tiny("barriers").model_copy(update={"id": "only-named"})
    sections = tuple(s for s in only_named.sections if s.mode == "named")
    frozen = freeze(only_named.model_copy(update={"sections": sections}))
    city.database.write(lambda c: keep(c, frozen, uploaded=True))
    desk = sign_in(city)
    changes = {"audience-3-questionnaire": "only-named/outside"}
    page = desk.visit(NEW).answer(GIVEN | ANONYMOUS | changes).submit(status=422)
    said = page.one("#audience-3-questionnaire-error").get_text()
    assert "In dieser Form der Befragung enthält der Fragebogen keine Frage." in said


def test_a_slug_stands_only_once(city: World) -> None:
    city.add_wave(slug="zugang-2031")
    page = sign_in(city).visit(NEW).answer(GIVEN).submit(status=422)
    assert "gibt es schon" in page.one("#slug-error").get_text()


def test_without_units_the_form_is_there_all_the_same(new_world: MakeWorld) -> None:
    page = sign_in(new_world()).visit(NEW)
    assert page.follow("Jetzt einlesen").heading == "Organisationseinheiten"


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Ämter & Eigenbetriebe", "aemter-eigenbetriebe"),
        ("2. Träger (groß)", "traeger-gross"),
        ("Café", "cafe"),
        ("جمعيات", "gruppe-4"),
        ("", "gruppe-4"),
        ("x" * 39 + " y", "x" * 39),
        ("x" * 100, "x" * 40),
    ],
)
def test_a_title_as_a_key(title: str, key: str) -> None:
    assert key_from(title, 4) == key


# --- the list of waves ----------------------------------------------------------------------------


def add_anonymous(world: World, **changes: Any) -> None:
    """An anonymous wave of two audiences that invites the offices."""
    whole = freeze(tiny("barriers"))
    today = world.database.write(clock).date()
    given: dict[str, Any] = {
        "slug": "stufen",
        "title": "Stufen",
        "mode": "anonymous",
        "named_kinds": (),
        "first_day": today - timedelta(days=2),
        "audiences": (
            Audience(
                "aemter", "Ämter", whole.variant("inside", "anonymous"), last_day(30), ("amt",)
            ),
            Audience("vereine", "Vereine", whole.variant("outside", "anonymous"), last_day(40)),
        ),
    }
    world.add_wave(**given | changes)


def last_day(days: int) -> date:
    """A day from now."""
    return date.today() + timedelta(days=days)  # noqa: DTZ011  # far enough from midnight's edge


def change_wave(world: World, **values: Any) -> None:
    """Change the only wave."""
    world.database.write(lambda c: c.execute(update(wave).values(**values)))


def test_a_wave_of_several_audiences_is_one_line(city: World) -> None:
    add_anonymous(city)
    page = sign_in(city).visit("/de/desk/")
    assert len(page.soup.select("tbody tr")) == 1
    assert page.all("tbody td")[2] == "bis zum Ende versiegelt"


@pytest.mark.parametrize(
    ("sheets", "said"), [(0, "weniger als 5 Bögen"), (4, "weniger als 5 Bögen"), (5, "5 Bögen")]
)
def test_few_anonymous_sheets_are_not_counted_out(city: World, sheets: int, said: str) -> None:
    add_anonymous(city)
    made = rows(city, wave)[0]

    def unseal(connection: Connection) -> None:
        for number in range(sheets):
            connection.execute(
                insert(response).values(
                    id=f"{number:032}",
                    wave_id=made["id"],
                    audience="vereine",
                    mode="anonymous",
                    state="submitted",
                    answers={},
                )
            )
        connection.execute(update(wave).values(unsealed=clock(connection)))

    city.database.write(unseal)
    assert sign_in(city).visit("/de/desk/").all("tbody td")[2] == said


# --- settings -------------------------------------------------------------------------------------


SETTINGS = "/de/desk/waves/zugang-2031/settings"


def made_survey(city: World, **changes: Any) -> tuple[Browser, Page]:
    """A desk, and the settings of a survey made there that opens in 2031."""
    desk = sign_in(city)
    page = desk.visit(NEW).answer(GIVEN | changes)
    desk.client.post(NEW, data=_fields(page), base_url=desk.base_url)
    return desk, desk.visit(SETTINGS)


def last_event(world: World) -> dict[str, Any]:
    """The newest line of the log."""
    return max(rows(world, audit_event), key=lambda event: event["id"])


def test_the_settings_tell_the_facts(city: World) -> None:
    _desk, page = made_survey(city)
    for words in ("namentlich", "Umfrage zu Stufen", "31. Juli 2031", "Deutsch", "beteiligt am"):
        assert words in page.text
    assert "/o/" not in page.text


def test_the_mode_changes_with_what_is_asked_until_the_opening(city: World) -> None:
    _desk, page = made_survey(city)
    page = page.in_form("/mode").answer(mode="anonymous", codes_required=["1"]).submit()
    assert "Erledigt" in page.text
    made = rows(city, wave)[0]
    assert (made["mode"], made["codes_required"]) == ("anonymous", True)
    assert made["report_names_units"] is False
    assert [a[2] for a in audiences(city)] == [
        checksum_of("inside", "anonymous"),
        checksum_of("outside", "anonymous"),
    ]
    event = last_event(city)
    assert (event["action"], event["note"]) == ("wave_mode", "named → anonymous, codes")
    page.in_form("/mode").answer(mode="named", codes_required=["1"]).submit()
    made = rows(city, wave)[0]
    assert (made["mode"], made["codes_required"]) == ("named", False)
    assert made["named_kinds"] == ["amt", "eigenbetrieb", "verein"]
    assert audiences(city)[0][2] == checksum_of("inside", "named")


def test_after_the_opening_the_mode_stays(city: World) -> None:
    _desk, page = made_survey(city)
    page = page.in_form("/mode").answer(mode="anonymous")
    change_wave(city, opens=city.database.write(clock))
    before = contents(city)
    refusal = page.submit(status=409)
    assert refusal.heading == "Die Form der Befragung steht fest."
    assert contents(city) == before
    assert "darum steht fest" in refusal.follow("Zurück").text


def test_what_the_mode_cannot_become(city: World) -> None:
    _desk, page = made_survey(city, **ANONYMOUS)
    form = page.in_form("/mode")
    before = contents(city)
    assert "niemand eingeladen" in form.answer(mode="named").submit(status=409).heading
    sent = {"csrf_token": str(form.value("csrf_token")), "mode": "secret"}
    page.browser.send("/de/desk/waves/zugang-2031/mode", sent, status=422)
    page.browser.send("/de/desk/waves/nowhere/mode", sent | {"mode": "named"}, status=404)
    assert contents(city) == before


def test_a_questionnaire_that_is_gone_keeps_the_mode(city: World) -> None:
    _desk, page = made_survey(city)
    gone = update(questionnaire).values(uploaded=False)
    city.database.write(lambda c: c.execute(gone))
    before = contents(city)
    page.in_form("/mode").answer(mode="anonymous").submit(status=409)
    assert contents(city) == before


def test_one_audience_gets_another_last_day(city: World) -> None:
    desk, page = made_survey(city)
    until = last_day(300)
    change_wave(city, opens=city.database.write(clock))
    page = page.in_form("/audiences/kleine-vereine/closing").answer(last_day=until.isoformat())
    page.submit()
    before, after = audiences(city)
    assert before[3] == "2031-06-30T22:00:00+00:00"
    assert after[3].startswith(until.isoformat())
    event = last_event(city)
    assert (event["action"], event["subject"], event["note"]) == (
        "closing_changed",
        "zugang-2031 kleine-vereine",
        until.isoformat(),
    )
    assert "30. Juni 2031" in desk.visit("/de/desk/").text


@pytest.mark.parametrize(
    ("written", "audience", "status"),
    [
        ("", "vereine", 422),
        ("morgen", "vereine", 422),
        ("2001-01-01", "vereine", 422),
        ("9999-12-31", "vereine", 422),
        (last_day(3 * 366).isoformat(), "vereine", 422),
        (last_day(10).isoformat(), "nobody", 404),
    ],
)
def test_a_wrong_last_day_changes_nothing(
    city: World, written: str, audience: str, status: int
) -> None:
    add_anonymous(city)
    desk = sign_in(city)
    page = desk.visit("/de/desk/waves/stufen/settings").in_form("/audiences/vereine/closing")
    before = contents(city)
    sent = {"csrf_token": str(page.value("csrf_token")), "last_day": written}
    desk.send(f"/de/desk/waves/stufen/audiences/{audience}/closing", sent, status=status)
    assert contents(city) == before


def test_a_last_day_before_the_first_is_refused(city: World) -> None:
    add_anonymous(city, first_day=last_day(20))
    page = sign_in(city).visit("/de/desk/waves/stufen/settings")
    page = page.in_form("/audiences/vereine/closing").answer(last_day=last_day(10).isoformat())
    assert "vor dem ersten" in page.submit(status=422).heading


def test_after_unsealing_the_closing_stays(city: World) -> None:
    add_anonymous(city)
    desk = sign_in(city)
    page = desk.visit("/de/desk/waves/stufen/settings").in_form("/audiences/vereine/closing")
    page = page.answer(last_day=last_day(10).isoformat())
    change_wave(city, unsealed=city.database.write(clock))
    before = contents(city)
    assert "schon entsiegelt" in page.submit(status=409).heading
    assert contents(city) == before
    assert "der letzte Tag bleibt" in desk.visit("/de/desk/waves/stufen/settings").text


# --- branches -------------------------------------------------------------------------------------


def unit_page(world: World) -> Page:
    """The page of the first office."""
    return sign_in(world).visit(f"/de/desk/waves/selbstcheck-2026/units/{world.handles[0]}")


def test_a_branch_gets_a_link_of_its_own_and_counts_once(world: World) -> None:
    page = unit_page(world).in_form("/branch").answer(branch="Filiale <Süd>").submit()
    assert "Erledigt" in page.text
    first, second = (s for s in world.standings("selbstcheck-2026") if s.unit_code == "10")
    assert (first.branch, second.branch) == ("", "Filiale <Süd>")
    assert second.audience == first.audience
    event = last_event(world)
    assert (event["action"], event["note"]) == ("link_branch", "Filiale <Süd>")
    lines = page.browser.visit("/de/desk/waves/selbstcheck-2026/links.csv").html.splitlines()
    link = f"http://127.0.0.1:8000{world.link(second.handle)}"
    assert f"10;Amt Zehn;;invited;{link};office;Filiale <Süd>" in lines
    assert "0 von 4" in page.browser.visit("/de/desk/").text


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\nb"])
def test_a_branch_needs_a_short_name(world: World, name: str) -> None:
    page = unit_page(world).in_form("/branch")
    before = contents(world)
    sent = {"csrf_token": str(page.value("csrf_token")), "branch": name}
    page.browser.send(f"{page.address}/branch", sent, status=422)
    assert contents(world) == before


def test_a_branch_gets_one_link(world: World) -> None:
    page = unit_page(world).in_form("/branch").answer(branch="Süd")
    page.submit()
    before = contents(world)
    page.submit(status=422)
    assert contents(world) == before


def test_no_branch_in_an_anonymous_wave(city: World) -> None:
    add_anonymous(city)
    desk = sign_in(city)
    token = str(desk.visit(NEW).value("csrf_token"))
    place = f"/de/desk/waves/stufen/units/{city.handles[0]}/branch"
    desk.send(place, {"csrf_token": token, "branch": "Süd"}, status=422)
    assert len(rows(city, invitation)) == 2
