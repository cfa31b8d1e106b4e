"""What the text of one file says, without asking any other file. Facts hold no path."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

from msgspec import Struct

from analyzer.model.expressions import Call, Expression
from analyzer.model.sites import Site

PlaceKind: TypeAlias = OneOf[
    "argument",  # of a call; `callee` and `index` say which
    "property",  # value of an object's key `name`
    "spread",
    "element",  # of an array
    "substitution",  # ${…} in a template; `callee` is its tag, if any
    "type",
    "initializer",  # value of the binding `name`
    "assigned",  # right side of an assignment to `name`
    "returned",
    "field",  # value of the class field `name`
    "function",
    "method",
    "class",
    "body",
    "exported",  # in an export list or `export default`
]


NAMING = frozenset(
    """
    from into table identifier insertInto selectFrom updateTable deleteFrom innerJoin leftJoin rightJoin fullJoin mergeInto replaceInto
    crossJoin leftOuterJoin rightOuterJoin fullOuterJoin batchInsert
    """.split()  # noqa: SIM905
)  # methods of clients that are given the physical name of a table
BUILDERS = ("knex", "trx")  # query builders, by what they are called, and what may be one
PERHAPS_BUILDERS = ("db", "tx", "database", "conn", "qb")


class Callee(Struct, frozen=True):
    """What is called, as a dotted path: `db.select().from` is root `db`, path `("select", "()", "from")`."""

    root: str | None
    path: tuple[str, ...]

    @property
    def last(self) -> str:
        """The method's name, or the function's."""
        return self.path[-1] if self.path else (self.root or "").partition("@")[0]

    @property
    def is_method(self) -> bool:
        """Whether it is called on something."""
        return bool(self.path)

    @property
    def is_builder(self) -> bool:
        """Whether it is called like a query builder that is given a table itself: `knex("users")`."""
        return self.last in BUILDERS

    @property
    def may_be_builder(self) -> bool:
        """Whether it may be one, if it is given the very name of a table: `db("users")`, but not a database of another store.

        >>> [Callee(root, path).may_be_builder for root, path in [("trx@7", ()), ("db", ()), ("mongo", ("db",))]]
        [True, True, False]
        """
        joins = self.last == "join" and "()" in self.path  # `db("users").join("teams", …)`
        names = {*self.path, (self.root or "").partition("@")[0]} if joins else {self.last}
        return self.is_builder or (
            (joins or not self.is_method) and not names.isdisjoint((*BUILDERS, *PERHAPS_BUILDERS))
        )


class Place(Struct, frozen=True):
    """Where in its surroundings an expression stands; `parent` is the index of the next place outward, -1 for none."""

    kind: PlaceKind
    name: str = ""
    index: int = 0
    callee: Callee | None = None
    parent: int = -1
    literal: str | None = None


class ImportFact(Struct, frozen=True):
    """A local name bound by an import; `exported` is `*` for a namespace, `default`, or the name."""

    local: str
    source: str
    exported: str
    type_only: bool
    site: Site


class ExportFact(Struct, frozen=True):
    """A name that this file exports: a local binding, or a name of another module.

    `exported` is `*` with `source` for `export * from`; `local` is `*` for `export * as ns from`.
    """

    exported: str
    local: str
    source: str | None
    type_only: bool
    site: Site


class Specifier(Struct, frozen=True):
    """A module named anywhere in the file; `names` are the exports that are taken from it.

    None says any of them; `*` that all are exported again, by `export * from`.
    """

    source: str
    type_only: bool
    line: int
    names: tuple[str, ...] | None = None


class ComputedImport(Struct, frozen=True):
    """A module path that is put together at run time, with `*` for what is not known."""

    pattern: str
    site: Site


class Binding(Struct, frozen=True):
    """A name and what it stands for; module-level ids are the name itself, others are `name@offset`, types `type:name`."""

    id: str
    kind: OneOf["const", "variable", "function", "class", "enum", "parameter", "hidden", "type"]
    value: Expression | None
    line: int
    end_line: int
    annotation: Expression | None = None


class Chained(Struct, frozen=True):
    """A call on the same chain as the one that is given a table: `.values(row)`; `value` is None when it is given nothing."""

    method: str
    value: Expression | None


class Reference(Struct, frozen=True):
    """One mention of a binding, with the members read from it: `schema.users.id` is `("users", "id")`.

    A member that is computed at run time is written `[]`; `by` is the enclosing thing that a person would name;
    `sites` are the places of the members; `chained` tells how the query that is given it goes on: `insert(users).values(row)`.
    """

    id: str
    path: tuple[str, ...]
    place: int
    site: Site
    by: str
    index: Expression | None = None
    sites: tuple[Site, ...] = ()
    chained: tuple[Chained, ...] = ()


class RelationalQuery(Struct, frozen=True):
    """`table.findMany(config)`, where `table` is what is asked, as `db.query.users`; `site` is the place of its last name."""

    table: Expression
    config: Expression | None
    site: Site
    by: str


class AdapterCall(Struct, frozen=True):
    """A call of a name imported from a package that may ask for tables by itself; `by` is the thing around it."""

    call: Call
    by: str


class Text(Struct, frozen=True):
    """A string that may be SQL: literal parts, with the site of the first character of each.

    `tag` is the function that a template is handed to, `call` the one whose first argument the text is. `offset` is
    what a `substitution` place of the same template has as its name; `holes` are what stands between the parts. `summed` is a text that is
    put together by `+`: its line ends are no line ends of the file.
    """

    parts: tuple[str, ...]
    sites: tuple[Site, ...]
    tag: Callee | None
    call: Callee | None
    place: int
    by: str
    offset: int = 0
    holes: tuple[Expression, ...] = ()
    summed: bool = False


class Fault(Struct, frozen=True):
    """A place that could not be parsed."""

    site: Site
    reason: str


class Keep(Struct, frozen=True):
    """A comment `// tabletrace: keep — reason`, and the line it speaks of."""

    line: int
    reason: str


class FileFacts(Struct, frozen=True):
    """Everything that the rest of the program may know of one file."""

    imports: tuple[ImportFact, ...] = ()
    exports: tuple[ExportFact, ...] = ()
    computed: tuple[ComputedImport, ...] = ()
    bindings: tuple[Binding, ...] = ()
    references: tuple[Reference, ...] = ()
    places: tuple[Place, ...] = ()
    relational: tuple[RelationalQuery, ...] = ()
    texts: tuple[Text, ...] = ()
    adapters: tuple[AdapterCall, ...] = ()
    faults: tuple[Fault, ...] = ()
    keeps: tuple[Keep, ...] = ()
    words: tuple[str, ...] = ()
