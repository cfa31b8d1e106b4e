"""The statements of a file of SQL, with their lines: quotes, dollar quotes, comments, COPY data and psql's own commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN = re.compile(
    r"""(?P<comment>--[^\n]*|/\*)|(?P<escaped>\b[eE]')|(?P<quote>['"`])|(?P<dollar>\$(?:[A-Za-z_]\w*)?\$)|(?P<end>;)|(?P<meta>(?m:^\\[^\n]*))"""
)
_ATOMIC = re.compile(r"\bbegin\s+atomic\b", re.I)
_TRIGGER = re.compile(
    r"^\s*create\s+(?:or\s+replace\s+|temp(?:orary)?\s+|definer\s*=\s*\S+\s+)*trigger\b.*\bbegin\b", re.I | re.S
)
_CLOSED = re.compile(r"\bend\s*$", re.I)
_COPY = re.compile(r"^\s*copy\b.*\bfrom\s+stdin\b", re.I | re.S)
_BREAKPOINT = "--> statement-breakpoint"


class Statement(Struct, frozen=True):
    """One statement without its semicolon, and the line that it starts on, counted from one."""

    text: str
    line: int


def split(text: str) -> Iterator[Statement]:
    """Yield the statements of a file. Data of `COPY … FROM stdin` and commands of psql are passed over.

    >>> [(one.text, one.line) for one in split("select ';';\\n-- a; b\\nselect $x$;$x$;")]
    [("select ';'", 1), ('select $x$;$x$', 3)]
    """
    start, place, parts = 0, 0, [""]
    counted, line = 0, 1
    begun: int | None = None
    while match := _SIGN.search(text, place):
        kind = match.lastgroup
        if kind in {"comment", "meta"}:
            parts.append(text[start : match.start()])
            begun = _begun(text, start, match.start(), begun)
            at_breakpoint = text.startswith(_BREAKPOINT, match.start())
            place = start = _comment_end(text, match) if kind == "comment" else match.end()
            if not at_breakpoint or not "".join(parts).strip():
                continue
        elif kind == "end":
            parts.append(text[start : match.start()])
            begun = _begun(text, start, match.start(), begun)
            place = start = match.end()
            if _is_open("".join(parts)):
                parts.append(";")
                continue
        else:
            place = _quoted_end(text, match)
            continue
        whole = "".join(parts).strip()
        if whole and begun is not None:
            line += text.count("\n", counted, begun)
            counted = begun
            yield Statement(whole, line)
        if _COPY.match(whole):
            place = start = _data_end(text, place)
        parts, begun = [""], None
    parts.append(text[start:])
    begun = _begun(text, start, len(text), begun)
    whole = "".join(parts).strip()
    if whole and begun is not None:
        yield Statement(whole, line + text.count("\n", counted, begun))


def _begun(text: str, start: int, end: int, begun: int | None) -> int | None:
    """Return where the statement starts that is being read, once there is something of it."""
    if begun is not None:
        return begun
    inner = text[start:end]
    stripped = inner.lstrip()
    return start + len(inner) - len(stripped) if stripped else None


def _is_open(text: str) -> bool:
    """Whether a semicolon stands inside a body: of a function in SQL, of a trigger of SQLite or MySQL."""
    if not (_ATOMIC.search(text) or _TRIGGER.match(text)):
        return False
    return _CLOSED.search(text) is None


def _comment_end(text: str, match: re.Match[str]) -> int:
    if match[0] != "/*":
        return match.end()
    depth, place = 1, match.end()
    while depth and (sign := re.compile(r"/\*|\*/").search(text, place)):
        depth += 1 if sign[0] == "/*" else -1
        place = sign.end()
    return place if not depth else len(text)


def _quoted_end(text: str, match: re.Match[str]) -> int:
    """Return where a quoted text ends; a doubled quote is read as two texts, which comes to the same."""
    if match.lastgroup == "dollar":
        end = text.find(match[0], match.end())
        return end + len(match[0]) if end >= 0 else len(text)
    if match.lastgroup == "escaped":
        found = re.compile(r"(?:[^'\\]|\\.)*'", re.S).match(text, match.end())
        return found.end() if found else len(text)
    end = text.find(match[0], match.end())
    return end + 1 if end >= 0 else len(text)


def _data_end(text: str, place: int) -> int:
    end = re.compile(r"^\\\.\s*$", re.M).search(text, place)
    return end.end() if end else len(text)
