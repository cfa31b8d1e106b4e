"""A live PostgreSQL, 12 to 18: read from its catalogs, in one transaction that cannot write.

`pg_catalog` shows every table whatever the role may read; `information_schema` would hide some.
https://www.postgresql.org/docs/current/catalogs.html
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzer.databases.catalog import assembled
from analyzer.databases.secrets import passwords, redacted
from analyzer.model import AnalyzerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from analyzer.model import PhysicalSchema, Source

CONNECT_SECONDS = 10
STATEMENT_SECONDS = 60
LOCK_SECONDS = 5
OLDEST = 120000
FORM = "postgresql://user:password@host:5432/database"
Rows = list[dict[str, Any]]


def read(source: Source) -> PhysicalSchema:
    """Return what a PostgreSQL server has in the database that a URL names."""
    with connected(source) as connection:
        where = home(connection)
        found: dict[str, Rows] = {"tables": rows(connection, "tables")}
        relations = [row["oid"] for row in found["tables"]]
        for name in ("columns", "constraints", "indexes"):
            found[name] = rows(connection, name, relations=relations)
        for name in (
            "schemas",
            "types",
            "extensions",
            "views",
            "triggers",
            "policies",
            "publications",
            "names",
            "objects",
        ):
            found[name] = rows(connection, name)
        found["functions"] = rows(
            connection, "functions" if connection.info.server_version >= 140000 else "functions-before-14"
        )
        number = connection.info.server_version
    return assembled(
        source.name,
        {name: _at_home(some, where) for name, some in found.items()},
        f"{number // 10000}.{number % 10000}",
    )


def home(connection: psycopg.Connection[dict[str, Any]]) -> str:
    """Return the schema where the names that code does not qualify lie, by the role's and the database's `search_path`."""
    row = connection.execute("select pg_catalog.current_setting('tabletrace.home', true) as home").fetchone()
    return (row or {}).get("home") or "public"


def _at_home(found: Rows, home: str) -> Rows:
    """Return rows with the schema where unqualified names lie as None."""
    names = ("schema", "table_schema", "foreign_schema")
    mapped = [{key: None if key in names and value == home else value for key, value in row.items()} for row in found]
    if home != "public":
        for row in mapped:
            type = row.get("type")
            row |= {"type": type.removeprefix(f"{home}.")} if isinstance(type, str) else {}
    return mapped


@contextmanager
def connected(source: Source) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """Open a connection that cannot write: one read-only transaction, one snapshot, with time limits.

    Every failure becomes an `AnalyzerError` without the password.
    """
    import psycopg

    connection: psycopg.Connection[dict[str, Any]] | None = None
    try:
        connection = _open(source)
        limits = {
            "statement_timeout": f"{STATEMENT_SECONDS}s",
            "lock_timeout": f"{LOCK_SECONDS}s",
            "search_path": "",
            "timezone": "UTC",
            "row_security": "off",  # a count that leaves rows out fails rather than be wrong
        }
        connection.execute(
            "select pg_catalog.set_config('tabletrace.home', coalesce(pg_catalog.current_schema(), 'public'), true)"
        )
        for name, value in limits.items():  # a query each: after the first, the transaction cannot be made to write
            connection.execute("select pg_catalog.set_config(%s, %s, true)", (name, value))
        if connection.info.server_version < OLDEST:
            raise AnalyzerError(
                f"{source.name} is PostgreSQL {connection.info.server_version // 10000}: 12 or newer is read."
            )
        yield connection
    except psycopg.Error as error:
        raise AnalyzerError(_told(source, error)) from None
    except UnicodeError:
        raise AnalyzerError(f"The address of {source.name} holds what is no text: write it as {FORM}.") from None
    finally:
        if connection is not None:
            connection.close()


def _open(source: Source) -> psycopg.Connection[dict[str, Any]]:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict
    from psycopg.rows import dict_row

    given = conninfo_to_dict(source.location)
    limits: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, "application_name": "tabletrace"}
    limits |= {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30000}
    more = {key: value for key, value in limits.items() if key not in given}
    connection = psycopg.connect(source.location, row_factory=dict_row, prepare_threshold=None, **more)
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    return connection


def rows(connection: psycopg.Connection[dict[str, Any]], name: str, **given: Any) -> Rows:
    """Return the rows of a query of `queries/postgresql`."""
    return connection.execute(query(name), given or None).fetchall()


@cache
def query(name: str) -> str:
    """Return a query file's text, from the installed package or from a checkout."""
    folder = files("analyzer") / "_queries" / "postgresql"
    if not folder.is_dir():
        folder = Path(__file__).parents[2] / "queries" / "postgresql"
    return (folder / f"{name}.sql").read_text("utf8")


def _told(source: Source, error: psycopg.Error) -> str:
    """Return one sentence for a failure: what, and what to do."""
    import psycopg

    if isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None:
        return f"The address of {source.name} is no URL of PostgreSQL: write it as {FORM}."
    if source.location.count("@") > 1:
        return f"{source.name} cannot be read: its address holds an @ more than one; write that of a password as %40."
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    first = redacted(lines[0] if lines else type(error).__name__, source.location)
    reason = first.removeprefix("connection failed: ").rstrip(".")
    if any(word in reason for word in passwords(source.location) if len(word) > 2):
        reason = type(error).__name__
    if isinstance(error, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable):
        return f"{source.name} did not answer in time ({reason}): try again when it is less busy."
    if error.sqlstate is not None and error.sqlstate.startswith("42"):
        return f"{source.name} does not let its catalogs be read ({reason}): give a role that may."
    return f"{source.name} cannot be read ({reason}): check the address, and that the server is up and lets you in."
