"""Tables, and the constraints that refuse bad states. Glossary: docs/GLOSSARY.md.

`mode` travels with its wave by a composite key, so that a constraint of the response itself can
refuse anything that would identify an anonymous one.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from survey.database import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

MODES = ("named", "anonymous")
STATES = ("draft", "submitted", "quarantined", "void")
NO_SHEET_REASONS = ("no_contact", "with_other", "declined", "other")
ROLES = ("commissioner", "administrator")
BANDS = ("red", "yellow", "green")
JOB_KINDS = ("files", "unit")
JOB_STATES = ("waiting", "running", "done", "failed")
NO_UNIT = 0
"""The tally's unit for what belongs to no unit: keys are never NULL, or counts double."""


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


questionnaire = Table(
    "questionnaire",
    metadata,
    Column("checksum", String(64), primary_key=True),
    Column("id", String(60), nullable=False),
    Column("version", String(40), nullable=False),
    # The definition and its texts in every language that was complete: what was asked, for ever.
    Column("document", JSON, nullable=False),
    Column("added", UtcDateTime, nullable=False),
    # Brought by the commissioner; the others come from forms/definitions.
    Column("uploaded", Boolean, nullable=False, server_default=text("false")),
)

unit = Table(
    "unit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(60), nullable=False, unique=True),
    Column("name", String(300), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("parent_id", ForeignKey("unit.id"), index=True),
    Column("inside", Boolean, nullable=False, server_default=text("true")),
    Column("language", String(20), nullable=False, server_default="de"),
    Column("mail", String(200)),
    # Number of staff, where it is known: means can be weighted by it.
    Column("staff", Integer),
    Column("successor_id", ForeignKey("unit.id"), index=True),
    CheckConstraint("parent_id <> id", name="not_its_own_parent"),
    CheckConstraint("successor_id <> id", name="not_its_own_successor"),
)

wave = Table(
    "wave",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String(60), nullable=False, unique=True),
    Column("title", String(200), nullable=False),
    Column("mode", String(10), nullable=False),
    Column("opens", UtcDateTime, nullable=False),
    Column("previous_id", ForeignKey("wave.id"), index=True),
    # Kinds of units whose results reach the commissioner by name (docs/decisions/0011).
    Column("named_kinds", JSON, nullable=False),
    Column("report_names_units", Boolean, nullable=False),
    Column("staff_council_note", Text, nullable=False, server_default=""),
    Column("further_readers", Text, nullable=False, server_default=""),
    Column("sample", Boolean, nullable=False, server_default=text("false")),
    # Anonymous waves: whether a one-time code is asked for, and when the sealed sheets were opened.
    Column("codes_required", Boolean, nullable=False, server_default=text("false")),
    Column("unsealed", UtcDateTime),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("created", UtcDateTime, nullable=False),
    UniqueConstraint("id", "mode"),
    CheckConstraint(_one_of("mode", MODES), name="mode_known"),
    CheckConstraint("previous_id <> id", name="not_its_own_previous"),
    CheckConstraint(
        "mode = 'anonymous' OR (unsealed IS NULL AND NOT codes_required)",
        name="only_anonymous_is_sealed",
    ),
)

wave_audience = Table(
    "wave_audience",
    metadata,
    Column("wave_id", ForeignKey("wave.id", ondelete="CASCADE"), primary_key=True),
    Column("audience", String(40), primary_key=True),
    Column("title", String(200), nullable=False, server_default=""),
    Column("position", Integer, nullable=False, server_default="0"),
    Column(
        "questionnaire_checksum", ForeignKey("questionnaire.checksum"), nullable=False, index=True
    ),
    Column("closes", UtcDateTime, nullable=False),
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("wave_id", Integer, nullable=False),
    Column("audience", String(40), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=False, index=True),
    # As they were when the wave was made: old reports keep old names.
    Column("unit_code", String(60), nullable=False),
    Column("unit_name", String(300), nullable=False),
    Column("unit_kind", String(40), nullable=False),
    Column("unit_staff", Integer),
    Column("parent_unit_id", ForeignKey("unit.id"), index=True),
    Column("parent_name", String(300), nullable=False, server_default=""),
    # The nearest unit above that is read by name: a smaller unit's sheet is seen by it and itself.
    Column("overseer_unit_id", ForeignKey("unit.id")),
    Column("overseer_name", String(300), nullable=False, server_default=""),
    # A further link of the same unit, for a branch; the return counts the unit once.
    Column("branch", String(100), nullable=False, server_default=""),
    Column("handle", String(20), nullable=False, unique=True),
    Column("link_generation", Integer, nullable=False, server_default="1"),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("revoked", Boolean, nullable=False, server_default=text("false")),
    Column("extended_until", UtcDateTime),
    Column("sent", UtcDateTime),
    Column("reminded", UtcDateTime),
    Column("begun", UtcDateTime),
    Column("no_sheet_reason", String(20)),
    Column("no_sheet_note", String(500), nullable=False, server_default=""),
    # Anonymous waves: „we have taken part", said on the unit's own link and tied to no sheet.
    Column("taken_part", Boolean, nullable=False, server_default=text("false")),
    ForeignKeyConstraint(
        ["wave_id", "audience"], ["wave_audience.wave_id", "wave_audience.audience"]
    ),
    Index(None, "wave_id", "audience"),
    # With the wave: alone, most rows share NULL, and a planner with statistics passes it over.
    Index(None, "overseer_unit_id", "wave_id"),
    CheckConstraint(
        f"no_sheet_reason IS NULL OR {_one_of('no_sheet_reason', NO_SHEET_REASONS)}",
        name="no_sheet_reason_known",
    ),
    CheckConstraint("link_generation >= 1", name="link_generation_counts_up"),
)

