"""Names of tables that are only known at run time: which tables they may be, and whether it is the code's own database that is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.link.pieces import fitting, is_held
from analyzer.link.spoken import EXECUTING
from analyzer.link.values import Client, Library, Outside
from analyzer.model import OTHER_LANGUAGES, Callee, Table, Text, Unresolved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analyzer.link.evaluate import Evaluator
    from analyzer.link.through import Through
    from analyzer.link.world import Unit

_BY_NAME = ("@supabase/", "knex", "kysely")  # packages whose clients know tables by their names


class UnknownNames:
    """Notes the places that name a table which is only known at run time; `tables` are by name."""

    def __init__(self, tables: Mapping[str, tuple[Table, ...]], through: Through, evaluator: Evaluator) -> None:
        self._tables, self._through, self._evaluator = tables, through, evaluator
        self.found: list[Unresolved] = []

    def note(self, unit: Unit, text: Text, name: str, *, everything: bool, who: str = "raw SQL") -> None:
        """Note a table's name that is put together at run time, and the tables that it may mean by what is known of it.

        Where nothing is known it may mean any table of the database, if the statement is surely for the code's own, and
        does more than empty or define whatever it names.
        """
        fits, said = fitting(name)
        some = [table for key, owners in sorted(self._tables.items()) if fits.fullmatch(key) for table in owners]
        some = [table for table in some if table.role in {"production", unit.role}]
        near = [table for table in some if self._through.same_database(unit.path, table)]
        found = {table.id for table in (near or some)} if said or everything else set()
        reason = f"{who} names a table that is only known at run time"
        self.found.append(Unresolved(unit.path, text.sites[0], reason, unit.role, tuple(sorted(found))))

    def is_own(self, unit: Unit, text: Text) -> bool:
        """Whether a text is given to Drizzle, or to a client that the module has: its database is then the code's own.

        So is what another language asks: it is not known which client it has.
        """
        if unit.language in OTHER_LANGUAGES:
            return True
        place = unit.facts.places[text.place] if text.place >= 0 else None
        outer = (
            unit.facts.places[place.parent].callee if place and place.kind == "property" and place.parent >= 0 else None
        )
        callee = text.tag or text.call or outer  # of `query({ text: "…" })`
        if callee is None or callee.root is None:
            return False
        value = self._evaluator.binding(unit.path, callee.root)
        held = is_held(unit, callee.root)
        made = held and (text.tag is not None or (callee.is_method and callee.last in EXECUTING))
        return made or isinstance(value, Client) or (isinstance(value, Library) and value.source.startswith("drizzle-"))

    def is_client(self, unit: Unit, callee: Callee) -> bool:
        """Whether what is asked is a client of another package that knows tables by their names."""
        value = self._evaluator.sure(self._evaluator.binding(unit.path, callee.root)) if callee.root else None
        return isinstance(value, Outside) and value.source.startswith(_BY_NAME)
