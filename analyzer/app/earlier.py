"""The report of an earlier run is taken as it was, where nothing that it rests on is another by now.

That is so where no content changed, and also where one changed that says the same: an edit of code that has to do with no table, of
a comment, of the layout. What stands on other lines by then is shifted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from analyzer.app.reading import bare_kind, facts_kind
from analyzer.engine import digest
from analyzer.model import AUTO_IMPORTING, Kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analyzer.app import Code
    from analyzer.app.line_shifts import Shifts
    from analyzer.app.reading import Reader
    from analyzer.model import Project, Report, SourceFile, Specifier, Spellings, Surface

    _Same: TypeAlias = tuple[int, tuple[tuple[str, Shifts], ...]]  # the lines of all, and the shifts of files

_MOST = 50  # files that changed: reading more of them anew costs as much as a run


class Earlier:
    """What a reader's cache keeps of earlier runs."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._key: bytes | None = None
        self._project: Project | None = None

    def report(self, project: Project) -> Report | None:
        """Return the report that a run would make, where an earlier one made it."""
        reader = self._reader
        if not reader.cache.is_on:
            return None
        with reader.progress.stage("compare"):
            self._project, self._key = project, self._named("report", self.state(project))
            at, same = reader.cache.get([self._key], tuple).get(self._key) or (None, None)
            latest = self._named("latest", self._shape(project))
            base = at or reader.cache.get([latest], bytes).get(latest)
            kept: Kept | None = reader.cache.get([base], Kept).get(base) if base is not None else None
            if base is None or kept is None or not self.is_fresh(project, kept.imported):
                return None
        if same is None:
            same = self._same(project, kept)
            if same is None:
                reader.start_again()
                return None
            reader.cache.put({self._key: (base, same)})
        lines, shifts = same
        report = replace(kept.report, lines=lines)
        for path, how in shifts:
            from analyzer.app.line_shifts import shifted

            report = shifted(report, path, how)
        return report

    def keep(self, report: Report, code: Code) -> None:
        """Keep a report with what it rests on: the contents of files, those of ignored ones that were read as well."""
        reader, project = self._reader, self._project
        if self._key is None or project is None or not reader.steady:
            return
        kept = Kept(
            self.imported(code.project, project.ignored),
            report,
            tuple((file.path, reader.digest(file)) for file in project.files),
            tuple((path, tuple(sorted(foreign))) for path, foreign in sorted(reader.parsed.items())),
            tuple(sorted(reader.held)),
            tuple(reader.sought),
            code.called,
            code.asked,
        )
        base = self._named("kept", _digest((self._key, repr(kept.imported))))
        latest = self._named("latest", self._shape(project))
        reader.cache.put({self._key: (base, (report.lines, ())), latest: base, base: kept})

    def state(self, project: Project) -> bytes:
        """Return a digest of all that a report rests on: the settings, and the contents of the files."""
        self._reader.read_digests(project.files)
        return _digest((self._shape(project), *(self._reader.digest(file) for file in project.files)))

    def imported(self, project: Project, ignored: Iterable[SourceFile]) -> tuple[tuple[str, bytes], ...]:
        """Return the ignored files that were read all the same, as others import them, each with a digest, or why it could not be."""
        asked = {file.path for file in project.files} | {one.path for one in project.unread}
        read = [file for file in ignored if file.path in asked]
        self._reader.read_digests(read)
        return tuple((file.path, self._reader.digest(file)) for file in read)

    def is_fresh(self, project: Project, imported: Iterable[tuple[str, bytes]]) -> bool:
        """Whether ignored files are what they were."""
        files = {file.path: file for file in project.ignored}
        self._reader.read_digests([files[path] for path, _ in imported if path in files])
        return all(path in files and self._reader.digest(files[path]) == digest for path, digest in imported)

    def _named(self, kind: str, state: bytes) -> bytes:
        return self._reader.cache.key(kind, state)

    def _shape(self, project: Project) -> bytes:
        """Return a digest of all that a report rests on but the contents of files."""
        settings = replace(self._reader.settings, jobs=0, cache=None)
        parts = settings, project.roots, project.tsconfigs, project.packages, project.problems, project.links
        ignored = [file.path for file in project.ignored]
        files = (f"{file.path}\0{file.role}\0{file.language}" for file in project.files)
        return _digest((repr((*parts, project.unread, ignored)), *files))

    def _same(self, project: Project, kept: Kept) -> _Same | None:
        """Return what is otherwise by now where the files that changed say what they said; else None."""
        settings = self._reader.settings
        if settings.columns or not settings.prefilter:
            return None  # words of all files were looked at, or what matters cannot be told from what was parsed
        was, parsed = dict(kept.contents), dict(kept.parsed)
        changed = [file for file in project.files if self._reader.digest(file) != was.get(file.path)]
        if len(changed) > _MOST:
            return None
        lines, found = kept.report.lines, []
        for file in changed:
            same = self._same_file(file, was.get(file.path), parsed.get(file.path), kept)
            if same is None:
                return None
            lines += same[0]
            if same[1]:
                found.append((file.path, same[1]))
        if found and not may_shift(frozenset(path for path, _ in found), kept.report):
            return None
        return lines, tuple(found)

    def _same_file(
        self, file: SourceFile, was: bytes | None, foreign: tuple[str, ...] | None, kept: Kept
    ) -> tuple[int, Shifts] | None:
        """Return how many lines longer a file is that says what it said, and what stands on other lines; else None."""
        from analyzer.model import Surface

        before = self._reader.kept("surface", Surface, file, was) if was is not None else None
        [now] = self._reader.surfaces([file])
        if was is None or before is None or not isinstance(now, Surface):
            return None
        found: Shifts | None = ()
        if foreign is not None:
            found = self._shifts(file, was, foreign, (before, now)) if counts_as(now, before, kept.called) else None
        elif not answers_as(now, before, file.path, kept) or self._mentions(file, now, kept):
            return None
        elif file.path in kept.held:
            found = self._held_shifts(file, was, kept)
        more = now.lines - before.lines if now.unfit is None else 0
        return (more, found) if found is not None else None

    def _shifts(
        self, file: SourceFile, was: bytes, foreign: tuple[str, ...], surfaces: tuple[Surface, Surface]
    ) -> Shifts | None:
        """Return what of the facts and the surface of a file stands on other lines, where they are what they were; else None."""
        from analyzer.app.line_shifts import normalised, shifts
        from analyzer.model import FileFacts

        before, now = (replace(one, texts=(), keys=(), given=(), traits=(), lines=0) for one in surfaces)
        facts = self._reader.kept(facts_kind(foreign), FileFacts, file, was)
        if facts is None or shifts(before, now) is None:
            return None
        fresh = self._reader.facts([file], {file.path: frozenset(foreign)})[file.path]
        if before == now and repr(fresh) == repr(facts):  # as 1 equals True
            return ()
        return shifts((before, normalised(facts)), (now, normalised(fresh)))

    def _held_shifts(self, file: SourceFile, was: bytes, kept: Kept) -> Shifts | None:
        """Return what of the names of tables that a file holds as strings stands on other lines, where they are what they were; else None."""
        from analyzer.app.line_shifts import normalised, shifts
        from analyzer.model import FileFacts

        facts = self._reader.kept(bare_kind(kept.called), FileFacts, file, was)
        if facts is None:
            return None
        return shifts(normalised(facts), normalised(self._reader.bare([file], kept.called)[file.path]))

    def _mentions(self, file: SourceFile, now: Surface, kept: Kept) -> bool:
        """Whether the SQL of a file names what was looked for."""
        return "sql" in now.traits and any(self._reader.mentioning([file], sought) for sought in kept.sought)


