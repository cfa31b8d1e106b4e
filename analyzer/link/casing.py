"""Which casing names the columns that have no name of their own.

Sources: https://orm.drizzle.team/docs/sql-schema-declaration#camel-and-snake-casing; drizzle.config's `casing` and
the client's are two settings, and only the client's holds at run time.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from analyzer.link.configurations import configured
from analyzer.link.contents import tables_in
from analyzer.link.values import Constant

if TYPE_CHECKING:
    from analyzer.link.evaluate import Evaluator


def casings(evaluator: Evaluator) -> dict[str, str | None]:
    """Return the casing of each table by id: that of a client that has it in its schema, else that of the nearest configuration."""
    found: dict[str, str | None] = {id: one.casing for id, one in evaluator.declared.items() if one.casing}
    for client in evaluator.clients:
        if client.casing:
            for id in tables_in(evaluator, client.schema):
                found.setdefault(id, client.casing)
    known = [
        (path, casing.value)
        for path, record in configured(evaluator)
        if isinstance(casing := record.entries.get("casing"), Constant) and isinstance(casing.value, str)
    ]
    for id, declared in evaluator.declared.items():
        near = sorted(known, key=lambda entry: (-_common(entry[0], declared.owner.file), entry[0]))
        if id not in found and near and _common(near[0][0], declared.owner.file) == len(near[0][0].split("/")) - 1:
            found[id] = near[0][1]
    return found


def _common(left: str, right: str) -> int:
    shared = posixpath.commonpath([left, right])
    return len(shared.split("/")) if shared else 0
