"""A SQLite file, opened so that it cannot be written; and migrations replayed into one in memory.

https://www.sqlite.org/uri.html (`mode=ro`), https://www.sqlite.org/schematab.html
"""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from msgspec.structs import replace

from analyzer.databases import inspected
from analyzer.databases.replay import Failure, makes, names
from analyzer.model import AnalyzerError, Dependent, IndexPart, Link, PhysicalIndex, PhysicalSchema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analyzer.databases.statements import Statement
    from analyzer.model import Source

_SILENT = ("schema", "enum")
_WHERE = re.compile(r"\)\s*where\s+(.*)$", re.I | re.S)
STATEMENT_SECONDS = 60
LOCK_SECONDS = 5.0
_BEGIN = re.compile(r"^\s*begin\b", re.I)
_INTERNAL = re.compile(r"^(sqlite_|_cf_|_litestream_|libsql_)")


def read(source: Source) -> PhysicalSchema:
    """Return what a SQLite file has."""
    with closing(opened(source)) as connection:
        try:
            return _schema(source.name, connection)
        except sqlite3.OperationalError as error:
            raise AnalyzerError(
                f"{source.name} cannot be read now ({error}): try again when nobody writes it."
            ) from None
        except sqlite3.DatabaseError as error:
            raise AnalyzerError(
                f"{source.name} is no SQLite database that can be read ({error}): give another file."
            ) from None


def opened(source: Source) -> sqlite3.Connection:
    """Open a SQLite file read-only; a missing one is an `AnalyzerError`."""
    path = file_of(source)
    if not path.is_file():
        raise AnalyzerError(f"The SQLite file {str(path)!r} does not exist: give its path, as in sqlite:///app.db.")
    try:
        address = f"file:{quote(str(path.resolve()))}?mode=ro{'&immutable=1' if _is_at_rest(path) else ''}"
        connection = sqlite3.connect(address, uri=True, timeout=LOCK_SECONDS, check_same_thread=False)
        connection.execute("pragma query_only = on")
    except (sqlite3.Error, OSError) as error:
        raise AnalyzerError(f"{source.name} cannot be opened ({error}): check that the file may be read.") from None
    return connection


def _is_at_rest(path: Path) -> bool:
    """Whether a file is in WAL mode and nobody has it open: read as any other, it would get files beside it.

    https://www.sqlite.org/fileformat.html#file_format_version_numbers
    """
    with path.open("rb") as file:
        head = file.read(20)
    return head[18:20] == b"\x02\x02" and not path.with_name(f"{path.name}-wal").exists()


def file_of(source: Source) -> Path:
    """Return the file that a source means: `sqlite:///app.db` is relative, `sqlite:////var/app.db` is not."""
    location = unquote(source.location.partition("?")[0])
    return Path(location[1:] if location.startswith("/") and not Path(location).exists() else location)


def _schema(name: str, connection: sqlite3.Connection) -> PhysicalSchema:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    rows = connection.execute("select type, name, tbl_name, sql from sqlite_schema order by name").fetchall()
    indexes: dict[str, list[PhysicalIndex]] = {}
    for kind, index, table, text in rows:
        if kind == "index" and text:
            indexes.setdefault(table, []).append(_index(connection, index, text))
    shadows = {row[1] for row in connection.execute("pragma table_list") if row[2] in {"shadow"}}
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    with engine.connect() as opened:
        tables = inspected.tables(opened, lambda table: tuple(indexes.get(table, ())))
    tables = tuple(replace(one, foreign_keys=tuple(_links(connection, one.name))) for one in tables)
    tables = tuple(one for one in tables if not _INTERNAL.match(one.name) and one.name not in shadows)
    return PhysicalSchema(
        source=name,
        dialect="sqlite",
        tables=tables,
        dependents=tuple(_dependents(rows)),
        version=sqlite3.sqlite_version,
        silent=_SILENT,  # type: ignore[arg-type]
    )


def _links(connection: sqlite3.Connection, table: str) -> Iterator[Link]:
    """Yield a table's foreign keys: the inspector loses the rules of some spellings."""
    found: dict[int, list[Any]] = {}
    for row in connection.execute("select * from pragma_foreign_key_list(?)", (table,)).fetchall():
        found.setdefault(row[0], []).append(row)
    for rows in found.values():
        first = rows[0]
        foreign = tuple(row[4] for row in rows)
        if None in foreign:  # the primary key of the other table is meant
            columns = connection.execute("select name, pk from pragma_table_info(?)", (first[2],)).fetchall()
            foreign = tuple(name for name, place in sorted(columns, key=lambda one: one[1]) if place)
        rules = first[6].lower(), first[5].lower()
        yield Link(None, tuple(row[3] for row in rows), None, first[2], foreign, *rules)


def _index(connection: sqlite3.Connection, name: str, text: str) -> PhysicalIndex:
    quoted = name.replace('"', '""')
    rows = connection.execute(f'pragma index_xinfo("{quoted}")').fetchall()
    keys = [row for row in rows if row[5]]
    expressions = _expressions(text)
    where = _WHERE.search(text)
    return PhysicalIndex(
        name=name,
        parts=tuple(
            IndexPart(row[2], None if row[2] else expressions[place] if place < len(expressions) else "?", bool(row[3]))
            for place, row in enumerate(keys)
        ),
        unique=bool(re.match(r"\s*create\s+unique", text, re.I)),
        where=where[1].strip() if where else None,
    )


def _expressions(text: str) -> list[str]:
    """Return the parts of an index as its statement has them."""
    inner, depth, parts = _WHERE.sub(")", text), 0, [""]
    for sign in inner[inner.index("(") + 1 : inner.rindex(")")]:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def _dependents(rows: list[Any]) -> Iterator[Dependent]:
    tables = {name for kind, name, *_ in rows if kind in {"table", "view"}}
    for kind, name, table, text in rows:
        if kind == "trigger":
            yield Dependent("trigger", None, name, None, table)
        if kind in {"view", "trigger"}:
            for other in sorted(names(text or "") & tables - {name, table}):
                yield Dependent(kind, None, name, None, other)


def _is_over(end: float) -> int:
    """Tell SQLite to stop when a time has come."""
    return int(time.monotonic() > end)


def replayed(name: str, files: Iterable[tuple[str, Iterable[Statement]]]) -> PhysicalSchema:
    """Return what the statements of some files make in an empty SQLite; what fails is told, and the rest goes on.

    Statements can reach no file: attaching one is refused.
    """
    failures: list[Failure] = []
    with closing(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)) as connection:
        denied = {sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH}
        connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_DENY if action in denied else sqlite3.SQLITE_OK)
        for file, statements in files:
            connection.execute("begin")  # as drizzle-kit runs a migration: some end it, and begin again
            for statement in statements:
                if _BEGIN.match(statement.text) and connection.in_transaction:
                    continue
                connection.set_progress_handler(partial(_is_over, time.monotonic() + STATEMENT_SECONDS), 100_000)
                try:
                    connection.execute(statement.text)
                except (sqlite3.Error, sqlite3.Warning) as error:
                    failures.append(Failure(file, statement.line, str(error), statement.text))
            connection.commit()
        connection.set_progress_handler(None, 0)
        schema = _schema(name, connection)
    return replace(
        schema,
        notes=tuple(f"{one.file}:{one.line} cannot be run: {one.reason}" for one in failures),
        doubtful=tuple(sorted({name for one in failures for name in names(one.text)})),
        unmade=tuple(sorted({name for one in failures if makes(one.text) for name in names(one.text)})),
    )
