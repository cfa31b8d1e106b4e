"""Which files can matter at all: those that can reach a table, and what must be read to understand them.

A file can only use a table if it takes it from a module that gives it (whatever that is called there, and through however many
others), or names it: by a key of `query`, by a symbol given to a query's method, or in SQL by its physical name. So a project is
read outward from the files that import Drizzle, until nothing more is reached. The rest need not be parsed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from analyzer.link.autos import Autos, autos
from analyzer.link.carriers import Carriers
from analyzer.link.casing import casings
from analyzer.link.configurations import CONFIG
from analyzer.link.evaluate import Evaluator
from analyzer.link.files import STAR
from analyzer.link.frameworks import SVELTE, aliases
from analyzer.link.ghosts import Ghosts
from analyzer.link.library import OPERATORS, PACKAGES
from analyzer.link.naming import asking, holding, likely, spellings
from analyzer.link.relevance import Relevance
from analyzer.link.tables import Tables, declare
from analyzer.link.through import Through
from analyzer.link.values import TableRef, Union
from analyzer.link.world import Unit
from analyzer.model import AUTO_IMPORTING, NOWHERE, Elsewhere, Sought, Spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from analyzer.link.files import Files
    from analyzer.model import FileFacts, SourceFile, Table

    Asked = tuple[list[SourceFile], Mapping[str, frozenset[str]]]

_ALWAYS = {"finds", "loads", "indexes", "opens", "names"}


class World(Struct, frozen=True):
    """What was read of a project: its files, the evaluator that knows the facts of some, the tables, and which files matter."""

    files: Files
    evaluator: Evaluator
    declared: Tables
    tables: tuple[Table, ...]
    through: Through
    matters: set[str]
    elsewhere: tuple[Table, ...] = ()

    @property
    def named(self) -> tuple[Table, ...]:
        """The tables that a name may mean: those declared here, and those that others declare."""
        return (*self.tables, *self.elsewhere)

    def is_stale(self, loaded: Iterable[str]) -> bool:
        """Whether a file that was loaded on the way exports what may be a table: it was taken for nothing before."""
        carriers = Carriers(self.evaluator)
        return any(carriers.any_of(path, None) for path in sorted(loaded))


class Reading(Protocol):
    """Who reads files."""

    def facts(self, files: list[SourceFile], foreign: Mapping[str, frozenset[str]]) -> Mapping[str, FileFacts]:
        """Return the facts of files by path; `foreign` says which modules are foreign to each."""

    def bare(self, files: list[SourceFile], tables: Spellings) -> Mapping[str, FileFacts]:
        """Return, by path, what files say that hold the name of a table as a string."""

    def mentioning(self, files: list[SourceFile], sought: Sought) -> Iterable[str]:
        """Return the paths of the files whose SQL may name what is sought."""

    def begin(self, likely: Callable[[], Asked]) -> None:
        """Begin with facts that will probably be asked for, if that is of use."""


class Reach:
    """Reads a project outward.

    With `everything` all files are read at once; what follows from their facts must be the same.
    """

    def __init__(
        self, files: Files, reader: Reading, *, everything: bool = False, elsewhere: Elsewhere = NOWHERE
    ) -> None:
        self._files, self._by, self._elsewhere = files, reader, elsewhere
        self._facts: dict[str, FileFacts] = {}
        self._matters: set[str] = set()
        self._relevance: Relevance | None = None
        self._opens = any("opens" in surface.traits for surface in files.surfaces.values())
        self._searched: set[Sought] = set()
        self.called = Spellings()
        self._auto = auto = any(AUTO_IMPORTING.search(path) for path in files.by_path)
        if everything or auto:
            self._read(files.by_path)
        self._matters = set(files.by_path) if auto else _with_barrels(set(_first(files)), files)
        self._read(self._matters)
        for folder, paths in list(aliases(self._reader, files.project)):
            files.add_aliases(folder, paths)

    def world(self) -> World:
        """Read on until nothing more is reached.

        What was found while less was known is not kept, unless nothing that was known names a file that is new: it may
        have been taken for nothing then.
        """
        self._read(self._matters)
        self._by.begin(lambda: self._asked(likely(self._files, self._facts.values()) - self._facts.keys()))
        self._outward(set(self._matters))
        known = set(self._matters)
        world, fresh = self._world(), known
        while True:
            called = spellings(_symbols(world), _keys(world), world.named, world.through.named)
            self.called = self.called.and_(called)
            more = _next(world, fresh, called)
            if (sought := _sought(world)) not in self._searched:
                self._searched.add(sought)
                more |= set(self._by.mentioning(_suspects(world, more), sought))
            more = _with_barrels(more, self._files) - known
            loaded = self._matters - known
            if not more and not world.is_stale(loaded):
                return world
            self._matters |= more
            self._read(self._matters)
            fresh, known = self._matters - known, set(self._matters)
            if world.is_stale(loaded) or not self._extended(world, fresh - loaded):
                self._outward(fresh)
                known = set(self._matters)
                world, fresh = self._world(), known

    def bare(self) -> dict[str, Unit]:
        """Return the files that matter for nothing but a string that is the name of a table, with what they say, by path."""
        paths = [path for path in holding(self._files, self.called) if path not in self._matters]
        found = self._by.bare([self._files.by_path[path] for path in paths], Spellings(names=self.called.names))
        return {path: self._unit(path, found) for path in paths}

    def _outward(self, fresh: set[str]) -> None:
        """Read on from fresh files by imports alone, before all is asked of them."""
        while fresh:
            known = set(self._matters)
            found = _importing(self._evaluator(), self._files, fresh, known)
            self._matters |= _with_barrels(found, self._files)
            self._read(self._matters)
            fresh = self._matters - known

    def _extended(self, world: World, fresh: set[str]) -> bool:
        """Take up files that declare nothing, and give nothing that was asked for and can be a table; False where they are others."""
        evaluator = world.evaluator
        asked = fresh & (evaluator.touched | evaluator.relevance.awaits)
        before = len(evaluator.declared), len(evaluator.clients)
        evaluator.take(self._unit(path, self._facts) for path in sorted(fresh))
        declare(evaluator, fresh)
        carriers = Carriers(evaluator)
        strange = before != (len(evaluator.declared), len(evaluator.clients))
        return not strange and not any(carriers.any_of(path, None) for path in sorted(asked))

    def _reader(self) -> Evaluator:
        """Return an evaluator for the configurations of frameworks."""
        return Evaluator(self._units(), self._files.modules, Autos(), None, self._load, self._files.exporter)

    def _read(self, paths: Iterable[str]) -> None:
        self._facts.update(self._by.facts(*self._asked(set(paths) - self._facts.keys())))

    def _asked(self, wanted: set[str]) -> Asked:
        """Return what is to be said of files to have their facts."""
        files = [file for path, file in self._files.by_path.items() if path in wanted]
        return files, {} if self._auto else {path: self._files.foreign(path) for path in wanted}

    def _load(self, path: str) -> Unit | None:
        """Return a file that did not seem to matter, and does."""
        self._read([path])
        self._matters.add(path)
        return self._unit(path, self._facts)

    def _unit(self, path: str, facts: Mapping[str, FileFacts]) -> Unit:
        return Unit(path, self._files.roles[path], self._files.by_path[path].language, facts[path])

    def _units(self) -> dict[str, Unit]:
        return {path: self._unit(path, self._facts) for path in self._files.by_path if path in self._facts}

    def _evaluator(self) -> Evaluator:
        units, files = self._units(), self._files
        known = autos(units, self._reader)
        if self._relevance is None:
            self._relevance = Relevance(units, files.modules, known)
        self._relevance.read(units)
        return Evaluator(
            units, files.modules, known, self._relevance, self._load, files.exporter, opens_clients=self._opens
        )

    def _world(self) -> World:
        evaluator, files = self._evaluator(), self._files
        units = evaluator.units
        declare(evaluator)
        declared = Tables(evaluator, casings(evaluator))
        tables = declared.all()
        elsewhere = self._elsewhere
        through = Through(tables, units, files.modules, len(files.project.roots), elsewhere.routines)
        return World(files, evaluator, declared, tables, through, self._matters, elsewhere.tables)


def _first(files: Files) -> Iterator[str]:
    """Yield the files that matter by themselves: they import Drizzle, or say something that may name any table."""
    for path, file in files.by_path.items():
        surface = files.surfaces[path]
        if (
            file.language == "sql"
            or surface.unfit is not None
            or not _ALWAYS.isdisjoint(surface.traits)
            or (CONFIG.search(path) and "drizzle" in path)
            or SVELTE.search(path)
            or any(
                PACKAGES.search(one.source)
                and (one.names is None or not OPERATORS.issuperset(one.names))
                and target is None
                for one, target in files.named[path]
            )
        ):
            yield path


def _with_barrels(paths: set[str], files: Files) -> set[str]:
    """Return files with those that export all of them again."""
    found, queue = set(paths), list(paths)
    while queue:
        for importer, taken in files.importers.get(queue.pop(), ()):
            if taken == STAR and importer not in found:
                found.add(importer)
                queue.append(importer)
    return found


def _next(world: World, fresh: set[str], called: Spellings) -> set[str]:
    """Return the files that take something from fresh ones that can be a table, or name a table."""
    files, known = world.files, world.matters
    found = _importing(world.evaluator, files, fresh, known)
    found.update(path for path in asking(files, called) if path not in known)
    found.update(path for path, taken in files.missing if taken != ())
    return found


def _importing(evaluator: Evaluator, files: Files, fresh: set[str], known: set[str]) -> set[str]:
    """Return the files that take something from fresh ones that can be a table."""
    carriers = Carriers(evaluator)
    found: set[str] = set()
    for path in sorted(fresh):
        for importer, taken in files.importers.get(path, ()):
            if importer not in known and importer not in found:
                mounted = "mounts" in files.surfaces[importer].traits
                strange = any(files.exporter(path, name) is None for name in taken or () if name != "*")
                if mounted or strange or carriers.any_of(path, taken):
                    found.add(importer)
    return found


def _symbols(world: World) -> set[str]:
    """Return what tables are called in code, also where they are exported by another name."""
    symbols = {table.symbol for table in world.named}
    for unit in world.evaluator.units.values():
        symbols |= {fact.exported for fact in unit.facts.exports if fact.local in symbols}
    return symbols


def _keys(world: World) -> set[str]:
    records = (world.evaluator.record(client.schema) for client in world.evaluator.clients)
    return _symbols(world) | {
        key
        for record in records
        for key, value in (record.entries.items() if record else ())
        if isinstance(value, TableRef | Union)
    }


def _sought(world: World) -> Sought:
    """Return what is to be looked for in SQL: names of tables and routines, and what ours begin with."""
    names = {table.name.lower() for table in world.named if table.name and table.kind != "enum"}
    ghosts = Ghosts(world.tables, world.evaluator.declared.values(), ())
    return Sought(frozenset(names | set(world.through.named)), ghosts.beginnings)


def _suspects(world: World, known: set[str]) -> list[SourceFile]:
    files = world.files
    return [
        file
        for path, file in files.by_path.items()
        if path not in world.matters and path not in known and "sql" in files.surfaces[path].traits
    ]
