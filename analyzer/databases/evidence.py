"""What a live database knows of some tables: rows, size, when they were read and written, and what needs them."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from analyzer.databases import mysql, postgres, read, sqlite
from analyzer.model import AnalyzerError, Dependent, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analyzer.model import Dialect, PhysicalSchema, Source

Key = tuple[str | None, str]
_MANY = 8


def gathered(
    source: Source, tables: Iterable[Key], dialect: Dialect | None = None, *, count: bool = False
) -> tuple[Evidence, ...]:
    """Return what a source says of tables, in their order; `count` counts rows exactly.

    Of a source without rows in it (a dump, a snapshot) only what depends on a table is known. Raises `AnalyzerError`.
    """
    wanted = tuple(tables)
    schema = read(source)
    if dialect is not None and schema.dialect != dialect:
        raise AnalyzerError(
            f"The code declares tables of {dialect} and {source.name} is {schema.dialect}: give a database of theirs."
        )
    elsewhere = {(space, name): what for space, name, what in schema.aside}
    spaces: dict[str, list[str]] = {}
    for table in schema.tables:
        spaces.setdefault(table.name, []).append(table.qualified)
    present = [key for key in wanted if schema.table(*key) is not None]
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
            **counters.get(key, {}) if key in present else {"note": _note(schema, key, elsewhere, spaces)},
        )
        for key in wanted
    )


def _note(
    schema: PhysicalSchema, key: Key, elsewhere: Mapping[Key, str], spaces: Mapping[str, list[str]]
) -> str | None:
    """Return why it is not certain that a database lacks a table."""
    if key in elsewhere:
        return f"it is there as {elsewhere[key]}"
    if key[1] in spaces:
        return f"another schema has a table of that name: {', '.join(spaces[key[1]])}"
    return schema.hidden


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