def counts_as(now: Surface, before: Surface, called: Spellings) -> bool:
    """Whether a file whose facts count does so still, and says the same of what others mount, or may open."""
    traits = set(now.traits) - {"sql"} == set(before.traits) - {"sql"} and (
        "sql" in now.traits or "sql" not in before.traits
    )
    asks = now.asks_any(called) or not before.asks_any(called)
    return traits and asks and (now.holds_any(called) or not before.holds_any(called))


def answers_as(now: Surface, before: Surface, path: str, kept: Kept) -> bool:
    """Whether all that was asked of a file whose facts do not count is answered as before; what is in its SQL and strings aside."""
    told = any(problem.file == path for problem in kept.report.problems)  # an import that leads nowhere, with its line
    asked = next((names for one, names in kept.asked if one == path), ())
    return (
        now.unfit == before.unfit
        and now.paths == before.paths
        and _imports(now, told) == _imports(before, told)
        and set(now.traits) - {"sql"} == set(before.traits) - {"sql"}
        and _exported(now, asked) == _exported(before, asked)
        and not now.asks_any(kept.called)
        and now.holds_any(kept.called) == (path in kept.held)
    )


def may_shift(paths: frozenset[str], report: Report) -> bool:
    """Whether tables have nothing of where something stands in some files.

    Not so where one is declared there, or made by a call there (its id says where), or in a file that a declaring one takes something from: a
    column or an index may be made there. What is taken without an import, as in Nuxt, is not known here.
    """
    tables = [one.table for one in report.verdicts]
    declaring = {table.file for table in tables}
    made = {column.made[0] for table in tables for column in table.columns if column.made is not None}
    imports = {file.path: file.imports for file in report.files}
    called = any(f"{path}:" in table.id for table in tables for path in paths)
    if called or not made.isdisjoint(paths) or any(map(AUTO_IMPORTING.search, imports)):
        return False
    queue = sorted(declaring)
    while queue:
        for target in imports.get(queue.pop(), ()):
            if target not in declaring:
                declaring.add(target)
                queue.append(target)
    return declaring.isdisjoint(paths)


def _exported(surface: Surface, asked: tuple[str, ...]) -> list[bool] | None:
    """Return whether a file exports what it was asked for, each by its name; None where that cannot be told."""
    return [name in surface.exports for name in asked] if surface.exports is not None else None


def _imports(surface: Surface, told: bool) -> list[Specifier]:
    """Return what a file imports, with the lines where they are told."""
    return [one if told else replace(one, line=0) for one in surface.specifiers]


def _digest(parts: Iterable[str | bytes]) -> bytes:
    return digest(b"".join(_framed(parts)))


def _framed(parts: Iterable[str | bytes]) -> Iterator[bytes]:
    for part in parts:
        data = part.encode("utf8", "surrogatepass") if isinstance(part, str) else part
        yield len(data).to_bytes(8, "little")
        yield data
