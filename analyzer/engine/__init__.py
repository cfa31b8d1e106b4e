"""Which executor reads: files one after the other or in one process per core, repositories also on a cluster."""

from __future__ import annotations

import gc
import os
import signal
import sys
from functools import partial
from hashlib import blake2b
from itertools import chain, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from analyzer.model import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future, ProcessPoolExecutor

    from analyzer.model import FileFacts, Sought, SourceFile, Spellings, Surface

Result = TypeVar("Result")

PARALLEL_FROM = {
    "digest": 200_000_000,
    "surface": 3_000_000,
    "extract": 250_000,
    "search": 20_000_000,
    "named": 3_000_000,
}  # bytes
_SWITCH_SECONDS = 0.0005  # a process that hands over what it found waits until this one, which reads as well, takes it
_BEGUN_BYTES = 100_000  # a chunk that was begun and is not asked for is lost time
_CHUNKS = 40  # for each process: more cost more messages, fewer leave one waiting for another at the end


class Engine:
    """Reads files with some number of processes; results come in the order of the files, whatever their number."""

    def __init__(self, jobs: int = 0) -> None:
        self._jobs = jobs or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None
        self._begun: dict[tuple[str, frozenset[str]], tuple[Future[list[Any]], int]] = {}
        self._switching = sys.getswitchinterval()

    def close(self) -> None:
        """Let the processes go that were started; what they have not begun is left undone."""
        if self._pool is not None:
            self._begun.clear()
            self._pool.shutdown(cancel_futures=True)
            sys.setswitchinterval(self._switching)
        self._pool = None

    def digests(self, files: Sequence[SourceFile]) -> Iterator[bytes | Problem]:
        """Yield a digest of the content of each file, or why it cannot be read."""
        return self._each(_digest, files, PARALLEL_FROM["digest"])

    def surfaces(self, files: Sequence[SourceFile]) -> Iterator[tuple[bytes, Surface] | Problem]:
        """Yield the surface of each file with the digest of what was read, or why it cannot be read."""
        return self._each(_surface, files, PARALLEL_FROM["surface"])

    def extracted(
        self, files: Sequence[SourceFile], foreign: Iterable[frozenset[str]] = repeat(frozenset())
    ) -> Iterator[tuple[bytes, FileFacts]]:
        """Yield the facts of each file with the digest of what was read; for each it is said which modules are foreign to it."""
        rows = list(zip(files, foreign, strict=False))
        begun = [self._taken(*row) for row in rows]
        left = [row for row, one in zip(rows, begun, strict=True) if one is None]
        files, foreign = [file for file, _ in left], [apart for _, apart in left]
        fresh = iter(list(self._each(_extracted, files, PARALLEL_FROM["extract"], foreign)))
        for one in begun:
            yield next(fresh) if one is None else one[0].result()[one[1]]

    def bare(self, files: Sequence[SourceFile], tables: Spellings) -> Iterator[tuple[bytes, FileFacts]]:
        """Yield what each file says where it holds the name of a table as a string, with the digest of what was read."""
        return self._each(partial(_bare, tables=tables), files, PARALLEL_FROM["extract"])

    @property
    def waits(self) -> bool:
        """Whether there are processes that wait for work while this one does something else."""
        return self._pool is not None

    def prepare(self) -> None:
        """Let processes that wait make ready for facts: what extracts them is imported, and its queries are compiled."""
        if self._pool is not None:
            for _ in range(self._jobs - 1):
                self._pool.submit(_prepare)

    def begin(self, files: Sequence[SourceFile], foreign: Iterable[frozenset[str]]) -> None:
        """Let processes that wait begin with facts that will probably be asked for; others may be found in vain."""
        if self._pool is None:
            return
        for chunk in _chunks(zip(files, foreign, strict=True), _BEGUN_BYTES):
            future = self._pool.submit(_read, _extracted, chunk)
            for index, (file, apart) in enumerate(chunk):
                self._begun[file.path, apart] = future, index

    def _taken(self, file: SourceFile, foreign: frozenset[str]) -> tuple[Future[list[Any]], int] | None:
        """Return where the facts of a file will be that some process has begun with; what only waits is not begun."""
        future, index = self._begun.pop((file.path, foreign), (None, 0))
        return None if future is None or future.cancel() else (future, index)

    def mentioning(self, files: Sequence[SourceFile], sought: Sought) -> Iterator[tuple[bytes, bool]]:
        """Yield whether the SQL of each file may name what is sought, with the digest of what was read."""
        return self._each(partial(_mentions, sought=sought), files, PARALLEL_FROM["search"])

    def named(self, files: Sequence[SourceFile], words: frozenset[str]) -> Iterator[tuple[tuple[str, int], ...]]:
        """Yield where each file names some words."""
        return self._each(partial(_named, words=words), files, PARALLEL_FROM["named"])

    def _each(
        self,
        function: Callable[..., Result],
        files: Sequence[SourceFile],
        parallel_from: int,
        *beside: Iterable[object],
    ) -> Iterator[Result]:
        """Yield what a function says of each file, and of what stands beside it.

        Small trees are read in this process alone: starting others would cost more than it saves. In large ones it takes its share, from
        the end: what it finds itself need not be handed over. The largest files come first, so that no process waits for one at the end;
        all is found before the first is yielded.
        """
        size = sum(file.size for file in files)
        if self._jobs == 1 or not files or (self._pool is None and size < parallel_from):
            yield from map(function, files, *beside)
            return
        if self._pool is None:
            from concurrent.futures import ProcessPoolExecutor

            self._pool = ProcessPoolExecutor(self._jobs - 1, initializer=_start)
            sys.setswitchinterval(_SWITCH_SECONDS)
        rows = list(zip(files, *beside, strict=False))
        order = sorted(range(len(rows)), key=lambda index: -files[index].size)
        chunks = list(_chunks([rows[index] for index in order], size // (self._jobs * _CHUNKS)))
        handed = [self._pool.submit(_read, function, chunk) for chunk in chunks]
        own = {
            index: _read(function, chunks[index]) for index in reversed(range(len(chunks))) if handed[index].cancel()
        }
        parts = (own[index] if index in own else future.result() for index, future in enumerate(handed))
        found = sorted(zip(order, chain.from_iterable(parts), strict=True), key=itemgetter(0))
        yield from (result for _, result in found)


def _chunks(rows: Iterable[tuple[Any, ...]], least: int) -> Iterator[list[tuple[Any, ...]]]:
    """Yield files, each with what stands beside it, in chunks of so many bytes and a little more."""
    chunk: list[tuple[Any, ...]] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += row[0].size
        if size >= least:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _read(function: Callable[..., Result], chunk: Iterable[tuple[Any, ...]]) -> list[Result]:
    return [function(*row) for row in chunk]


def _start() -> None:
    gc.disable()  # facts hold no circles, and looking for some among many objects is slow
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one stops it


def _prepare() -> None:
    from analyzer.extract import extract

    extract(b"", "ts")


def _digest(file: SourceFile) -> bytes | Problem:
    try:
        return digest(_content(file))
    except OSError as error:
        return Problem(file.path, None, f"cannot be read: {error.strerror}")


def _surface(file: SourceFile) -> tuple[bytes, Surface] | Problem:
    try:
        data = _content(file)
    except OSError as error:
        return Problem(file.path, None, f"cannot be read: {error.strerror}")
    from analyzer.extract.surface import surface

    return digest(data), surface(utf8(data), file.language)


def _extracted(file: SourceFile, foreign: frozenset[str]) -> tuple[bytes, FileFacts]:
    from analyzer.extract import extract

    return _facts(file, lambda data: extract(data, file.language, foreign))


def _bare(file: SourceFile, tables: Spellings) -> tuple[bytes, FileFacts]:
    from analyzer.extract.bare import bare

    return _facts(file, lambda data: bare(data, file.language, tables))


def _facts(file: SourceFile, read: Callable[[bytes], FileFacts]) -> tuple[bytes, FileFacts]:
    try:
        data = _content(file)
    except OSError as error:  # it could be read a moment ago
        from analyzer.extract.words import unparsed

        return b"", unparsed(b"", f"cannot be read: {error.strerror}")
    return digest(data), read(utf8(data))


def digest(data: bytes) -> bytes:
    """Return a digest of some content."""
    return blake2b(data, digest_size=16).digest()


def _mentions(file: SourceFile, sought: Sought) -> tuple[bytes, bool]:
    from analyzer.extract import sqlish

    try:
        data = _content(file)
    except OSError:  # it could be read a moment ago; its facts will say so
        return b"", True
    return digest(data), sqlish.mentions(utf8(data), sought)


def _named(file: SourceFile, words: frozenset[str]) -> tuple[tuple[str, int], ...]:
    from analyzer.extract import names

    try:
        data = read(file)
    except OSError:  # it could be read a moment ago, and may name any of them
        return tuple((word, 1) for word in sorted(words))
    return names.named(data, file.language, words)


def read(file: SourceFile) -> bytes:
    """Return the bytes of a file as UTF-8."""
    return utf8(_content(file))


def _content(file: SourceFile) -> bytes:
    with open(file.location, "rb", buffering=0) as opened:  # by its path as it is: many small files are read
        return opened.read()


def utf8(data: bytes) -> bytes:
    """Return text as UTF-8, where a byte order mark says that it is UTF-16."""
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    try:
        return data.decode("utf-16").encode("utf8")
    except UnicodeDecodeError:
        return data
