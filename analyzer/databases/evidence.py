"""What a live database knows of some tables: rows, size, when they were read and written, and what needs them."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from analyzer.databases import mysql, postgres, read, sqlite
from analyzer.model import AnalyzerError, Dependent, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analyzer.model import Dialect, PhysicalSchema, Source, Table

Key = tuple[str | None, str]
_MANY = 8


def gathered(
    source: Source, tables: Iterable[Table], dialects: tuple[Dialect, ...], *, count: bool = False
) -> tuple[Evidence, ...]:
    """Return what a source says of those tables that are of its dialect, in their order; `count` counts rows exactly.

    Of a source without rows in it (a dump, a snapshot) only what depends on a table is known. Raises `AnalyzerError` when
    the source cannot be read, or is of none of the `dialects` of the code.
    """
    schema = read(source)
    if schema.dialect not in dialects:
        kinds = " and ".join(dialects)
        raise AnalyzerError(
            f"The code declares tables of {kinds} and {source.name} is {schema.dialect}: give a database of its kind."
        )
    named = ((one.schema, one.name) for one in tables if one.dialect == schema.dialect and one.name is not None)
    wanted = tuple(dict.fromkeys((space, name) for space, name in named if name is not None))
    present = [key for key in wanted if schema.table(*key) is not None]
    doubts = _Doubts(source, schema)
    counters: Mapping[Key, dict[str, Any]] = {}
    if source.kind == "postgresql":
        counters = _of_postgres(source, schema, present, count)
    elif source.kind == "mysql":
        counters = _of_mysql(source, present, count)
    elif source.kind == "sqlite":
        counters = _of_sqlite(source, present, count)
    return tuple(
        Evidence(
            source.name,
            *key,
            present=key in present,
            needs=tuple(_needs(schema, key)),
            dynamic=schema.dynamic,
            **counters.get(key, {}) if key in present else {"note": doubts.of(key)},
        )
        for key in wanted
    )


class _Doubts:
    """Why it is not certain that a source lacks a table that it does not list."""

    def __init__(self, source: Source, schema: PhysicalSchema) -> None:
        self._source, self._schema = source, schema
        self._aside = {(space, name): what for space, name, what in schema.aside}
        self._alike: dict[str, list[str]] = {}
        for table in schema.tables:
            self._alike.setdefault(table.name.lower(), []).append(table.qualified)

    def of(self, key: Key) -> str | None:
        """Return the reason for one table; None when it is certain."""
        if key in self._aside:
            return f"it is there as {self._aside[key]}"
        if key[1].lower() in self._alike:
            return f"a table is there that may be it: {', '.join(self._alike[key[1].lower()])}"
        if key[1] in self._schema.unmade:
            return f"a statement of {self._source.name} that names it could not be run or read"
        if self._source.kind in {"snapshot", "migrations"}:
            return f"{self._source.name} is a plan, and no database"
        return self._schema.hidden


def _needs(schema: PhysicalSchema, key: Key) -> Iterable[Dependent]:
    for table in schema.tables:
        for link in table.foreign_keys:
            if (link.foreign_schema, link.foreign_table) == key and table.key != key:
                yield Dependent("foreign-key", table.schema, link.name or "", *key, table.name)
    yield from (one for one in schema.dependents if (one.table_schema, one.table) == key)


def _of_postgres(source: Source, schema: PhysicalSchema, keys: list[Key], count: bool) -> dict[Key, dict[str, Any]]:
    with postgres.connected(source) as connection:
        home = postgres.home(connection)
        oids = {
            (None if row["schema"] == home else row["schema"], row["name"]): row["oid"]
            for row in postgres.rows(connection, "tables")
        }
        relations = [oids[table.key] for table in schema.tables if table.kind == "table" and table.key in oids]
        rows = {row["oid"]: row for row in postgres.rows(connection, "evidence", relations=relations)}
        counts = {key: _counted(connection, key, home) for key in keys} if count else {}
    noise = {oid: max(0, row["sequential"] - row["made"]) for oid, row in rows.items()}
    found: dict[Key, dict[str, Any]] = {}
    for key in keys:
        row = rows.get(oids.get(key, -1))
        if row is None:
            continue
        others = [value for oid, value in noise.items() if oid != row["oid"]]
        backups = min(others) if len(others) >= _MANY else 0  # of few tables, the least read may be read all the same
        exact = counts.get(key)
        found[key] = {
            "rows": exact if isinstance(exact, int) else None if row["unknown"] else row["rows"],
            "exact": isinstance(exact, int),
            "size": row["size"],
            "reads": max(0, noise[row["oid"]] - backups) + row["indexed"],
            "last_read": row["last_read"],
            "writes": row["changed"],
            "inserts": row["inserted"],
            "since": row["since"],
            "hours": row["hours"],
            "note": exact if isinstance(exact, str) else None,
        }
    return found


def _counted(connection: Any, key: Key, home: str) -> int | str:
    """Return how many rows a table has, or why that cannot be counted.

    A sample of all pages is the whole table, and is no sequential scan to PostgreSQL's statistics: asking who reads a table
    does not look like reading it.
    """
    import psycopg
    from psycopg import sql

    name = sql.Identifier(key[0] or home, key[1])
    try:
        with connection.transaction():
            row = connection.execute(
                sql.SQL("select count(*) as n from {} tablesample system (100)").format(name)
            ).fetchone()
    except psycopg.Error as error:
        return f"its rows cannot be counted: {str(error).splitlines()[0]}"
    return int(row["n"])


def _of_mysql(source: Source, keys: list[Key], count: bool) -> dict[Key, dict[str, Any]]:
    found: dict[Key, dict[str, Any]] = {}
    with mysql.connected(source) as connection:
        told = connection.exec_driver_sql(
            "select table_name, table_rows, data_length + index_length from information_schema.tables where table_schema = database()"
        ).fetchall()
        sizes = {str(name): (rows, size) for name, rows, size in told}
        for key in keys:
            rows, size = sizes.get(key[1], (None, None))
            quoted = key[1].replace("`", "``").replace("%", "%%")
            exact = _mysql_count(connection, quoted) if count else None
            estimate = int(rows) if rows is not None else None
            found[key] = {
                "rows": int(exact) if exact is not None else estimate,
                "exact": exact is not None,
                "size": int(size) if size is not None else None,
            }
    return found


def _mysql_count(connection: Any, quoted: str) -> int | None:
    """Return how many rows a table has; None when the role may not read it."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return int(connection.exec_driver_sql(f"select count(*) from `{quoted}`").scalar())
    except SQLAlchemyError:
        return None


def _of_sqlite(source: Source, keys: list[Key], count: bool) -> dict[Key, dict[str, Any]]:
    import sqlite3

    if not count:
        return {}
    found: dict[Key, dict[str, Any]] = {}
    with closing(sqlite.opened(source)) as connection:
        for key in keys:
            name = key[1].replace('"', '""')
            try:
                rows = connection.execute(f'select count(*) from "{name}"').fetchone()[0]
            except sqlite3.Error as error:
                raise AnalyzerError(f"{source.name} cannot be read ({error}): give another file.") from None
            found[key] = {"rows": rows, "exact": True}
    return found
