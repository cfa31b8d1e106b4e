"""One reference while it is being read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from analyzer.model import Action, Certainty, Usage

if TYPE_CHECKING:
    from analyzer.link.surroundings import Surroundings
    from analyzer.link.world import Unit
    from analyzer.model import Reference, Site


class Mention(Struct, frozen=True):
    """One reference while it is being read: where it stands, and how sure what it leads to is."""

    unit: Unit
    reference: Reference
    around: Surroundings
    site: Site
    certainty: Certainty = "proven"
    enumerated: bool = False

    def usage(
        self, table: str, column: str | None, action: Action, evidence: str, certainty: Certainty | None = None
    ) -> Usage:
        """Return a usage at this place."""
        by, unit = self.reference.by, self.unit
        return Usage(table, column, action, certainty or self.certainty, unit.role, by, unit.path, self.site, evidence)
