"""A live MySQL or MariaDB: SQLAlchemy's inspector over a session that cannot write.

`information_schema` hides what the role may not read, so without rights on the whole database nothing that is not seen is
called missing. https://dev.mysql.com/doc/refman/8.4/en/information-schema-introduction.html#information-schema-privileges
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from analyzer.databases import inspected
from analyzer.databases.secrets import redacted
from analyzer.model import AnalyzerError, Dependent, PhysicalSchema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from analyzer.model import Source

CONNECT_SECONDS = 10
STATEMENT_SECONDS = 60
LOCK_SECONDS = 5
_OPTIONS = {
    "charset",
    "collation",
    "unix_socket",
    "ssl_ca",
    "ssl_cert",
    "ssl_key",
    "ssl_verify_cert",
    "ssl_verify_identity",
}
_ALL = re.compile(r"^GRANT\s+(?P<rights>.*?)\s+ON\s+(?P<where>`(?:[^`]|``)+`\.\*|\*\.\*)\s+TO\b", re.I | re.S)
_SEEING = re.compile(r"\b(ALL PRIVILEGES|SELECT)\b", re.I)


def read(source: Source) -> PhysicalSchema:
    """Return what a MySQL or MariaDB server has in the database that a URL names."""
    with connected(source) as connection:
        name = connection.exec_driver_sql("select database()").scalar()
        version = str(connection.exec_driver_sql("select version()").scalar())
        if not name:
            raise AnalyzerError(
                f"The URL of {source.name} names no database: write it as mysql://user:password@host/database."
            )
        return PhysicalSchema(
            source=source.name,
            dialect="mysql",
            tables=inspected.tables(connection),
            dependents=tuple(_dependents(connection, str(name))),
            version=version,
            silent=("schema", "enum"),
            hidden=_hidden(connection, str(name)),
            notes=tuple(_unseen(connection, str(name))),
        )


@contextmanager
def connected(source: Source) -> Iterator[Connection]:
    """Open a session that cannot write, with time limits; every failure is an `AnalyzerError` without the password."""
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SQLAlchemyError

    try:
        import pymysql  # noqa: F401
    except ImportError:
        raise AnalyzerError(
            f"{source.name} is MySQL: install its driver with `pip install 'tabletrace[mysql]'`."
        ) from None
    url = re.sub(r"^\w+(?:\+\w+)?://", "mysql+pymysql://", source.location)
    given = set(parse_qs(urlsplit(source.location).query, keep_blank_values=True))
    if given - _OPTIONS:
        raise AnalyzerError(
            f"The URL of {source.name} has an option {min(given - _OPTIONS)!r}: known are {', '.join(sorted(_OPTIONS))}."
        )
    try:
        engine = create_engine(
            url,
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "read_timeout": STATEMENT_SECONDS,
                "program_name": "tabletrace",
            },
            pool_reset_on_return=None,
            isolation_level="AUTOCOMMIT",
        )
        with engine.connect() as connection:
            connection.exec_driver_sql(f"set session lock_wait_timeout = {LOCK_SECONDS}")
            connection.exec_driver_sql("set session transaction read only")
            connection.exec_driver_sql("start transaction read only")
            yield connection
        engine.dispose()
    except (SQLAlchemyError, ValueError, OSError, LookupError, AttributeError) as error:
        raise AnalyzerError(_told(source, error)) from None


def _told(source: Source, error: Exception) -> str:
    origin: Any = getattr(error, "orig", None)
    arguments: Any = getattr(origin, "args", ())
    reason = str(arguments[1]) if len(arguments) > 1 else type(error).__name__
    reason = redacted(reason.splitlines()[0] if reason else type(error).__name__, source.location)
    return f"{source.name} cannot be read ({reason}): check the address, and that the server is up and lets you in."


def _hidden(connection: Connection, name: str) -> str | None:
    """Return why there may be tables that the role does not see; None when it sees the whole database."""
    grants = [str(row[0]) for row in connection.exec_driver_sql("show grants").fetchall()]
    for grant in grants:
        match = _ALL.match(grant)
        if match and _SEEING.search(match["rights"]) and _covers(match["where"], name):
            return None
    return f"the role may read a part of {name} alone: tables and columns that it does not see are not called missing"


def _covers(where: str, name: str) -> bool:
    """Whether a grant on `*.*` or on a pattern of databases covers one."""
    if where == "*.*":
        return True
    pattern = re.escape(where[1:-3].replace("``", "`"))
    wild = re.sub(r"(\\\\)?([_%])", lambda found: found[2] if found[1] else {"%": ".*", "_": "."}[found[2]], pattern)
    return re.fullmatch(wild, name) is not None


def _unseen(connection: Connection, name: str) -> Iterator[str]:
    rows = connection.exec_driver_sql(
        "select table_name from information_schema.views where table_schema = %s and coalesce(view_definition, '') = ''",
        (name,),
    )
    for (view,) in rows.fetchall():
        yield f"the role may not see what the view {view} reads: grant it SHOW VIEW"


def _dependents(connection: Connection, name: str) -> Iterator[Dependent]:
    rows = connection.exec_driver_sql(
        "select trigger_name, event_object_table from information_schema.triggers where trigger_schema = %s", (name,)
    )
    for trigger, table in rows.fetchall():
        yield Dependent("trigger", None, str(trigger), None, str(table))
    rows = connection.exec_driver_sql(
        "select v.table_name, v.view_definition, t.table_name from information_schema.views v join information_schema.tables t"
        " on t.table_schema = v.table_schema and locate(concat('`', t.table_name, '`'), v.view_definition) > 0"
        " where v.table_schema = %s and t.table_name <> v.table_name",
        (name,),
    )
    for view, _, table in rows.fetchall():
        yield Dependent("view", None, str(view), None, str(table))