response = Table(
    "response",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("wave_id", Integer, nullable=False),
    Column("audience", String(40), nullable=False),
    Column("mode", String(10), nullable=False),
    Column("invitation_id", ForeignKey("invitation.id"), index=True),
    Column("unit_id", ForeignKey("unit.id"), index=True),
    Column("language", String(20)),
    Column("state", String(20), nullable=False),
    # What is being filled; NULL when nothing is open. Free texts stand here until submission.
    Column("draft", JSON(none_as_null=True)),
    Column("submission_key", String(64), unique=True),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("submitted", UtcDateTime),
    # Option codes only; free texts are remarks.
    Column("answers", JSON(none_as_null=True)),
    # What became of the earlier wave's promises, by „question:line".
    Column("promise_marks", JSON(none_as_null=True)),
    Column("category_points", JSON(none_as_null=True)),
    # Colours of the categories that are rated, not scored.
    Column("category_bands", JSON(none_as_null=True)),
    Column("points", Integer),
    Column("possible", Integer),
    Column("band", String(10)),
    Column("void_reason", String(500)),
    ForeignKeyConstraint(["wave_id", "mode"], ["wave.id", "wave.mode"]),
    ForeignKeyConstraint(
        ["wave_id", "audience"], ["wave_audience.wave_id", "wave_audience.audience"]
    ),
    Index(None, "wave_id", "audience"),
    CheckConstraint(_one_of("state", STATES), name="state_known"),
    CheckConstraint(f"band IS NULL OR {_one_of('band', BANDS)}", name="band_known"),
    CheckConstraint("points <= possible", name="points_within_possible"),
    CheckConstraint(
        "(points IS NULL) = (possible IS NULL) AND (points IS NULL) = (category_points IS NULL)",
        name="score_whole",
    ),
    CheckConstraint("state <> 'submitted' OR answers IS NOT NULL", name="submitted_has_answers"),
    CheckConstraint("state <> 'draft' OR draft IS NOT NULL", name="draft_has_content"),
    CheckConstraint(
        "mode <> 'anonymous' OR (invitation_id IS NULL AND unit_id IS NULL "
        "AND language IS NULL AND submitted IS NULL AND draft IS NULL)",
        name="anonymous_names_nobody",
    ),
    CheckConstraint(
        "mode <> 'named' OR (invitation_id IS NOT NULL AND unit_id IS NOT NULL)",
        name="named_has_unit",
    ),
)
QUARANTINED = text("response.state = 'quarantined'")
"""Word for word what the index below holds; a bound parameter would not be found in it."""
Index(
    "ix_response_wave_id_quarantined",
    response.c.wave_id,
    response.c.audience,
    sqlite_where=text("state = 'quarantined'"),
    postgresql_where=text("state = 'quarantined'"),
)


class has_entries(FunctionElement[Any]):  # noqa: N801  # reads as the SQL condition it is
    """Whether a response has entries: only their answer keys have an @, and codes never do."""

    # Not a Boolean: „… = 1" would be added, and the index below not found.
    inherit_cache = True


HAS_ENTRIES = {
    "sqlite": "instr(answers, '@') > 0",
    "postgresql": "strpos(CAST(answers AS TEXT), '@') > 0",
}


@compiles(has_entries)
def _has_entries(_element: object, compiler: Any, **_kw: object) -> str:
    return HAS_ENTRIES[compiler.dialect.name].replace("answers", "response.answers")


# Millions of sheets that only rate are not read to find those that say more.
Index(
    "ix_response_wave_id_entries",
    response.c.wave_id,
    sqlite_where=text(HAS_ENTRIES["sqlite"]),
    postgresql_where=text(HAS_ENTRIES["postgresql"]),
)
Index(
    "uq_response_invitation_id_counting",
    response.c.invitation_id,
    unique=True,
    sqlite_where=response.c.state != "void",
    postgresql_where=response.c.state != "void",
)

