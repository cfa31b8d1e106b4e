"""Files are read once for each content: what is known of it comes from the cache, the rest from the engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from analyzer.cache import Cache
from analyzer.engine import Engine, digest
from analyzer.model import Kept, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from analyzer.model import FileFacts, Project, Report, Settings, Sought, SourceFile, Surface
    from analyzer.progress import Progress

Found = TypeVar("Found")


class Reader:
    """Reads the files of one run; `close` keeps what was found."""

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self._settings, self._progress = settings, progress
        self._engine = Engine(settings.jobs)
        self._cache = Cache(Path(settings.cache) if settings.cache is not None else None)
        self._digests: dict[str, bytes | Problem] = {}
        self._report_key: bytes | None = None

    def close(self) -> None:
        """Keep what was found, for the next run."""
        self._engine.close()
        with self._progress.stage("keep"):
            self._cache.close()

    def surfaces(self, files: Sequence[SourceFile]) -> Iterator[Surface | Problem]:
        """Yield the surface of each file, or why it cannot be read."""
        with self._progress.stage("scan"):
            from analyzer.model import Surface

            found = self._through(lambda _: "surface", Surface, files, self._engine.surfaces)
            for done, file in enumerate(files):
                self._progress.advance(done + 1, len(files))
                yield found[file.path]

    def facts(self, files: Sequence[SourceFile], foreign: Mapping[str, frozenset[str]]) -> dict[str, FileFacts]:
        """Return the facts of files by path; `foreign` says which modules no table can come from, by the path of who names them."""

        def extracted(missing: Sequence[SourceFile]) -> Iterator[tuple[bytes, FileFacts]]:
            return self._engine.extracted(missing, [foreign.get(file.path, frozenset()) for file in missing])

        with self._progress.stage("parse"):
            from analyzer.model import FileFacts

            kinds = {path: "\n".join(("facts", *sorted(modules))) for path, modules in foreign.items()}
            return self._through(lambda file: kinds.get(file.path, "facts"), FileFacts, files, extracted)

    def mentioning(self, files: Sequence[SourceFile], sought: Sought) -> list[str]:
        """Return the paths of the files whose SQL may name what is sought."""
        asked = "\n".join((*sorted(sought.names), "", *sought.beginnings, "quoted" if sought.quoted else ""))

        def search(missing: Sequence[SourceFile]) -> Iterator[tuple[bytes, bool]]:
            found = zip(missing, self._engine.mentioning(missing, sought), strict=True)
            return ((self._digest(file), mentions) for file, mentions in found)

        with self._progress.stage("search"):
            found = self._through(lambda _: f"search {asked}", bool, files, search)
        return [file.path for file in files if found[file.path]]

    def named(self, files: Sequence[SourceFile], words: frozenset[str]) -> dict[str, tuple[tuple[str, int], ...]]:
        """Return which of some words each file names, with the lines."""
        with self._progress.stage("columns"):
            found = self._engine.named(files, words)
            return {file.path: mentions for file, mentions in zip(files, found, strict=True) if mentions}

    def report(self, project: Project) -> Report | None:
        """Return the report of a run before this one, where nothing that it rests on is another by now."""
        if not self._cache.is_on:
            return None
        with self._progress.stage("compare"):
            self._report_key = self._cache.key("report", self.state(project))
            kept = self._cache.get([self._report_key], Kept).get(self._report_key)
            return kept.report if kept is not None and self.is_fresh(project, kept.imported) else None

    def keep(self, report: Report, project: Project, ignored: Iterable[SourceFile]) -> None:
        """Keep a report with what it rests on besides: ignored files that others import."""
        if self._report_key is not None:
            self._cache.put({self._report_key: Kept(self.imported(project, ignored), report)})

    def state(self, project: Project) -> bytes:
        """Return a digest of all that a report rests on: the settings, and the contents of the files."""
        self._read_digests(project.files)
        parts = [
            part if isinstance(part, bytes) else part.encode("utf8", "surrogatepass")
            for part in self._rests_on(project)
        ]
        return digest(b"".join(len(part).to_bytes(8, "little") + part for part in parts))

    def imported(self, project: Project, ignored: Iterable[SourceFile]) -> tuple[tuple[str, bytes], ...]:
        """Return the ignored files that were read all the same, as others import them, each with a digest."""
        were = {file.path for file in ignored}
        read = [file for file in project.files if file.path in were]
        self._read_digests(read)
        return tuple((file.path, self._digest(file)) for file in read)

    def is_fresh(self, project: Project, imported: Iterable[tuple[str, bytes]]) -> bool:
        """Whether ignored files are what they were."""
        files = {file.path: file for file in project.ignored}
        self._read_digests([files[path] for path, _ in imported if path in files])
        return all(path in files and self._digests.get(path) == digest for path, digest in imported)

    def _rests_on(self, project: Project) -> Iterator[str | bytes]:
        settings = replace(self._settings, jobs=0, cache=None)
        yield repr(
            (
                settings,
                project.roots,
                project.tsconfigs,
                project.packages,
                project.problems,
                project.links,
                project.unread,
            )
        )
        yield "\n".join(file.path for file in project.ignored)
        for file in project.files:
            yield f"{file.path}\0{file.role}\0{file.language}"
            yield self._digest(file)

    def _digest(self, file: SourceFile) -> bytes:
        found = self._digests.get(file.path, b"")
        return found if isinstance(found, bytes) else found.reason.encode()

    def _read_digests(self, files: Sequence[SourceFile]) -> None:
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
        if not self._cache.is_on:
            found = zip(files, find(files), strict=True)
            return {file.path: one if isinstance(one, Problem) else one[1] for file, one in found}
        self._read_digests(files)
        keys = {file.path: self._key(kind(file), file, self._digest(file)) for file in files}
        known = self._cache.get(keys.values(), type_)
        values = {file.path: known[keys[file.path]] for file in files if keys[file.path] in known}
        missing = [file for file in files if file.path not in values]
        fresh: dict[bytes, object] = {}
        for file, one in zip(missing, find(missing), strict=True):
            if isinstance(one, Problem):
                values[file.path] = one
            else:
                digest, values[file.path] = one
                fresh[self._key(kind(file), file, digest)] = values[file.path]
        self._cache.put(fresh)
        return values

    def _key(self, kind: str, file: SourceFile, digest: bytes) -> bytes:
        return self._cache.key(kind, file.language, digest)
