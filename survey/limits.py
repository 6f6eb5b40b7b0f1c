"""Holds back abuse of open addresses without knowing anybody: counters in memory that forget.

A connection is known by a keyed hash of its address; the key is made anew by every process and
thrown away with the counts of its hour. Nothing is written, and nothing outlives the process. Each
worker counts for itself: what is allowed is allowed a worker.
"""

from __future__ import annotations

import hmac
import threading
import time
from collections import Counter
from ipaddress import IPv4Address, ip_address, ip_network
from secrets import token_bytes

HOUR = 3600.0


class Limits:
    """Counts of this hour by (what, hashed connection)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._until = time.monotonic() + HOUR
        self._key = token_bytes(32)
        self._counts: Counter[tuple[str, bytes]] = Counter()

    def seen(self, what: str, address: str) -> int:
        """How often this connection did this within the hour so far."""
        with self._lock:
            return self._counts[what, self._whose(address)]

    def count(self, what: str, address: str) -> int:
        """How often this connection did this within the hour, this time included."""
        with self._lock:
            whose = self._whose(address)
            self._counts[what, whose] += 1
            return self._counts[what, whose]

    def _whose(self, address: str) -> bytes:
        if time.monotonic() >= self._until:
            self._forget()
        return hmac.digest(self._key, _network(address).encode(), "sha256")


def _network(address: str) -> str:
    try:
        given = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(given, IPv4Address):
        return str(given)
    if given.ipv4_mapped:
        return str(given.ipv4_mapped)
    # An IPv6 connection has 2⁶⁴ addresses of its own: its network is what counts.
    return str(ip_network((given, 64), strict=False))
