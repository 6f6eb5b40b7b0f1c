"""Tickets that were issued here, and contents only the right key opens; pure."""

from __future__ import annotations

import base64
import re

import pytest

from survey import sealed

KEY, NAME = bytes(range(32)), "a" * 64


def test_a_ticket_fits_where_it_was_issued() -> None:
    ticket = sealed.new_ticket("key", 7, "vereine")
    assert re.fullmatch("[a-z2-7]{40}", ticket)
    assert sealed.ticket_fits("key", 7, "vereine", ticket)
    assert sealed.ticket_fits("key", 7, "vereine", ticket.upper())
    assert ticket != sealed.new_ticket("key", 7, "vereine")


@pytest.mark.parametrize(
    ("link_key", "wave_id", "audience"),
    [("other", 7, "vereine"), ("key", 8, "vereine"), ("key", 7, "traeger"), ("key", 7, "")],
)
def test_it_fits_nowhere_else(link_key: str, wave_id: int, audience: str) -> None:
    ticket = sealed.new_ticket("key", 7, "vereine")
    assert not sealed.ticket_fits(link_key, wave_id, audience, ticket)


@pytest.mark.parametrize(
    "typed",
    ["", "a", "a" * 40, "a" * 39, "a" * 48, "=" * 40, "1890" * 10, "ß" * 40, "\ud800", "\x00" * 40],
)
def test_what_is_no_ticket_fits_nowhere(typed: str) -> None:
    assert not sealed.ticket_fits("key", 7, "vereine", typed)


@pytest.mark.parametrize("at", range(0, 40, 3))
def test_a_changed_ticket_does_not_fit(at: int) -> None:
    ticket = sealed.new_ticket("key", 7, "vereine")
    letter = "b" if ticket[at] == "a" else "a"
    assert not sealed.ticket_fits("key", 7, "vereine", ticket[:at] + letter + ticket[at + 1 :])


def test_names_and_keys_of_a_ticket_tell_nothing_of_each_other() -> None:
    ticket = sealed.new_ticket("key", 7, "vereine")
    made = (sealed.draft_id(ticket), sealed.sheet_id(ticket), sealed.draft_key(ticket).hex())
    assert len(set(made)) == 3
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in made)
    assert sealed.box_key("key", 7) != sealed.box_key("key", 8) != sealed.box_key("other", 8)


@pytest.mark.parametrize(
    "content", [{}, {"better": "Türen"}, {"place@01bcdf": ["unit:17"], "what@01bcdf": 'سؤال\n\t"'}]
)
def test_what_was_sealed_is_what_comes_out(content: dict[str, object]) -> None:
    body = sealed.seal(KEY, NAME, content)
    assert sealed.unseal(KEY, NAME, body) == content
    assert sealed.seal(KEY, NAME, content) != body


@pytest.mark.parametrize(
    ("key", "name"), [(bytes(32), NAME), (KEY, "b" * 64), (KEY, ""), (KEY[::-1], NAME)]
)
def test_another_key_or_row_opens_nothing(key: bytes, name: str) -> None:
    body = sealed.seal(KEY, NAME, {"better": "Türen"})
    with pytest.raises(sealed.Unreadable):
        sealed.unseal(key, name, body)


@pytest.mark.parametrize("at", [0, 11, 12, 400, 65_000, -17, -1])
def test_a_changed_body_is_unreadable(at: int) -> None:
    body = bytearray(base64.b64decode(sealed.seal(KEY, NAME, {"better": "Türen"})))
    body[at] ^= 1
    with pytest.raises(sealed.Unreadable):
        sealed.unseal(KEY, NAME, base64.b64encode(body).decode())


@pytest.mark.parametrize("kept", [0, 1, 12, 16, 20, 40, 1000, -4])
def test_a_cut_body_is_unreadable(kept: int) -> None:
    body = sealed.seal(KEY, NAME, {"better": "Türen"})
    with pytest.raises(sealed.Unreadable):
        sealed.unseal(KEY, NAME, body[:kept])


# {"a":""} has eight bytes, ü two.
@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", 1),
        ("x" * 100, 1),
        ("ü" * 10_000 + "س" * 10_000, 1),
        ("x" * (sealed.BLOCK - 8), 1),
        ("x" * (sealed.BLOCK - 7), 2),
        ("ü" * (sealed.BLOCK // 2), 2),
    ],
)
def test_lengths_are_those_of_whole_blocks(text: str, blocks: int) -> None:
    body = base64.b64decode(sealed.seal(KEY, NAME, {"a": text}))
    nonce, tag = sealed.NONCE_BYTES, 16
    assert len(body) == nonce + blocks * sealed.BLOCK + tag


def test_a_block_holds_the_longest_honest_sheet() -> None:
    # Ten full pages of Arabic or Ukrainian text, two bytes a letter.
    assert sealed.BLOCK >= 10 * 3000 * 2
