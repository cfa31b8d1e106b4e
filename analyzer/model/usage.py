"""Where code touches a table, and what follows from that."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

from msgspec import Struct

from analyzer.model.rules import Finding
from analyzer.model.schema import Column, DrizzleConfig, Role, Table
from analyzer.model.sites import Site
from analyzer.model.sought import Sought, Spellings

Action: TypeAlias = OneOf[
    "read",
    "insert",
    "update",
    "delete",
    "sql",
    "pass",
    "derive",
    "type",
    "relation",
    "foreign-key",
    "register",
    "iterate",
]
Certainty: TypeAlias = OneOf["proven", "named", "possible"]
Status: TypeAlias = OneOf["kept", "used", "undetermined", "dev-only", "type-only", "schema-only", "orphaned"]

ACTIONS: tuple[Action, ...] = (
    "read",
    "insert",
    "update",
    "delete",
    "sql",
    "pass",
    "derive",
    "type",
    "relation",
    "foreign-key",
    "register",
    "iterate",
)
STATUSES: tuple[Status, ...] = ("orphaned", "schema-only", "type-only", "dev-only", "undetermined", "used", "kept")
UNUSED: tuple[Status, ...] = ("orphaned", "schema-only", "type-only")
TOUCHING: frozenset[Action] = frozenset({"read", "insert", "update", "delete", "sql", "pass", "derive"})
RULE_OF: dict[Status, str] = {"orphaned": "TT001", "schema-only": "TT002", "type-only": "TT003"}


class Usage(Struct, frozen=True):
    """One place where the code touches a table.

    `table` is the table's id, `column` a property of it or None, `statement` what a piece of SQL does where it parses,
    `evidence` how the place was recognised (`from`, `db.query`, `with`, `sql template`, `sql text`, …; for a column
    the clause it stands in: `where`, `select`, `set`, …), `whole_row` whether rows are read or written without saying
    which columns, `outside` whether the table is handed to code that is not of this code base.
    """

    table: str
    column: str | None
    action: Action
    certainty: Certainty
    role: Role
    by: str
    file: str
    site: Site
    evidence: str
    statement: Action | None = None
    whole_row: bool = False
    outside: bool = False

    @property
    def is_use(self) -> bool:
        """Whether this place does something with the table: for certain, and not only in DDL."""
        return self.action in TOUCHING and self.certainty != "possible" and self.evidence != "ddl"


class Unresolved(Struct, frozen=True):
    """A place in the code that could not be decided, why, and the tables that it may reach."""

    file: str
    site: Site
    reason: str
    role: Role
    tables: tuple[str, ...] = ()


class Ghost(Struct, frozen=True):
    """A name that code uses and nothing provides; `name` as it is used, `reason` what was looked for."""

    rule: str
    kind: OneOf["table", "column", "query", "import"]
    name: str
    file: str
    site: Site
    role: Role
    by: str
    reason: str


class Problem(Struct, frozen=True):
    """Something in the code base that could not be read as it stands; it costs only itself."""

    file: str
    line: int | None
    reason: str


class LinkedFile(Struct, frozen=True):
    """A file that was read: its role, the files it imports (types aside), and whether it is an entry point."""

    path: str
    role: Role
    imports: tuple[str, ...]
    entry: bool


class Elsewhere(Struct, frozen=True):
    """What other code bases say of databases that are shared: tables that they declare, and routines by name with the
    ids of the tables that each touches. The file of such a table is empty.
    """

    tables: tuple[Table, ...] = ()
    routines: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Ways(Struct, frozen=True):
    """What leads to tables that is no table: routines, as in `Elsewhere`; `leads` are views and tables with triggers, each
    with the id of a table reached and how; `prefixes` is what creators put before names.
    """

    routines: tuple[tuple[str, tuple[str, ...]], ...] = ()
    leads: tuple[tuple[str, str, str], ...] = ()
    prefixes: tuple[str, ...] = ()


NOWHERE = Elsewhere()
NO_WAYS = Ways()


class Linked(Struct, frozen=True):
    """The whole code base with its names resolved.

    `relations` are the stretches (file, first and last line) that declare relations, `joins` what they join: the id and
    property of one table, and those of another, `ways` what others need to know to see what a name leads to.
    """

    tables: tuple[Table, ...]
    usages: tuple[Usage, ...]
    unresolved: tuple[Unresolved, ...]
    ghosts: tuple[Ghost, ...]
    problems: tuple[Problem, ...]
    files: tuple[LinkedFile, ...]
    relations: tuple[tuple[str, int, int], ...] = ()
    configurations: tuple[DrizzleConfig, ...] = ()
    joins: tuple[tuple[str, str, str, str], ...] = ()
    ways: Ways = NO_WAYS


class Node(Struct, frozen=True):
    """A node of the usage graph. Kinds: file, procedure, table."""

    id: str
    kind: OneOf["file", "procedure", "table"]
    label: str
    file: str


class Edge(Struct, frozen=True):
    """An edge of the usage graph: a file `contains` a procedure; an action, or a `foreign-key`, leads to a table."""

    source: str
    target: str
    kind: str
    count: int = 1
    certain: bool = True


class UsageGraph(Struct, frozen=True):
    """Files, procedures and tables, and who touches what; nodes and edges are sorted."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


class ColumnVerdict(Struct, frozen=True):
    """What tabletrace says of one column; the counts are places, `whole_rows` those that name no column."""

    column: Column
    status: Status
    reason: str
    writes: int
    reads: int
    projections: int
    filters: int
    sql: int
    whole_rows: int


class Verdict(Struct, frozen=True):
    """What tabletrace says of one table, and because of what; `columns` only when they were asked for."""

    table: Table
    status: Status
    reason: str
    crud: str
    unreached: bool
    usages: tuple[Usage, ...]
    unresolved: tuple[Unresolved, ...]
    columns: tuple[ColumnVerdict, ...] = ()


class Report(Struct, frozen=True):
    """The outcome of one run; `verdicts` are in the schema's order, by file and line."""

    roots: tuple[str, ...]
    configurations: tuple[DrizzleConfig, ...]
    verdicts: tuple[Verdict, ...]
    unresolved: tuple[Unresolved, ...]
    ghosts: tuple[Ghost, ...]
    problems: tuple[Problem, ...]
    files: tuple[LinkedFile, ...]
    lines: int
    version: str
    findings: tuple[Finding, ...] = ()

    @property
    def judged(self) -> tuple[Verdict, ...]:
        """The verdicts that are findings or may be: of tables and views that live code declares."""
        return tuple(
            one for one in self.verdicts if one.table.kind != "enum" and one.table.role not in {"generated", "test"}
        )

    @property
    def unused(self) -> tuple[Verdict, ...]:
        """The verdicts of unused tables."""
        return tuple(one for one in self.judged if one.status in UNUSED)


class Kept(Struct, frozen=True):
    """A report that is kept for later runs, and what it rests on.

    `imported` are the ignored files that were read, `contents` all others, each with a digest; `parsed` are the files whose facts count,
    each with the modules that were foreign to it, and `held` those that count for the names of tables that they hold as strings. In the SQL of
    the rest was looked for what is `sought`, outside of it for what tables are `called`, and some files were `asked` for exports by name.
    """

    imported: tuple[tuple[str, bytes], ...]
    report: Report
    contents: tuple[tuple[str, bytes], ...] = ()
    parsed: tuple[tuple[str, tuple[str, ...]], ...] = ()
    held: tuple[str, ...] = ()
    sought: tuple[Sought, ...] = ()
    called: Spellings = Spellings()
    asked: tuple[tuple[str, tuple[str, ...]], ...] = ()
