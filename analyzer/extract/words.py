"""What is said of a file that could not be parsed: why, and which names it may hold."""

from __future__ import annotations

import re

from analyzer.model import Fault, FileFacts, Site

_WORD = re.compile(rb"[A-Za-z_$][\w$-]*")


def words(data: bytes) -> tuple[str, ...]:
    """Return the words that may be names in a text that could not be parsed, sorted.

    >>> words(b"insert(users")
    ('insert', 'users')
    """
    return tuple(sorted({word.decode("ascii", "replace") for word in _WORD.findall(data)}))


def unparsed(data: bytes, reason: str) -> FileFacts:
    """Return the facts of a file that was not parsed at all."""
    return FileFacts(faults=(Fault(Site(1, 1), reason),), words=words(data))


def too_deep(data: bytes) -> FileFacts:
    """Return the facts of a file whose expressions hold each other more often than can be followed."""
    return unparsed(data, "is nested too deeply to be read")
