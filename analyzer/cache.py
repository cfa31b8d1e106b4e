"""What was found of a content is kept on disk: a miss, a lock, a full disk or a torn entry is never an error.

A key is a digest of the content, of this program and of what is asked, so an edit of either forgets by itself; times of files are not
looked at. The folder lies in a code base that may not be trusted, so an entry can hold values of `analyzer.model` and nothing else:
https://docs.python.org/3/library/pickle.html#restricting-globals.
"""

from __future__ import annotations

import io
import os
import pickle
import sqlite3
import sys
import time
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FOLDER = ".tabletrace_cache"
MAX_BYTES = 400_000_000
_FORMAT = 1
_READ_WITH = ("tree_sitter", "tree_sitter_typescript", "sqlglot", "pathspec", "pyjson5", "msgspec", "re2")
_DAY = 86_400
_WAIT_SECONDS = 2.0
_SCHEMA = "create table if not exists entries (key blob primary key, value blob not null, used integer not null) without rowid"
_IGNORED = "# Made by tabletrace: https://pypi.org/project/tabletrace\n*\n"


class Cache:
    """Entries by key in a folder; without a folder, or where it cannot be used, it holds nothing and keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._new: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()
        self._connection: sqlite3.Connection | None = None
        self._print = fingerprint() if folder is not None else b""
        if folder is not None and (folder / "cache.db").is_file():
            self._open()

    @property
    def is_on(self) -> bool:
        """Whether anything is kept."""
        return self._folder is not None

    def key(self, *parts: str | bytes) -> bytes:
        """Return the key of what is asked."""
        digest = blake2b(self._print, digest_size=16)
        for part in parts:
            data = part.encode("utf8", "surrogatepass") if isinstance(part, str) else part
            digest.update(len(data).to_bytes(8, "little") + data)
        return digest.digest()

    def get(self, keys: Iterable[bytes], kind: type = object) -> dict[bytes, Any]:
        """Return the values that are known of some keys; what is of another kind is a miss."""
        found: dict[bytes, Any] = {}
        asked = sorted(set(keys))
        fresh = [(key, self._new[key], _today()) for key in asked if key in self._new]
        for key, data, used in chain(fresh, self._rows([key for key in asked if key not in self._new])):
            try:
                value = _Values(io.BytesIO(data)).load()
            except Exception:  # whatever a torn entry makes of itself, it is a miss
                continue
            if isinstance(value, kind):
                found[key] = value
            if used != _today():
                self._used.add(key)
        return found

    def has(self, keys: Iterable[bytes]) -> set[bytes]:
        """Return which of some keys are known; their values are not read."""
        asked = set(keys)
        return asked & self._new.keys() | {key for key, _, _ in self._rows(sorted(asked), "null")}

    def put(self, values: Mapping[bytes, object]) -> None:
        """Keep some values, when the run is over."""
        if self._folder is not None:
            self._new.update({key: pickle.dumps(value, protocol=5) for key, value in values.items()})

    def flush(self) -> None:
        """Write what is new."""
        if self._folder is None or not (self._new or self._used):
            return
        with suppress(sqlite3.Error, OSError):
            if self._connection is None:
                self._make(self._folder)
            if self._connection is not None:
                with self._connection:
                    self._write(self._connection)
        self._new, self._used = {}, set()

    def close(self) -> None:
        """Write what is new, and forget what was not asked for longest where there is too much."""
        wrote = bool(self._new)
        self.flush()
        with suppress(sqlite3.Error):
            if wrote and self._connection is not None:
                with self._connection:
                    self._shrink(self._connection)
        self.leave()

    def _write(self, connection: sqlite3.Connection) -> None:
        today = _today()
        connection.executemany(
            "insert or replace into entries values (?, ?, ?)", [(key, value, today) for key, value in self._new.items()]
        )
        connection.executemany("update entries set used = ? where key = ?", [(today, key) for key in self._used])

    def _shrink(self, connection: sqlite3.Connection) -> None:
        [(size,)] = connection.execute("select coalesce(sum(length(value)), 0) from entries")
        if size > MAX_BYTES:
            self._evict(connection, size - MAX_BYTES // 2)

    def _evict(self, connection: sqlite3.Connection, excess: int) -> None:
        """Forget as many bytes: first what was used on the earliest day, at last also what is of today."""
        keys = []
        for key, size in connection.execute("select key, length(value) from entries order by used, key"):
            if excess <= 0:
                break
            keys.append((key,))
            excess -= size
        connection.executemany("delete from entries where key = ?", keys)

    def _rows(self, keys: list[bytes], value: str = "value") -> Iterator[tuple[bytes, bytes, int]]:
        if self._connection is None:
            return
        try:
            for start in range(0, len(keys), 500):
                some = keys[start : start + 500]
                marks = ",".join("?" * len(some))
                yield from self._connection.execute(
                    f"select key, {value}, used from entries where key in ({marks})", some
                )
        except sqlite3.Error:
            self.leave()

    def _make(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text(_IGNORED, "utf8")
        self._open()

    def _open(self) -> None:
        """Open the file; one that is no cache, or of another format, is replaced."""
        path = self._folder / "cache.db" if self._folder is not None else Path()
        for _ in range(2):
            try:
                connection = sqlite3.connect(path, timeout=_WAIT_SECONDS)
                self._connection = connection
                [(version,)] = connection.execute("pragma user_version")
                known = connection.execute("select name from sqlite_master").fetchall()
                if version != _FORMAT and known:
                    raise sqlite3.DatabaseError("of another format")
                if not known:
                    connection.execute(_SCHEMA)
                    connection.execute(f"pragma user_version = {_FORMAT}")
                return
            except sqlite3.OperationalError:
                self.leave()  # locked, or the folder may only be read
                return
            except sqlite3.DatabaseError:
                self.leave()
                try:
                    path.unlink()
                except OSError:
                    return

    def leave(self) -> None:
        """Let the file go; what is new and was not written is lost."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None


class _Values(pickle.Unpickler):
    """Reads values of the model, and plain ones; anything else is refused."""

    def find_class(self, module: str, name: str) -> Any:
        return _kind(module, name)


@cache
def _kind(module: str, name: str) -> type:
    found = getattr(import_module(module), name, None) if module.startswith("analyzer.model.") else None
    if not isinstance(found, type) or not issubclass(found, Struct) or found.__module__ != module:
        raise pickle.UnpicklingError(f"{module}.{name} is no value")
    return found


def fingerprint() -> bytes:
    """Return a digest of this program: each of its files by name, size and time of writing, the queries, and what it reads with."""
    digest = blake2b(sys.version.encode(), digest_size=16)
    for name in _READ_WITH:
        found = find_spec(name)
        origin = found.origin if found is not None else None
        digest.update(f"{origin} {os.stat(origin).st_mtime_ns if origin else 0}\n".encode())
    package = Path(__file__).parent
    for folder in (package, package.parent / "queries"):
        for place, folders, files in os.walk(folder):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(files):
                status = os.stat(os.path.join(place, name))
                digest.update(f"{place}/{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.digest()


def clean(folder: Path) -> bool:
    """Remove a cache's folder; only what a cache put there. Whether there was one."""
    file, ignore = folder / "cache.db", folder / ".gitignore"
    found = file.is_file()
    for made in (file, folder / "cache.db-journal") if found else ():
        made.unlink(missing_ok=True)
    if ignore.is_file() and ignore.read_text("utf8", errors="replace") == _IGNORED:
        ignore.unlink()
        with suppress(OSError):
            folder.rmdir()
    return found


def _today() -> int:
    return int(time.time() // _DAY)
