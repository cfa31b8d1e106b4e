"""What two sources say differently."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

from msgspec import Struct

from analyzer.model.physical import Location, ObjectKind, PhysicalSchema
from analyzer.model.rules import RULES, Severity

DifferenceKind: TypeAlias = OneOf["missing", "unexpected", "changed", "duplicate"]
KINDS: tuple[DifferenceKind, ...] = ("missing", "unexpected", "changed", "duplicate")


class Difference(Struct, frozen=True):
    """One difference: `expected` is what the left side says, `actual` what `source` says.

    `name` is that of a constraint, index or enum; `right` who of several the code agrees with; `breaks` what goes wrong
    because of it; `mend` the statements that would make `source` as expected: for a person to read and run. `cause` is the
    key of another difference that explains this one. `found` is what the source calls a constraint of another name,
    `renamed` the column of the source that this missing one seems to be.
    """

    rule: str
    kind: DifferenceKind
    object: ObjectKind
    schema: str | None
    table: str | None
    column: str | None
    attribute: str | None
    expected: str | None
    actual: str | None
    source: str
    name: str | None = None
    note: str | None = None
    place: Location | None = None
    breaks: tuple[str, ...] = ()
    mend: tuple[str, ...] = ()
    right: str | None = None
    cause: tuple[str, ...] | None = None
    found: str | None = None
    renamed: str | None = None

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return next(rule.severity for rule in RULES if rule.id == self.rule)

    @property
    def key(self) -> tuple[str, ...]:
        """What makes the differences of several sources the same: all but the value found, and where."""
        parts = (self.object, self.schema, self.table, self.column, self.attribute, self.name, self.kind)
        return tuple(part or "" for part in parts)

    @property
    def subject(self) -> str:
        """What it is about, qualified: a schema, or a table or view, or an enum."""
        return ".".join(part for part in (self.schema, self.table) if part) or self.name or ""


class Filters(Struct, frozen=True):
    """Which tables are meant: globs of names, with or without their schema.

    `tables` and `schemas` are those of drizzle.config, and say what drizzle-kit looks at: what lies beside them is not
    unexpected. A leading `!` takes away.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    schemas: tuple[str, ...] = ()


class Drift(Struct, frozen=True):
    """The left side, the sources beside it, and every difference: sorted by table, then by source as given.

    `undecided` are differences that may be there, by source and key: a statement that would tell could not be run or read.
    """

    expected: PhysicalSchema
    actual: tuple[PhysicalSchema, ...]
    differences: tuple[Difference, ...]
    undecided: tuple[tuple[str, tuple[str, ...]], ...] = ()
