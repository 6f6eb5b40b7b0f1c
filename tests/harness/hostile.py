"""What no browser sends and everybody can: paths, fields, cookies and headers to break a server."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote_from_bytes

from flask import Flask

MEBIBYTE = 1024 * 1024
TOKEN, SESSION = b"@token@", b"@session@"
"""Stand for the form token and the cookie of whoever sends the request."""

SHORT = (
    b"", b" ", b"\x00", b"a\x00b", b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80", b"\xed\xbf\xbf",
    b"\xf4\x90\x80\x80", b"%", b"%00", b"%zz", b"%ed%a0%80", b"../../../etc/passwd", b"..%2f..%2f",
    b"{{7*7}}", b"%(x)s", b"{0.__class__}", b"<script>alert(1)</script>", b"'\"><svg onload=x>",
    b"' OR 1=1 --", b"\r\nX-Evil: 1", b"\x0b\x1b\x7f\x85", b"-1", b"0", b"6", b"5.0", b"1e999",
    b"2147483648", b"99999999999999999999999", b"9" * 5000, b"NaN", b"null", b"true",
    "٣".encode(), "９".encode(), "\u202eמ\u2066".encode(), "🙂".encode(), b"e\xcc\x81" * 50,
    b"9999-12-31", b"0001-01-01", b"2026-02-30", b"2026-13-01", b"//evil.example", b"/\\evil",
    b"https://evil.example/", b"__proto__", b"@promises", b"language:xx", b"de\x00", b"zh",
)  # fmt: skip

# What databases and decoders disagree about.
SHARPEST = SHORT[2:8]

FIELDS = (
    *(f"q{number}" for number in range(1, 9)), "q5_past", "q5_next", "q8_fields",
    "q8_fields.other", "next_steps", "base", "reopen", "then", "submission_key", "reason", "note",
    "name", "role", "password", "title", "slug", "first_day", "last_day", "kinds", "named_kinds",
    "staff_council_note", "further_readers", "report_names_units", "previous", "questionnaire",
    "to", "until", "file", "key", "promise:q5_next:0", "promise:next_steps:0", "csrf_token",
)  # fmt: skip

FIELDS_OF = {
    "check": ("base", "submission_key"),
    "no-sheet": ("reason", "note"),
    "reopen": ("then",),
    "promises": ("base", "then", "promise:q5_next:0"),
    "<step>": ("base", "then", "q1", "q4", "q5_next", "q8_fields", "q8_fields.other"),
    "<questionnaire>": tuple(f"q{number}" for number in range(1, 9)),
    "sign-in": ("name", "password", "then"),
    "accounts": ("name", "role"),
    "new": ("title", "slug", "first_day", "last_day", "kinds", "named_kinds", "questionnaire",
            "staff_council_note", "previous"),
    "units": ("file", "then"),
    "<action>": ("reason", "to", "until"),
}  # fmt: skip
"""What a route reads, by the last part of its address."""

GOOD = {
    "then": (b"next", b"back", b"later", b"discard", b"withdraw", b"check", b"language:en"),
    "reason": (b"no_contact", b"with_other", b"declined", b"other"),
    "role": (b"commissioner", b"administrator"),
    "q8_fields": (b"exchange", b"other"),
    "kinds": (b"amt",),
    "questionnaire": (b"selbstcheck-2025",),
    "first_day": (b"2026-11-01", b"2030-01-01"),
    "last_day": (b"2099-12-31",),
    "until": (b"2099-12-31", b""),
}

HEADERS = (
    ("HTTP_ACCEPT_LANGUAGE", "\xff\x00;q=x,,,;;q=9e9"), ("HTTP_ACCEPT_LANGUAGE", "de" * 5000),
    ("HTTP_RANGE", "bytes=-1-5,9999999999999999999-"), ("HTTP_IF_MODIFIED_SINCE", "Tue, 99 Foo"),
    ("HTTP_IF_NONE_MATCH", 'W/"\xff'), ("HTTP_X_FORWARDED_FOR", "127.0.0.1, evil"),
    ("HTTP_X_FORWARDED_HOST", "evil.example"), ("HTTP_X_FORWARDED_PROTO", "javascript"),
    ("HTTP_AUTHORIZATION", "Basic \xff\xff"), ("HTTP_REFERER", "http://evil.example/\xff"),
    ("HTTP_TRANSFER_ENCODING", "chunked"), ("HTTP_CONTENT_ENCODING", "gzip"),
    ("HTTP_EXPECT", "100-continue"), ("HTTP_X_HTTP_METHOD_OVERRIDE", "DELETE"),
    ("HTTP_ORIGIN", "null"), ("HTTP_DATE", "\xe4"),
)  # fmt: skip
HOSTS = ("evil.example", "127.0.0.1:8000@evil.example", "", "localhost:99999999", "[::1", "a b",
         "127.0.0.1.evil.example", "\xff", "xn--\xff", "localhost\x00")  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "get")
LENGTHS = ("-1", "x", "0", "99999999999999999999", "\xb2")
TYPES = (
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-16",
    "application/json", "text/plain; charset=\xff", "multipart/form-data", "", ";;;=",
    "multipart/form-data; boundary=", 'multipart/form-data; boundary="\xff"',
    "multipart/form-data; boundary=" + "x" * 300, "multipart/mixed; boundary=cut",
)  # fmt: skip
FORM, MULTIPART = TYPES[0], "multipart/form-data; boundary=cut"


@dataclass(frozen=True, slots=True)
class Attack:
    """One request as bytes; the same for every installation but for TOKEN and SESSION."""

    rule: str
    method: str
    path: bytes
    query: bytes
    content_type: str
    body: bytes
    cookie: bytes
    headers: dict[str, str] = field(default_factory=dict)
    length: str | None = None
    """Content-Length, when it is a lie."""


class Attacker:
    """Makes attacks on the routes of an application; the same seed makes the same ones."""

    def __init__(self, app: Flask, known: dict[str, tuple[bytes, ...]], seed: int) -> None:
        self._chance = Random(seed)
        self._known = known
        self._routes = [
            (rule.rule, method, [(dynamic, text) for dynamic, text in rule._trace])
            for rule in sorted(
                app.url_map.iter_rules(), key=lambda r: (r.rule, sorted(r.methods or ()))
            )
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]
        self._next_route = 0
        self._calm = False

    def attack(self) -> Attack:
        """The next one; routes take turns, so that none is left out."""
        chance = self._chance
        rule, method, trace = self._routes[self._next_route % len(self._routes)]
        self._next_route += 1
        # Half of them behave well but for what they typed, or few would get past the door.
        self._calm = chance.random() < 0.5
        path = b"".join(
            self._segment(text) if dynamic else text.encode() for dynamic, text in trace
        ).lstrip(b"|")
        if chance.random() < 0.08:
            method = chance.choice(METHODS)
        content_type, body = (
            self._body(rule) if method != "GET" or chance.random() < 0.05 else ("", b"")
        )
        return Attack(
            rule, method, path, self._query(), content_type, body, self._cookie(),
            dict(chance.sample(HEADERS, chance.choice((0, 0, 1, 2)))) | self._host(),
            chance.choice(LENGTHS) if not self._calm and chance.random() < 0.06 else None,
        )  # fmt: skip

    def _segment(self, name: str) -> bytes:
        good = self._known.get(name, ())
        if good and (self._calm or self._chance.random() < 0.92):
            return self._chance.choice(good)
        return self._short()

    def _short(self) -> bytes:
        if self._chance.random() < 0.1:
            return self._chance.randbytes(self._chance.randint(1, 40))
        return self._chance.choice(SHARPEST if self._chance.random() < 0.25 else SHORT)

    def _value(self, name: str) -> bytes:
        roll = self._chance.random()
        if roll < 0.6 and name in GOOD:
            return self._chance.choice(GOOD[name])
        if roll < 0.6 and name.startswith("q") and name[1:].isdigit():
            return self._chance.choice((b"1", b"3", b"5"))
        if roll > 0.995:
            return self._chance.choice(("ä", "a", "\N{ARABIC LETTER BEH}", "\x01")).encode() * (
                MEBIBYTE // 2
            )
        if roll > 0.97:
            return b"x" * self._chance.choice((200, 300, 301, 10_000, 10_001))
        return self._short()

    def _pairs(self, rule: str) -> list[tuple[bytes, bytes]]:
        chance = self._chance
        names = chance.sample(FIELDS, chance.choice((0, 0, 3, 14)))
        if chance.random() < 0.8:
            names += FIELDS_OF.get(rule.rsplit("/", 1)[-1], ())
        pairs = [(name.encode(), self._value(name)) for name in names if name != "csrf_token"]
        roll = chance.random()
        if roll < 0.02:
            pairs += [(b"f%d" % number, b"x") for number in range(1001)]
        elif roll < 0.03:
            pairs += [(b"f%d" % number, b"") for number in range(6000)]
        elif roll < 0.08 and pairs:
            pairs += [chance.choice(pairs)] * 40
        elif roll < 0.15:
            pairs.append((self._short(), self._short()))
        if self._calm or chance.random() < 0.9:
            pairs.append((b"csrf_token", TOKEN))
        return pairs

    def _body(self, rule: str) -> tuple[str, bytes]:
        chance = self._chance
        roll = chance.random()
        pairs = self._pairs(rule)
        if self._calm or roll < 0.75:
            return FORM, b"&".join(n + b"=" + self._encoded(v) for n, v in pairs)
        if roll < 0.88:
            whole = b"".join(
                b'--cut\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
                % (n, b'; filename="\xff.csv"' if n == b"file" else b"", v)
                for n, v in pairs
            ) + b"--cut--\r\n"  # fmt: skip
            cut = chance.randrange(len(whole)) if chance.random() < 0.4 else len(whole)
            return MULTIPART, whole[:cut]
        if roll < 0.885:
            return FORM, b"next_steps=" + b"a" * (2 * MEBIBYTE + 1)
        return chance.choice(TYPES), chance.randbytes(chance.randint(0, 300))

    def _encoded(self, value: bytes) -> bytes:
        if value == TOKEN or (not self._calm and self._chance.random() < 0.2):
            return value
        return quote_from_bytes(value, safe=b"").encode()

    def _query(self) -> bytes:
        if self._calm or self._chance.random() < 0.7:
            return b""
        name = self._chance.choice((b"then", b"submitted", b"saved", b"done", b"q1", self._short()))
        return name + b"=" + self._short()

    def _cookie(self) -> bytes:
        roll = self._chance.random()
        if self._calm or roll < 0.8:
            return SESSION
        if roll < 0.9:
            return SESSION + b"; language=" + self._short()
        junk = (b"session=" + self._short(), b"session=.eJx.x.x", b"=;=;;", b'session="\xff',
                b"a" * 8000, SESSION[:4] + self._short())  # fmt: skip
        return self._chance.choice(junk)

    def _host(self) -> dict[str, str]:
        hostile = not self._calm and self._chance.random() < 0.08
        return {"HTTP_HOST": self._chance.choice(HOSTS)} if hostile else {}
