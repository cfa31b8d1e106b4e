"""Files are read once for each content: what is known of it comes from the cache, the rest from the engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from analyzer.cache import Cache
from analyzer.engine import Engine
from analyzer.model import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from analyzer.model import FileFacts, Settings, Sought, SourceFile, Spellings, Surface
    from analyzer.progress import Progress

Found = TypeVar("Found")


class Reader:
    """Reads the files of one run; at its end what was found is kept."""

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self.settings, self.progress = settings, progress
        self._engine = Engine(settings.jobs)
        self.cache = Cache(Path(settings.cache) if settings.cache is not None else None)
        self._digests: dict[str, bytes | Problem] = {}
        self.parsed: dict[str, frozenset[str]] = {}
        self.held: set[str] = set()
        self.sought: list[Sought] = []
        self.steady = True  # no file was another one by the time that it was read again

    def start_again(self) -> None:
        """Let what was read so far count for nothing: a run begins only now."""
        self.parsed.clear()
        self.held.clear()
        self.sought.clear()

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Let processes go, and keep what was found for the next run where nothing went wrong."""
        self._engine.close()
        with self.progress.stage("keep"):
            if kind is None:
                self.cache.close()
            else:
                self.cache.leave()

    def surfaces(self, files: Sequence[SourceFile]) -> Iterator[Surface | Problem]:
        """Yield the surface of each file, or why it cannot be read."""
        with self.progress.stage("scan"):
            from analyzer.model import Surface

            found = self._through(lambda _: "surface", Surface, files, self._engine.surfaces)
            for done, file in enumerate(files):
                self.progress.advance(done + 1, len(files))
                yield found[file.path]

    def facts(self, files: Sequence[SourceFile], foreign: Mapping[str, frozenset[str]]) -> dict[str, FileFacts]:
        """Return the facts of files by path; `foreign` says which modules no table can come from, by the path of who names them."""

        def extracted(missing: Sequence[SourceFile]) -> Iterator[tuple[bytes, FileFacts]]:
            return self._engine.extracted(missing, [foreign.get(file.path, frozenset()) for file in missing])

        self.parsed.update({file.path: foreign.get(file.path, frozenset()) for file in files})
        with self.progress.stage("parse"):
            from analyzer.model import FileFacts

            kinds = {file.path: facts_kind(foreign.get(file.path, ())) for file in files}
            return self._through(lambda file: kinds[file.path], FileFacts, files, extracted)

    def bare(self, files: Sequence[SourceFile], tables: Spellings) -> dict[str, FileFacts]:
        """Return, by path, what files say that hold the name of a table as a string."""
        kind = bare_kind(tables)

        def found(missing: Sequence[SourceFile]) -> Iterator[tuple[bytes, FileFacts]]:
            return self._engine.bare(missing, tables)

        self.held.update(file.path for file in files)
        with self.progress.stage("parse"):
            from analyzer.model import FileFacts

            return self._through(lambda _: kind, FileFacts, files, found)

    def prepare(self) -> None:
        """Say that facts will be asked for soon."""
        self._engine.prepare()

    def begin(self, likely: Callable[[], tuple[Sequence[SourceFile], Mapping[str, frozenset[str]]]]) -> None:
        """Begin with facts that will probably be asked for and are not known, where processes wait for work."""
        if self._engine.waits:
            files, foreign = likely()
            apart = {file.path: foreign.get(file.path, frozenset()) for file in files}
            keys = {file.path: self._key(facts_kind(apart[file.path]), file, self.digest(file)) for file in files}
            known = self.cache.has(keys.values())
            missing = [file for file in files if keys[file.path] not in known]
            self._engine.begin(missing, [apart[file.path] for file in missing])

    def mentioning(self, files: Sequence[SourceFile], sought: Sought) -> list[str]:
        """Return the paths of the files whose SQL may name what is sought."""
        self.sought.append(sought)
        kind = f"search {(sorted(sought.names), sought.beginnings, sought.quoted)}"

        def search(missing: Sequence[SourceFile]) -> Iterator[tuple[bytes, bool]]:
            return self._engine.mentioning(missing, sought)

        with self.progress.stage("search"):
            found = self._through(lambda _: kind, bool, files, search)
        return [file.path for file in files if found[file.path]]

    def named(self, files: Sequence[SourceFile], words: frozenset[str]) -> dict[str, tuple[tuple[str, int], ...]]:
        """Return which of some words each file names, with the lines."""
        with self.progress.stage("columns"):
            found = self._engine.named(files, words)
            return {file.path: mentions for file, mentions in zip(files, found, strict=True) if mentions}

    def digest(self, file: SourceFile) -> bytes:
        """Return the digest of a file whose content was read, or why it cannot be read."""
        found = self._digests.get(file.path, b"")
        return found if isinstance(found, bytes) else found.reason.encode()

    def read_digests(self, files: Sequence[SourceFile]) -> None:
        """Read the contents of files, for their digests."""
        missing = [file for file in files if file.path not in self._digests]
        for file, found in zip(missing, self._engine.digests(missing), strict=True):
            self._digests[file.path] = found

    def _through(
        self,
        kind: Callable[[SourceFile], str],
        type_: type,
        files: Sequence[SourceFile],
        find: Callable[[Sequence[SourceFile]], Iterator[tuple[bytes, Any] | Problem]],
    ) -> dict[str, Any]:
        """Return what is known of each file, by path; what is not is found, and kept under what was read."""
        values: dict[str, Any] = {}
        if self.cache.is_on:
            self.read_digests(files)
            keys = {file.path: self._key(kind(file), file, self.digest(file)) for file in files}
            known = self.cache.get(keys.values(), type_)
            values = {file.path: known[keys[file.path]] for file in files if keys[file.path] in known}
        missing = [file for file in files if file.path not in values]
        fresh: dict[bytes, object] = {}
        for file, one in zip(missing, find(missing), strict=True):
            digest, values[file.path] = (one.reason.encode(), one) if isinstance(one, Problem) else one
            self.steady = self.steady and self.digest(file) in {b"", digest}
            if self.cache.is_on and not isinstance(one, Problem):
                fresh[self._key(kind(file), file, digest)] = values[file.path]
        self.cache.put(fresh)
        return values

    def _key(self, kind: str, file: SourceFile, digest: bytes) -> bytes:
        return self.cache.key(kind, file.language, digest)

    def kept(self, kind: str, type_: type[Found], file: SourceFile, was: bytes) -> Found | None:
        """Return what was found of another content of a file, where that is still known."""
        key = self._key(kind, file, was)
        found: Found | None = self.cache.get([key], type_).get(key)
        return found


def facts_kind(foreign: Iterable[str]) -> str:
    """Return what facts are kept as: they rest on which modules are foreign, too."""
    return f"facts {sorted(foreign)}"


def bare_kind(tables: Spellings) -> str:
    """Return what the strings of a file are kept as: they rest on what tables are called."""
    return f"bare {sorted(tables.names)}"