response_version = Table(
    "response_version",
    metadata,
    Column("response_id", ForeignKey("response.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("submitted", UtcDateTime),
    Column("answers", JSON, nullable=False),
    Column("remarks", JSON, nullable=False),
    Column("points", Integer),
    Column("band", String(10)),
)

remark = Table(
    "remark",
    metadata,
    Column("response_id", ForeignKey("response.id", ondelete="CASCADE"), primary_key=True),
    Column("question", String(60), primary_key=True),
    Column("body", Text, nullable=False),
)

tally = Table(
    "tally",
    metadata,
    Column("wave_id", ForeignKey("wave.id", ondelete="CASCADE"), primary_key=True),
    Column("audience", String(40), primary_key=True),
    Column("unit_id", Integer, primary_key=True),
    Column("question", String(60), primary_key=True),
    Column("value", String(60), primary_key=True),
    Column("count", Integer, nullable=False),
    CheckConstraint("count >= 0", name="count_not_negative"),
    sqlite_with_rowid=False,
)

# --- anonymous waves: nothing here has an order, a time or a name (survey/sealed.py) -------------

sealed_sheet = Table(
    "sealed_sheet",
    metadata,
    # Hash of the respondent's ticket, which is stored nowhere: the submission key.
    Column("id", String(64), primary_key=True),
    Column("wave_id", Integer, nullable=False),
    Column("audience", String(40), nullable=False),
    Column("body", Text, nullable=False),
    ForeignKeyConstraint(
        ["wave_id", "audience"], ["wave_audience.wave_id", "wave_audience.audience"]
    ),
    Index(None, "wave_id", "audience"),
    sqlite_with_rowid=False,
)

anonymous_draft = Table(
    "anonymous_draft",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("wave_id", ForeignKey("wave.id"), nullable=False, index=True),
    Column("body", Text, nullable=False),
    # A day, not a moment.
    Column("expires", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

one_time_code = Table(
    "one_time_code",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("wave_id", ForeignKey("wave.id"), nullable=False, index=True),
    Column("spent", Boolean, nullable=False, server_default=text("false")),
    sqlite_with_rowid=False,
)

history = Table(
    "history",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String(60), nullable=False, unique=True),
    Column("title", String(200), nullable=False),
    Column("year", Integer, nullable=False),
    # What the sources hold of an earlier survey: returns, participants, findings, counts.
    Column("document", JSON, nullable=False),
    Column("added", UtcDateTime, nullable=False),
)

# --- what is made of a wave to take away ----------------------------------------------------------

job = Table(
    "job",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("wave_id", ForeignKey("wave.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    # „handle:language" where it is about one unit's result.
    Column("subject", String(40), nullable=False, server_default=""),
    Column("state", String(10), nullable=False),
    Column("step", Integer, nullable=False, server_default="0"),
    Column("steps", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("requested", UtcDateTime, nullable=False),
    # The last sign of life: who is silent for too long has died, and the job is taken anew.
    Column("beat", UtcDateTime),
    Index(None, "state", "requested"),
    CheckConstraint(_one_of("kind", JOB_KINDS), name="kind_known"),
    CheckConstraint(_one_of("state", JOB_STATES), name="state_known"),
    CheckConstraint("step <= steps", name="step_within_steps"),
)

file = Table(
    "file",
    metadata,
    Column("wave_id", ForeignKey("wave.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(120), primary_key=True),
    # Whose result it is, where it is one unit's alone.
    Column("subject", String(40), nullable=False, server_default=""),
    Column("media_type", String(120), nullable=False),
    Column("size", Integer, nullable=False),
    # The state of the wave the numbers belong to; another one makes the file outdated.
    Column("stamp", String(64), nullable=False),
    Column("made", UtcDateTime, nullable=False),
    # Last: SQLite reads a row up to the column it needs, and lists are read without this one.
    Column("content", LargeBinary, nullable=False),
)

release = Table(
    "release",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("wave_id", ForeignKey("wave.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("made", UtcDateTime, nullable=False),
    # The protected numbers that were released, and fingerprints of the sheets behind them.
    Column("document", JSON, nullable=False),
    Column("sheets", JSON, nullable=False),
)

account = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("password_hash", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("language", String(20), nullable=False, server_default="de"),
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
    Column("created", UtcDateTime, nullable=False),
    CheckConstraint(_one_of("role", ROLES), name="role_known"),
)

sign_in = Table(
    "sign_in",
    metadata,
    # Stored is the hash: who reads this table cannot take over a session.
    Column("session_hash", String(64), primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("started", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime, nullable=False),
)

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name_hash", String(64), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
)

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("account_id", ForeignKey("account.id"), index=True),
    Column("action", String(40), nullable=False),
    Column("wave_id", Integer, index=True),
    Column("subject", String(300), nullable=False, server_default=""),
    Column("note", String(500), nullable=False, server_default=""),
)
