"""The rules: what is a finding, and how grave it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

Severity: TypeAlias = OneOf["error", "warning"]


@dataclass(frozen=True)
class Rule:
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
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Finding:
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
