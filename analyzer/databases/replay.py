"""Statements run one by one in a throw-away PostgreSQL; what fails is told by its place, and the rest goes on."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from analyzer.databases import embedded, postgres

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzer.databases.statements import Statement
    from analyzer.model import PhysicalSchema

STATEMENT_SECONDS = 60
_NO_ROLE = re.compile(r'role "([^"]+)" does not exist')
_EXTENSION = re.compile(r'^create\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)"?', re.I)
_COPY = re.compile(r"^\s*copy\b", re.I)
_LIMITS = re.compile(r"^\s*set\s+(?:session\s+|local\s+)?(?:\w+_timeout)\b", re.I)
_ROWS = re.compile(
    r"^\s*(insert|update|delete|select|with|truncate|vacuum|analyze|refresh|copy|grant|revoke|comment|set)\b", re.I
)
_NAME = re.compile(r'"((?:[^"]|"")+)"|([^\W\d][\w$]*)')


class Failure(Struct, frozen=True):
    """A statement that could not be run: where, why, and its text."""

    file: str
    line: int
    reason: str
    text: str


def replayed(name: str, files: Iterable[tuple[str, Iterable[Statement]]]) -> PhysicalSchema:
    """Return what the statements of some files make, one after another, in an empty PostgreSQL.

    What a failing statement would have made is not known: the names in it are `doubtful`.
    """
    import psycopg

    failures: list[Failure] = []
    with embedded.database(name) as (address, superuser):
        with (
            psycopg.connect(address, autocommit=True, prepare_threshold=None) as connection,
            psycopg.connect(superuser, autocommit=True) as above,
        ):
            connection.execute(f"set statement_timeout = '{STATEMENT_SECONDS}s'")
            for file, statements in files:
                found = (_run(connection, above, file, statement) for statement in statements)
                failures += [failure for failure in found if failure is not None]
                if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                    connection.execute("commit")
        schema = postgres.read(embedded.source(name, address))
    lost = [one for one in failures if not _ROWS.match(one.text)]
    return replace(
        schema,
        notes=tuple(f"{one.file}:{one.line} cannot be run: {one.reason}" for one in failures),
        doubtful=tuple(sorted({name for one in lost for name in names(one.text)})),
        unmade=tuple(sorted({name for one in lost if makes(one.text) for name in names(one.text)})),
    )


def names(text: str) -> set[str]:
    """Return every name in a statement, as the database has it: quoted, or in lower case."""
    return {quoted.replace('""', '"') or plain.lower() for quoted, plain in _NAME.findall(text)}


def makes(text: str) -> bool:
    """Whether a statement may make a table or a type, or give one another name: all but what surely does not."""
    changes = re.match(
        r"^\s*(?:alter\s+(?:table|type|index|policy|function)|create\s+(?:unique\s+)?index|create\s+(?:policy|trigger)|drop)\b",
        text,
        re.I,
    )
    return changes is None or re.search(r"\brename\s+to\b", text, re.I) is not None


def _run(connection: Any, above: Any, file: str, statement: Statement) -> Failure | None:
    """Run one statement; a role that it names is made where it is missing, an extension by the superuser."""
    import psycopg

    text = statement.text
    if _COPY.match(text) or _LIMITS.match(text):
        return None  # rows, for which the protocol would wait; and limits, which are ours
    extension = _EXTENSION.match(text)
    watch = threading.Timer(STATEMENT_SECONDS + 5, connection.cancel_safe)
    watch.daemon = True
    watch.start()
    try:
        if extension:
            above.execute(f'create extension if not exists "{extension[1]}"')
        else:
            _kept(connection, above, text)
    except psycopg.Error as error:
        position = int(error.diag.statement_position or 1) - 1
        line = statement.line + text.count("\n", 0, position)
        reason = (error.diag.message_primary or str(error)).splitlines()[0]
        return Failure(file, line, reason, text)
    finally:
        watch.cancel()
    return None


def _kept(connection: Any, above: Any, text: str) -> None:
    """Run a statement in the transaction of its file, as drizzle-kit does; alone where it cannot run in one."""
    import psycopg

    if connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
        connection.execute("begin")
    connection.execute("savepoint before")
    try:
        _with_roles(connection, above, text)
    except psycopg.Error as error:
        if connection.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
            connection.execute("rollback to savepoint before")
        if not isinstance(error, psycopg.errors.ActiveSqlTransaction | psycopg.errors.UnsafeNewEnumValueUsage):
            raise
        connection.execute("commit")
        connection.execute(text)


def _with_roles(connection: Any, above: Any, text: str) -> None:
    import psycopg
    from psycopg import sql

    for _ in range(10):
        try:
            connection.execute(text)
            return
        except psycopg.errors.UndefinedObject as error:
            match = _NO_ROLE.search(str(error))
            if match is None:
                raise
            connection.execute("rollback to savepoint before")
            connection.execute("commit")  # a transaction does not see a role that is made beside it
            above.execute(sql.SQL("create role {}").format(sql.Identifier(match[1])))
            connection.execute("begin")
            connection.execute("savepoint before")
    connection.execute(text)
