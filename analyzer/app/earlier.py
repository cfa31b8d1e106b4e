"""The report of an earlier run is taken as it was, where nothing that it rests on is another by now.

That is so where no content changed, and also where one changed that says the same: an edit of code that has to do with no table, of
a comment, of the layout. What stands on other lines by then is moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from analyzer.app.reading import bare_kind, facts_kind
from analyzer.engine import digest
from analyzer.model import Kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analyzer.app import Code
    from analyzer.app.moved import Moves
    from analyzer.app.reading import Reader
    from analyzer.model import Project, Report, SourceFile, Specifier, Spellings, Surface

    _Same: TypeAlias = tuple[int, tuple[tuple[str, Moves], ...]]  # the lines of all, and what moved, by file

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
        lines, moves = same
        report = replace(kept.report, lines=lines)
        for path, how in moves:
            from analyzer.app.moved import moved

            report = moved(report, path, how)
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
        lines, moves = kept.report.lines, []
        for file in changed:
            found = self._same_file(file, was.get(file.path), parsed.get(file.path), kept)
            if found is None:
                return None
            lines += found[0]
            if found[1]:
                moves.append((file.path, found[1]))
        if moves and not may_move(frozenset(path for path, _ in moves), kept.report):
            return None
        return lines, tuple(moves)

    def _same_file(
        self, file: SourceFile, was: bytes | None, foreign: tuple[str, ...] | None, kept: Kept
    ) -> tuple[int, Moves] | None:
        """Return how many lines longer a file is that says what it said, and what stands on other lines; else None."""
        from analyzer.model import Surface

        before = self._reader.kept("surface", Surface, file, was) if was is not None else None
        [now] = self._reader.surfaces([file])
        if was is None or before is None or not isinstance(now, Surface):
            return None
        moves: Moves | None = ()
        if foreign is not None:
            moves = self._moves(file, was, foreign, (before, now)) if counts_as(now, before, kept.called) else None
        elif not answers_as(now, before, file.path, kept) or self._mentions(file, now, kept):
            return None
        elif file.path in kept.held:
            moves = self._held_moves(file, was, kept)
        more = now.lines - before.lines if now.unfit is None else 0
        return (more, moves) if moves is not None else None

    def _moves(
        self, file: SourceFile, was: bytes, foreign: tuple[str, ...], surfaces: tuple[Surface, Surface]
    ) -> Moves | None:
        """Return what of the facts and the surface of a file stands on other lines, where they are what they were; else None."""
        from analyzer.app.moved import by_places, moves
        from analyzer.model import FileFacts

        before, now = (replace(one, texts=(), keys=(), given=(), traits=(), lines=0) for one in surfaces)
        facts = self._reader.kept(facts_kind(foreign), FileFacts, file, was)
        if facts is None or moves(before, now) is None:
            return None
        fresh = self._reader.facts([file], {file.path: frozenset(foreign)})[file.path]
        return moves((before, by_places(facts)), (now, by_places(fresh)))

    def _held_moves(self, file: SourceFile, was: bytes, kept: Kept) -> Moves | None:
        """Return what of the names of tables that a file holds as strings stands on other lines, where they are what they were; else None."""
        from analyzer.app.moved import by_places, moves
        from analyzer.model import FileFacts

        facts = self._reader.kept(bare_kind(kept.called), FileFacts, file, was)
        if facts is None:
            return None
        return moves(by_places(facts), by_places(self._reader.bare([file], kept.called)[file.path]))

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


def may_move(paths: frozenset[str], report: Report) -> bool:
    """Whether no table may be declared on lines of some files: not by them, nor by what they give to files that declare tables."""
    declaring = {one.table.file for one in report.verdicts}
    if any(f"<{path}:" in one.table.id for one in report.verdicts for path in paths):
        return False  # the id of a table says who made it, and where
    imports = {file.path: file.imports for file in report.files}
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
