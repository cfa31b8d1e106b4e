"""Databases that are down, refuse, hang, are locked or huge: a clear sentence and exit 2, or the findings."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest

from analyzer import databases
from analyzer.databases import postgres as reader
from analyzer.model import AnalyzerError, Source

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.servers import Postgres

SECRET = "s3cr%40t-word"
MEANT = "s3cr@t-word"


def _fails(url: str) -> str:
    with pytest.raises(AnalyzerError) as caught:
        databases.read(Source("prod", "postgresql", url))
    text = str(caught.value)
    assert SECRET not in text
    assert MEANT not in text
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    return text


@contextmanager
def _silent_server() -> Iterator[int]:
    """Accept connections and never answer."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        kept: list[socket.socket] = []
        listening.settimeout(20)

        def accept() -> None:
            try:
                while True:
                    kept.append(listening.accept()[0])
            except OSError:
                return

        threading.Thread(target=accept, daemon=True).start()
        yield listening.getsockname()[1]
        for one in kept:
            one.close()


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def test_a_server_that_is_down() -> None:
    text = _fails(f"postgresql://ann:{SECRET}@127.0.0.1:{_closed_port()}/app")
    assert text.startswith("prod cannot be read (")
    assert "refused" in text
    assert "check the address" in text


def test_a_host_that_does_not_exist() -> None:
    assert "cannot be read" in _fails(f"postgresql://ann:{SECRET}@no-such-host.invalid/app")


def test_a_server_that_hangs() -> None:
    with _silent_server() as port:
        text = _fails(f"postgresql://ann:{SECRET}@127.0.0.1:{port}/app?connect_timeout=2")
    assert "timeout" in text


def test_a_database_that_does_not_exist(postgres18: Postgres) -> None:
    text = _fails(postgres18.uri.replace("/postgres?", "/nowhere?"))
    assert 'database "nowhere" does not exist' in text


def test_an_address_that_is_none() -> None:
    text = _fails(f"postgresql://ann:{SECRET}@[::1/app")
    assert (
        text
        == "The address of prod is no URL of PostgreSQL: write it as postgresql://user:password@host:5432/database."
    )


def test_a_table_that_is_locked(postgres18: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LOCK_SECONDS", 1)
    url = postgres18.database("create table boat (id int primary key); create view fast as select id from boat")
    with psycopg.connect(url) as holder:
        holder.execute("lock table boat in access exclusive mode")
        with pytest.raises(AnalyzerError, match=r"prod did not answer in time \(.*lock timeout\)"):
            databases.read(Source("prod", "postgresql", url))


def test_a_statement_that_takes_too_long(postgres18: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "STATEMENT_SECONDS", 1)
    with (
        pytest.raises(AnalyzerError, match="did not answer in time"),
        reader.connected(Source("prod", "postgresql", postgres18.database())) as connection,
    ):
        connection.execute("select pg_sleep(20)")


def test_five_thousand_tables(postgres18: Postgres) -> None:
    url = postgres18.database()
    make = "do $$ begin for n in {}..{} loop execute format('create table t%s (id int primary key, a text)', n); end loop; end $$"
    for start in range(1, 5001, 1000):  # a transaction may lock only so many at once
        postgres18.run(url, make.format(start, start + 999))
    found = databases.read(Source("prod", "postgresql", url))
    assert len(found.tables) == 5000
    assert all(table.primary_key and len(table.columns) == 2 for table in found.tables)


def test_the_command_says_it_in_one_sentence(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]], example: Path
) -> None:
    url = f"postgresql://ann:{SECRET}@127.0.0.1:{_closed_port()}/app"
    done = tabletrace("drift", f"prod={url}", cwd=example)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("tabletrace: prod cannot be read (")
    assert "s3cr" not in line
    unset = tabletrace("drift", "prod=env:NOT_SET_ANYWHERE", cwd=example)
    assert unset.returncode == 2
    assert "NOT_SET_ANYWHERE is not set" in unset.stderr
