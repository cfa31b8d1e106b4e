"""Many repositories on shared databases: what each says, and one verdict for each physical table."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

from msgspec import Struct

from analyzer.model.schema import Dialect, Kind
from analyzer.model.usage import NO_WAYS, NOWHERE, UNUSED, Elsewhere, Status, Ways

State: TypeAlias = OneOf["read", "failed"]


class Repository(Struct, frozen=True):
    """One repository of a fleet: its folder on disk, its database, what the names of its own tables begin with, and where it is cloned from."""

    name: str
    folder: str
    database: str = "main"
    prefixes: tuple[str, ...] = ()
    url: str | None = None


class Use(Struct, frozen=True):
    """What one repository does with a table that may be declared elsewhere; `table` is a key (see `Owned`)."""

    table: str
    status: Status
    reason: str
    crud: str
    places: int


class Owned(Struct, frozen=True):
    """A table as one repository declares it, with what that repository does with it.

    `key` names the physical table within its database: dialect, schema and name; where the name is not known, the
    repository and the declaration's place instead.
    """

    key: str
    dialect: Dialect
    kind: Kind
    schema: str | None
    name: str | None
    pattern: str | None
    symbol: str
    file: str
    line: int
    use: Use


class Survey(Struct, frozen=True):
    """What one repository says: tables that it declares, uses of tables that others declare, what leads to tables (by key).

    `packages` are the names of its packages, `asked` those of packages that it imports and does not hold.
    """

    tables: tuple[Owned, ...] = ()
    uses: tuple[Use, ...] = ()
    ways: Ways = NO_WAYS
    packages: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    files: int = 0
    lines: int = 0
    problems: int = 0


class Task(Struct, frozen=True):
    """What a worker is asked of one repository.

    `roots` are the names and folders of itself, and of the repositories whose packages it imports; `known` is the state that
    an answer is known for, with the digests of ignored files that it rests on.
    """

    roots: tuple[tuple[str, str], ...]
    elsewhere: Elsewhere = NOWHERE
    known: bytes | None = None
    imported: tuple[tuple[str, bytes], ...] = ()


class Answer(Struct, frozen=True):
    """What a worker says: a survey and the state of the contents that it rests on, that nothing changed, or why it failed."""

    version: str
    state: bytes = b""
    imported: tuple[tuple[str, bytes], ...] = ()
    survey: Survey | None = None
    failure: str | None = None


class RepositoryReport(Struct, frozen=True):
    """One repository in a report; `reason` says why it failed."""

    repository: Repository
    state: State
    tables: int = 0
    files: int = 0
    lines: int = 0
    problems: int = 0
    reason: str | None = None


class FleetTable(Struct, frozen=True):
    """One physical table over all repositories: who declares it, who owns it and by what, and who does what with it.

    `uses` maps repositories, by name in the fleet's order, to what they do.
    """

    database: str
    key: str
    dialect: Dialect
    kind: Kind
    schema: str | None
    name: str | None
    pattern: str | None
    status: Status
    reason: str
    owner: str | None
    owned_by: OneOf["prefix", "declaration"] | None
    declared: tuple[tuple[str, str, int, str], ...]
    uses: tuple[tuple[str, Use], ...]

    @property
    def readers(self) -> tuple[str, ...]:
        """The repositories that read it."""
        return tuple(name for name, use in self.uses if "R" in use.crud)

    @property
    def writers(self) -> tuple[str, ...]:
        """The repositories that write it."""
        return tuple(name for name, use in self.uses if set("CUD") & set(use.crud))

    @property
    def users(self) -> tuple[str, ...]:
        """The repositories that use it in production code, whatever they do."""
        return tuple(name for name, use in self.uses if use.status == "used")


class FleetReport(Struct, frozen=True):
    """The outcome of one run over a fleet; tables are sorted by database and name."""

    repositories: tuple[RepositoryReport, ...]
    tables: tuple[FleetTable, ...]
    version: str

    @property
    def unused(self) -> tuple[FleetTable, ...]:
        """The tables that no repository uses."""
        return tuple(one for one in self.tables if one.status in UNUSED)

    @property
    def failed(self) -> tuple[RepositoryReport, ...]:
        """The repositories that could not be read."""
        return tuple(one for one in self.repositories if one.state == "failed")
