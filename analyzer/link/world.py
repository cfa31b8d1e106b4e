"""The facts of every file, indexed for look-ups by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analyzer.model import Binding, ExportFact, FileFacts, ImportFact, Language, Role


@dataclass(frozen=True)
class Unit:
    """One file: its path, role and facts."""

    path: str
    role: Role
    language: Language
    facts: FileFacts

    @cached_property
    def bindings(self) -> Mapping[str, Binding]:
        """Bindings by id."""
        return {binding.id: binding for binding in self.facts.bindings}

    @cached_property
    def meant(self) -> Mapping[str, Binding]:
        """What each name means: a binding, or else a type of that name."""
        types = {id.removeprefix("type:"): binding for id, binding in self.bindings.items() if id.startswith("type:")}
        return {**types, **self.bindings}

    @cached_property
    def imports(self) -> Mapping[str, ImportFact]:
        """Imports by the name bound here."""
        return {fact.local: fact for fact in self.facts.imports}

    @cached_property
    def exports(self) -> Mapping[str, ExportFact]:
        """Exports of values by name; stars left out."""
        return {fact.exported: fact for fact in self.facts.exports if fact.exported != "*" and not _is_type(fact)}

    @cached_property
    def types(self) -> Mapping[str, ExportFact]:
        """Exported types by name."""
        return {fact.exported: fact for fact in self.facts.exports if _is_type(fact)}

    @cached_property
    def stars(self) -> tuple[ExportFact, ...]:
        """`export * from` statements, in order."""
        return tuple(fact for fact in self.facts.exports if fact.exported == "*")


def _is_type(fact: ExportFact) -> bool:
    return fact.local.startswith("type:")
