"""What a live database knows of some tables: rows, size, when they were read and written, and what needs them."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from analyzer.databases import mysql, postgres, read, sqlite
from analyzer.databases.catalog import plain
from analyzer.model import AnalyzerError, Dependent, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analyzer.model import PhysicalSchema, Source

Key = tuple[str | None, str]


def gathered(source: Source, tables: Iterable[Key], *, count: bool = False) -> tuple[Evidence, ...]:
    """Return what a source says of tables, in their order; `count` counts rows exactly.

    Of a source without rows in it (a dump, a snapshot) only what depends on a table is known. Raises `AnalyzerError`.
    """
    wanted = tuple(tables)
    schema = read(source)
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
            **counters.get(key, {}) if key in present else {"note": schema.hidden},
        )
        for key in wanted
    )


def _needs(schema: PhysicalSchema, key: Key) -> Iterable[Dependent]:
    for table in schema.tables:
        for link in table.foreign_keys:
            if (link.foreign_schema, link.foreign_table) == key and table.key != key:
                yield Dependent("foreign-key", table.schema, link.name or "", *key, table.name)
    yield from (one for one in schema.dependents if (one.table_schema, one.table) == key)


def _of_postgres(source: Source, schema: PhysicalSchema, keys: list[Key], count: bool) -> dict[Key, dict[str, Any]]:
    with postgres.connected(source) as connection:
        oids = {(plain(row["schema"]), row["name"]): row["oid"] for row in postgres.rows(connection, "tables")}
        relations = [oids[table.key] for table in schema.tables if table.kind == "table" and table.key in oids]
        rows = {row["oid"]: row for row in postgres.rows(connection, "evidence", relations=relations)}
        counts = {key: _counted(connection, key) for key in keys} if count else {}
    noise = {oid: max(0, row["sequential"] - row["made"]) for oid, row in rows.items()}
    found: dict[Key, dict[str, Any]] = {}
    for key in keys:
        row = rows.get(oids.get(key, -1))
        if row is None:
            continue
        backups = min((value for oid, value in noise.items() if oid != row["oid"]), default=0)
        exact = counts.get(key)
        found[key] = {
            "rows": exact if isinstance(exact, int) else None if row["unknown"] else row["rows"],
            "exact": isinstance(exact, int),
            "size": row["size"],
            "reads": max(0, noise[row["oid"]] - backups) + row["indexed"],
            "last_read": row["last_read"],
            "writes": row["changed"],
            "since": row["since"],
            "hours": row["hours"],
            "note": exact if isinstance(exact, str) else None,
        }
    return found


def _counted(connection: Any, key: Key) -> int | str:
    """Return how many rows a table has, or why that cannot be counted.

    A sample of all pages is the whole table, and is no sequential scan to PostgreSQL's statistics: asking who reads a table
    does not look like reading it.
    """
    import psycopg
    from psycopg import sql

    name = sql.Identifier(key[0] or "public", key[1])
    try:
        with connection.transaction():
            row = connection.execute(
                sql.SQL("select count(*) as n from {} tablesample system (100)").format(name)
            ).fetchone()
    except (
        psycopg.errors.InsufficientPrivilege,
        psycopg.errors.QueryCanceled,
        psycopg.errors.LockNotAvailable,
    ) as error:
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
            exact = connection.exec_driver_sql(f"select count(*) from `{quoted}`").scalar() if count else None
            estimate = int(rows) if rows is not None else None
            found[key] = {
                "rows": int(exact) if exact is not None else estimate,
                "exact": exact is not None,
                "size": int(size) if size is not None else None,
            }
    return found


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
