"""What lies sealed: drafts and sheets of anonymous waves, and the tickets they belong to.

A respondent without a link holds a ticket: random, signed, stored nowhere. The draft is encrypted
with a key made of the ticket, so that only its holder can read it. A submitted sheet is encrypted
with the installation's key and can be read when the wave has closed (survey/unsealing.py): until
then a database, its journal and its backups show neither answers nor their number of words.
Rows are named by a hash of the ticket. docs/decisions/0017-sealed-sheets.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from secrets import token_bytes
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from forms.loader import canonical

RANDOM_BYTES, SIGNATURE_BYTES, NONCE_BYTES = 16, 9, 12
BLOCK = 65536
"""Bytes a sealed content is filled up to, more than an honest sheet has: whoever saw the lengths in
the order of arrival could otherwise tell the sheets by them once they are read."""


class Unreadable(Exception):
    """A sealed content that does not belong to this key, or was changed."""


def new_ticket(link_key: str, wave_id: int, audience: str) -> str:
    """A ticket for one sheet: 128 bit by chance and a signature, as 40 small letters and digits."""
    random = token_bytes(RANDOM_BYTES)
    signed = random + _signature(link_key, wave_id, audience, random)
    return base64.b32encode(signed).decode().lower()


def ticket_fits(link_key: str, wave_id: int, audience: str, ticket: str) -> bool:
    """Whether a ticket was issued by this installation for this audience of this wave."""
    try:
        given = base64.b32decode(ticket.upper().encode())
    except ValueError:
        return False
    random, signature = given[:RANDOM_BYTES], given[RANDOM_BYTES:]
    return hmac.compare_digest(signature, _signature(link_key, wave_id, audience, random))


def _signature(link_key: str, wave_id: int, audience: str, random: bytes) -> bytes:
    message = f"ticket:{wave_id}:{audience}:".encode() + random
    return hmac.digest(link_key.encode(), message, "sha256")[:SIGNATURE_BYTES]


def draft_id(ticket: str) -> str:
    """What names the ticket's draft; 64 hexadecimal digits."""
    return hashlib.sha256(f"draft:{ticket}".encode()).hexdigest()


def sheet_id(ticket: str) -> str:
    """What names the ticket's submitted sheet while the wave is open: its submission key."""
    return hashlib.sha256(f"sheet:{ticket}".encode()).hexdigest()


def draft_key(ticket: str) -> bytes:
    """The key of the ticket's draft; 32 bytes."""
    return hashlib.sha256(f"key:{ticket}".encode()).digest()


def box_key(link_key: str, wave_id: int) -> bytes:
    """The key of a wave's submitted sheets; 32 bytes."""
    return hmac.digest(link_key.encode(), f"box:{wave_id}".encode(), "sha256")


def seal(key: bytes, name: str, content: Mapping[str, Any]) -> str:
    """Encrypt a content for the row of this name; equal contents give different texts."""
    # The nonce is all chance: nothing in the text tells when it was made.
    nonce = token_bytes(NONCE_BYTES)
    plain = canonical(content).encode()
    padded = plain + b" " * (-len(plain) % BLOCK)
    return base64.b64encode(
        nonce + ChaCha20Poly1305(key).encrypt(nonce, padded, name.encode())
    ).decode()


def unseal(key: bytes, name: str, body: str) -> dict[str, Any]:
    """The content of the row of this name.

    Raises:
        Unreadable: another key or row, or a changed text.
    """
    try:
        sealed = base64.b64decode(body)
        nonce, encrypted = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        plain = ChaCha20Poly1305(key).decrypt(nonce, encrypted, name.encode())
    except (InvalidTag, ValueError):
        raise Unreadable(name) from None
    content: dict[str, Any] = json.loads(plain)
    return content
