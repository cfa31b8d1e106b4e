"""The rules: what is a finding, and how grave it is."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

from msgspec import Struct

Severity: TypeAlias = OneOf["error", "warning"]


class Rule(Struct, frozen=True):
    """A kind of finding. An `error` fails a run; a `warning` is shown."""

    id: str
    name: str
    severity: Severity
    says: str


RULES: tuple[Rule, ...] = (
    Rule("TT001", "orphaned-table", "error", "nothing refers to the table"),
    Rule("TT002", "schema-only-table", "error", "only relations, foreign keys, registration or derived schemas refer to the table"),
    Rule("TT003", "type-only-table", "error", "only types refer to the table"),
    Rule("TT004", "write-only-table", "warning", "code writes the table and never reads it"),
    Rule("TT005", "read-only-table", "warning", "code reads the table and never writes it"),
    Rule("TT006", "unused-column", "warning", "the column is named nowhere outside of declarations"),
    Rule("TT101", "ghost-table", "error", "SQL names a table under our prefix or schema that no declaration has"),
    Rule("TT102", "ghost-column", "error", "SQL names a column that the declaration of the table does not have"),
    Rule("TT103", "ghost-query-key", "error", "db.query is asked for a key that the client's schema does not have"),
    Rule("TT104", "ghost-import", "error", "a name is imported from a module of tables that does not export it"),
    Rule("TT201", "missing-table", "error", "a table is declared and the database does not have it"),
    Rule("TT202", "unexpected-table", "warning", "the database has a table or view that is not declared"),
    Rule("TT203", "duplicate-table", "error", "beside a declared table stands one whose name differs by a slip: no prefix, plural, case"),
    Rule("TT204", "missing-schema", "error", "a database schema is declared and the database does not have it"),
    Rule("TT205", "unexpected-schema", "warning", "the database has a schema that no declaration names"),
    Rule("TT206", "missing-column", "error", "a column is declared and the table does not have it"),
    Rule("TT207", "unexpected-column", "warning", "the table has a column that is not declared"),
    Rule("TT208", "required-column", "error", "the table has a column that is not declared, NOT NULL and without a default"),
    Rule("TT209", "column-type", "error", "a column has another type or length than declared"),
    Rule("TT210", "column-nullability", "error", "a column may be null on one side alone"),
    Rule("TT211", "column-default", "warning", "a column has another default than declared"),
    Rule("TT212", "column-generation", "error", "a column is generated, or an identity, on one side alone or in another way"),
    Rule("TT213", "primary-key", "error", "the primary keys differ"),
    Rule("TT214", "unique-constraint", "error", "columns are unique on one side alone"),
    Rule("TT215", "foreign-key", "error", "a foreign key is there on one side alone, or its rules differ"),
    Rule("TT216", "foreign-key-types", "error", "the two ends of a foreign key have different types"),
    Rule("TT217", "index", "warning", "an index is there on one side alone, or differs"),
    Rule("TT218", "check", "warning", "a check constraint is there on one side alone, or differs"),
    Rule("TT219", "enum", "error", "an enum is there on one side alone, or its values differ"),
    Rule("TT220", "view", "error", "a view is declared and the database does not have it, or has it in another kind"),
    Rule("TT221", "outside-configuration", "warning", "a table is declared in a file that drizzle.config does not name"),
)  # fmt: skip


class Finding(Struct, frozen=True, order=True):
    """One finding: what it is about, where, and why."""

    file: str
    line: int
    rule: str
    name: str
    message: str

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return next(rule.severity for rule in RULES if rule.id == self.rule)
