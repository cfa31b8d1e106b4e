"""Addresses without their passwords."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_IN_QUERY = re.compile(r"([?&](?:password|sslpassword)=)([^&#]*)", re.I)
_IN_WORDS = re.compile(r"(\b(?:password|sslpassword)\s*=\s*)('(?:[^'\\]|\\.)*'|\S+)", re.I)
_USER = re.compile(r"^(?P<scheme>[\w+]+://)(?P<user>[^:@/?#]*):(?P<password>.*)@(?P<rest>[^@]*)$", re.S)


def passwords(url: str) -> tuple[str, ...]:
    """Return every password in an address, as it is written and as it is meant; longest first.

    >>> passwords("postgresql://ann:s%40cret@db/app?sslpassword=x")
    ('s%40cret', 's@cret', 'x')
    """
    found = [match[2] for pattern in (_IN_QUERY, _IN_WORDS) for match in pattern.finditer(url)]
    if match := _USER.match(url):
        found.append(match["password"])
    every = {text for one in found for text in (one, unquote(one), one.strip("'")) if text}
    return tuple(sorted(every, key=lambda text: (-len(text), text)))


def redacted(text: str, url: str) -> str:
    """Return a text that may quote an address, without its passwords.

    >>> redacted('cannot reach "postgresql://ann:secret@db/app"', "postgresql://ann:secret@db/app")
    'cannot reach "postgresql://ann:***@db/app"'
    """
    for word in passwords(url):
        text = (
            text.replace(word, "***")
            if len(word) > 2
            else re.sub(rf"(?<=[:=]){re.escape(word)}(?=[@&\s]|$)", "***", text)
        )
    return text


def shown(url: str) -> str:
    """Return an address as it may be shown: the server and the database alone.

    >>> shown("postgresql://ann:secret@db.example:5432/app?sslmode=require")
    'db.example:5432/app'
    """
    if url.count("@") > 1 or "@" in url.partition("://")[2].partition("/")[2]:
        return "the database"
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "") + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return "the database"
    if "@" not in parts.netloc and "@" in url:
        return "the database"
    return f"{host}{parts.path}".strip("/") or "the database"
