"""A plain dump of pg_dump: parsed with sqlglot, or restored into an embedded PostgreSQL (`--exact`).

What cannot be parsed is told and loses no table: its name is kept, and its columns are not known.
https://www.postgresql.org/docs/current/app-pgdump.html
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.databases import dump_parse, replay, sqlite
from analyzer.databases.statements import split
from analyzer.model import AnalyzerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.databases.statements import Statement
    from analyzer.model import PhysicalSchema, Source

_MYSQL = re.compile(r"^-- (MySQL|MariaDB) dump|\bENGINE\s*=\s*\w+|^/\*!\d{5}", re.I | re.M)
_SQLITE = re.compile(
    r"\bPRAGMA\s+foreign_keys|\bAUTOINCREMENT\b|\bsqlite_sequence\b|create table (if not exists )?`", re.I
)
_NO_SCHEMA = re.compile(
    r"^(?:insert|copy|grant|revoke|select\s+(?:pg_catalog\.)?setval|create\s+schema\s+public\b|comment\s+on\s+(?:extension|schema)\b"
    r"|alter\s+(?:default\s+privileges|event\s+trigger)\b|create\s+event\s+trigger\b|alter\s+.*\bowner\s+to\b|alter\s+.*\breplica\s+identity\b)",
    re.I | re.S,
)


def read(source: Source) -> PhysicalSchema:
    """Return what a dump makes."""
    path = Path(source.location)
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        raise AnalyzerError(
            f"The dump {source.location!r} cannot be read ({error}): give a plain one in UTF-8."
        ) from None
    head = text[:20000]
    if _MYSQL.search(head):
        raise AnalyzerError(
            f"{source.location!r} is a dump of MySQL: restore it into a server and give its URL, or give a snapshot."
        )
    if _SQLITE.search(head):
        return sqlite.replayed(source.name, [(path.name, split(text))])
    statements = _of_schema(split(text))
    if source.exact:
        return replay.replayed(source.name, [(path.name, statements)])
    schema = dump_parse.parsed(source.name, path.name, statements)
    if not schema.tables and not schema.enums and not schema.schemas:
        raise AnalyzerError(f"{source.location!r} makes no table: give a dump of `pg_dump --schema-only`.")
    return schema


def _of_schema(statements: Iterator[Statement]) -> Iterator[Statement]:
    """Pass over rows, rights and owners: they are no part of a schema."""
    return (one for one in statements if not _NO_SCHEMA.match(one.text))
