"""One-time codes of anonymous waves: who has one may hand in one sheet. A code belongs to nobody.

Stored is only whether a code was spent, never when; how many were spent is shown to nobody before
the wave is unsealed, because a counter that is watched reveals the order.
"""

from __future__ import annotations

import unicodedata
from secrets import choice
from typing import Literal

from sqlalchemy import Connection, func, insert, select, update

from survey.access import HANDLE_LETTERS, token_hash
from survey.tables import one_time_code

CODE_LENGTH = 12
"""57 bit with the 27 letters of HANDLE_LETTERS."""
GROUP = 4
MOST_AT_ONCE = 500
LONGEST_TYPED = 100

Spending = Literal["spent", "unknown", "used"]


def normalised(typed: str) -> str:
    """A code as it is hashed: small letters and digits only, digits of other scripts as 0 to 9."""
    plain = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED]).lower()
    digits = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    return "".join(c for c in digits if c.isalnum())


def make_codes(connection: Connection, wave_id: int, number: int) -> list[str]:
    """Make codes to hand out; they are readable here only, stored are their hashes."""
    made: set[str] = set()
    while len(made) < number:
        made.add("".join(choice(HANDLE_LETTERS) for _ in range(CODE_LENGTH)))
    # Sorted, so that the order of the table is not the order of the sheets of paper.
    rows = sorted(token_hash(code) for code in made)
    connection.execute(
        insert(one_time_code), [{"code_hash": each, "wave_id": wave_id} for each in rows]
    )
    return [_grouped(code) for code in made]


def _grouped(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def spend(connection: Connection, wave_id: int, typed: str) -> Spending:
    """Use up a code; of two at once only one gets „spent"."""
    is_this = (
        one_time_code.c.code_hash == token_hash(normalised(typed)),
        one_time_code.c.wave_id == wave_id,
    )
    unspent = update(one_time_code).where(*is_this, one_time_code.c.spent.is_(False))
    if connection.execute(unspent.values(spent=True)).rowcount:
        return "spent"
    known = connection.scalar(select(one_time_code.c.spent).where(*is_this))
    return "unknown" if known is None else "used"


def counts(connection: Connection, wave_id: int) -> tuple[int, int]:
    """(made, spent); the second may be shown only once the wave is unsealed."""
    of_wave = select(func.count()).where(one_time_code.c.wave_id == wave_id)
    spent = of_wave.where(one_time_code.c.spent)
    return connection.scalar(of_wave) or 0, connection.scalar(spent) or 0
