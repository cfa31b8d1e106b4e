"""One spelling for each default: PostgreSQL prints `'draft'::character varying`, and code says `'draft'`."""

from __future__ import annotations

import json
import re
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from analyzer.drift.expressions import NUMBERS, expression, is_number

if TYPE_CHECKING:
    from analyzer.model import Dialect

SEQUENCE = "(a sequence)"
_CAST = re.compile(
    r"""^\(*(?P<text>'(?:[^']|'')*'|-?\d+(?:\.\d+)?)\)*\s*::\s*[\w" .]+(?:\([\d, ]*\))?(?:\s+(?:with|without) time zone)?(?:\[\])*$""",
    re.I,
)
_CAST_CALL = re.compile(r"^cast\(\s*('(?:[^']|'')*'|-?\d+(?:\.\d+)?)\s+as\s+[^']+\)$", re.I)
_EMPTY_ARRAY = re.compile(r"^(?:cast\(\s*)?array\s*\[\s*\](?:\s*::.*|\s+as\s+.*\))?$", re.I)


def default(text: str | None, type: str | None, dialect: Dialect) -> str | None:
    """Return the one spelling of a default for a column of a canonical type; None where there is none.

    >>> default("'draft'::character varying", "character varying(20)", "postgresql")
    "'draft'"
    >>> default("('0'::numeric)::numeric(10,2)", "numeric(10,2)", "postgresql") == default("0", "numeric(10,2)", "postgresql")
    True
    >>> default("now()", "timestamp", "postgresql") == default("CURRENT_TIMESTAMP", "timestamp", "postgresql")
    True
    >>> default('\\'{"a":1}\\'', "jsonb", "postgresql") == default("'{\\"a\\": 1}'::jsonb", "jsonb", "postgresql")
    True
    """
    if text is None:
        return None
    bare = _peeled(text.strip())
    if dialect == "mysql":
        bare = re.sub(
            r"\bcurrent_timestamp\b(?!\s*\()|\bnow\s*\(",
            lambda found: "current_timestamp(" + (")" if found[0][-1] != "(" else ""),
            bare,
            flags=re.I,
        )
    if bare.lower().startswith("nextval("):
        return SEQUENCE
    if re.fullmatch(r"null(::[\w .\"\[\]()]+)?", bare, re.I):
        return None
    literal = _literal(bare)
    if literal == "null" and type in {"json", "jsonb"}:
        return None
    if literal is not None:
        return _value(literal, type or "")
    if _EMPTY_ARRAY.match(bare):
        return "'{}'"
    return expression(bare, dialect) or _tokens(bare)


def same_default(left: str | None, right: str | None, type: str | None, dialect: Dialect) -> bool:
    """Whether two defaults of a column mean the same."""
    if left == right:
        return True
    return default(left, type, dialect) == default(right, type, dialect)


def _peeled(text: str) -> str:
    """Return a text without the parentheses that enclose all of it, and without a cast of a literal."""
    if match := _CAST_CALL.match(text):
        return _peeled(match[1])
    while text.startswith("(") and text.endswith(")") and _closes(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _closes(text: str) -> int:
    """Return where the first parenthesis closes."""
    depth, quoted = 0, False
    for place, sign in enumerate(text):
        if sign == "'":
            quoted = not quoted
        elif not quoted:
            depth += (sign == "(") - (sign == ")")
            if depth == 0:
                return place
    return -1


def _literal(text: str) -> str | None:
    """Return what a literal says, be it quoted, cast or neither; None when it is none."""
    while match := _CAST.match(text):
        text = _peeled(match["text"])
    if re.fullmatch(r"[eEbBxXnN]?'(?:[^']|'')*'", text):
        inner = text[text.index("'") + 1 : -1].replace("''", "'")
        return inner.replace("\\\\", "\\") if text[0] in "eE" else inner
    inner = re.sub(r"::.*$", "", text, flags=re.S)
    peeled = _peeled(inner.strip())
    if peeled != text and inner != text and "'" not in inner:
        return _literal(peeled)
    if inner != text and re.fullmatch(r"\(?'(?:[^']|'')*'\)?", inner.strip()):
        return _literal(_peeled(inner.strip()))
    if is_number(text) or text.lower() in {"true", "false"}:
        return text.lower()
    return None


def _value(literal: str, type: str) -> str:
    """Return a literal as its type has it."""
    if type.endswith("[]"):
        return f"'{_array(literal)}'"
    if type in {"json", "jsonb"} or (type == "longtext" and literal[:1] in "[{"):
        try:
            return "'" + json.dumps(json.loads(literal), sort_keys=True) + "'"
        except ValueError:
            return f"'{literal}'"
    if type == "boolean" or type == "tinyint(1)":
        return {"t": "true", "1": "true", "yes": "true", "on": "true", "f": "false", "0": "false", "no": "false"}.get(
            literal.lower(), literal.lower()
        )
    if type.startswith(NUMBERS):
        try:
            return format(Decimal(literal).normalize(), "f")
        except InvalidOperation:
            pass
    if type.startswith(("date", "time")):
        return f"'{_moment(literal)}'"
    return "'" + literal + "'"


def _moment(literal: str) -> str:
    """Return a day, a time or a moment as PostgreSQL stores it, without what is nought."""
    for read in (datetime.fromisoformat, time.fromisoformat):
        try:
            text = (
                read(literal.strip()).isoformat(sep=" ")
                if read is datetime.fromisoformat
                else read(literal.strip()).isoformat()
            )
        except ValueError:
            continue
        return re.sub(r" 00:00:00$", "", text.replace("+00:00", ""))
    return literal


def _array(literal: str) -> str:
    """Return an array literal in PostgreSQL's form; Drizzle prints arrays of code as JSON."""
    if literal.startswith("["):
        try:
            items = json.loads(literal)
        except ValueError:
            return literal
        return "{" + ",".join(str(item) for item in items) + "}"
    return re.sub(r'"([^",{}\\]+)"', r"\1", re.sub(r"\s*,\s*", ",", literal))


def _tokens(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().lower()
