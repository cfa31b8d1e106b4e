"""Which tables a piece of code of the database names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzer.model import PhysicalTable

_NAME = re.compile(r'"((?:[^"]|"")+)"|([^\W\d][\w$]*)')
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.S)


def mentioned(body: str, tables: Iterable[PhysicalTable]) -> tuple[PhysicalTable, ...]:
    """Return the tables whose names stand in a body, quoted or not; too many rather than too few.

    >>> from analyzer.model import PhysicalTable
    >>> [one.name for one in mentioned('insert into "Boat Log" select 1 from piers', [PhysicalTable(None, "Boat Log"), PhysicalTable(None, "pier")])]
    ['Boat Log']
    """
    found = {quoted.replace('""', '"') or plain.lower() for quoted, plain in _NAME.findall(_COMMENT.sub(" ", body))}
    return tuple(table for table in tables if table.name in found)


def unquoted(name: str) -> str:
    """Return an identifier as the database has it.

    >>> unquoted('"Boat""s"'), unquoted("Boats")
    ('Boat"s', 'boats')
    """
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
