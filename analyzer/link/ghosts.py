"""Names that code uses and nothing provides: in SQL under our prefix or schema, in `db.query`, in imports of a schema."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import takewhile
from typing import TYPE_CHECKING

from analyzer.link.statements import HOLE, columns, mentions, parses
from analyzer.link.values import Constant
from analyzer.model import Ghost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from analyzer.link.evaluate import Evaluator
    from analyzer.link.library import Declared
    from analyzer.link.modules import Modules
    from analyzer.link.world import Unit
    from analyzer.model import Dialect, Site, Table, Text

_SEPARATED = re.compile(r"^.*[_\-.]")
_MANY = 4  # as many tables of one file that share a prefix share it on purpose
_PUBLIC = {"", "public", "main"}
_SYSTEM = frozenset(
    """
    ctid xmin xmax cmin cmax tableoid oid rowid _rowid_ rank default current_catalog current_date current_role current_schema
    current_time current_timestamp current_user localtime localtimestamp session_user system_user user utc_date utc_time
    utc_timestamp sysdate null true false
    """.split()  # noqa: SIM905
)
_OWN = "__drizzle_migrations"  # https://orm.drizzle.team/docs/drizzle-config-file#migrations
_CREATED = re.compile(
    r"\bcreate\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+|unlogged\s+|materialized\s+)*(?:(view|virtual)\s+)?(?:table\s+)?"
    r"(?:if\s+not\s+exists\s+)?(?:[\"`]?[\w$]+[\"`]?\.)?[\"`]?([\w$.-]+)[\"`]?(\s+partition\s+of\b)?",
    re.I,
)


class Ghosts:
    """Knows which names of SQL are ours to declare, and which are declared."""

    def __init__(self, tables: Iterable[Table], declared: Iterable[Declared], units: Iterable[Unit]) -> None:
        tables = [table for table in tables if table.kind != "enum"]
        self._schemas = {table.schema.lower() for table in tables if table.schema} - _PUBLIC
        self._prefixes = {prefix.lower() for prefix in (*prefixes(declared), *_shared(tables))}
        self._known = {table.name.lower() for table in tables if table.name} | set(_created(units))
        self._open = any(table.name is None for table in tables)
        self._columns: dict[str, list[Table]] = defaultdict(list)
        for table in tables:
            self._columns[(table.name or "").lower()].append(table)
        self.beginnings = tuple(
            sorted(
                (
                    *self._prefixes,
                    *(f"{schema}." for schema in self._schemas),
                    *(f"{schema}{quote}" for schema in self._schemas for quote in '"`'),
                )
            )
        )
        begins = "|".join(re.escape(prefix) for prefix in sorted(self._prefixes))
        schemas = "|".join(rf"{re.escape(schema)}[\"`]?\." for schema in sorted(self._schemas))
        ours = "|".join(part for part in (begins, schemas) if part)
        self._ours = re.compile(rf"(?<![\w$])(?:{ours})[\"`]?\w", re.I) if ours else None

    def suspects(self, text: str) -> bool:
        """Whether some SQL may name a table that is ours to declare."""
        return self._ours is not None and self._ours.search(text) is not None

    def of(
        self, unit: Unit, text: Text, sql: str, dialect: Dialect, site: Callable[[Text, str], Site]
    ) -> Iterator[Ghost]:
        """Yield the tables and columns of some SQL that are ours and declared nowhere."""
        if not parses(sql, dialect):
            return
        for mention in mentions(sql, dialect):
            if mention.action is not None and self._is_missing(mention.schema, mention.name):
                name = f"{mention.schema}.{mention.name}" if mention.schema else mention.name
                reason = "no declaration has this table"
                yield Ghost("TT101", "table", name, unit.path, site(text, mention.name), unit.role, text.by, reason)
        for field in columns(sql, dialect):
            told = field.sure and not (field.quoted and dialect != "postgresql")  # others take such quotes for a string
            if told and self._is_ours(field.schema, field.table) and self._lacks(field.table, field.column):
                reason = f"{field.table!r} is declared without this column"
                name = f"{field.table}.{field.column}"
                yield Ghost("TT102", "column", name, unit.path, site(text, field.column), unit.role, text.by, reason)

    def _is_ours(self, schema: str | None, name: str) -> bool:
        known = (schema or "").lower()
        if known not in _PUBLIC:
            return known in self._schemas
        return any(name.lower().startswith(prefix) for prefix in self._prefixes)

    def _is_missing(self, schema: str | None, name: str) -> bool:
        plain = name.lower() not in self._known and HOLE not in name and not name.endswith(_OWN) and not self._open
        if name.endswith("_seq") and any(name.lower().startswith(f"{known}_") for known in self._columns if known):
            return False
        return plain and self._is_ours(schema, name)

    def _lacks(self, table: str, column: str) -> bool:
        """Whether a table is declared, every column of it is known, and none is called so."""
        declared = self._columns.get(table.lower(), ())
        names = [part.name for one in declared for part in one.columns]
        if not names or None in names or HOLE in column or column.lower() in _SYSTEM:
            return False
        return column.lower() not in {name.lower() for name in names if name}


def missing_imports(evaluator: Evaluator, schema_files: set[str]) -> Iterator[Ghost]:
    """Yield the names that are imported from a module of tables and that it does not export, not even as a type."""
    units, modules = evaluator.units, evaluator.modules
    for path, unit in sorted(units.items()):
        for fact in unit.facts.imports if unit.role != "generated" else ():
            target = modules.resolve(fact.source, path)
            if target is None or fact.type_only or fact.exported in {"*", "default"}:
                continue
            if _gives_tables(target, units, modules, schema_files, set()) and not _provides(
                target, fact.exported, evaluator, set()
            ):
                reason = f"{target} exports no such name"
                yield Ghost("TT104", "import", fact.exported, path, fact.site, unit.role, "", reason)


def _gives_tables(
    path: str, units: Mapping[str, Unit], modules: Modules, schema_files: set[str], seen: set[str]
) -> bool:
    """Whether a module declares tables, or is a barrel of one that does."""
    if path in schema_files or path in seen or path not in units:
        return path in schema_files
    seen.add(path)
    targets = (modules.resolve(star.source or "", path) for star in units[path].stars)
    return any(target is not None and _gives_tables(target, units, modules, schema_files, seen) for target in targets)


def _provides(path: str, name: str, evaluator: Evaluator, seen: set[str]) -> bool:
    """Whether a module exports a name, as far as it can be read: what cannot be read may."""
    if path in seen:
        return False
    seen.add(path)
    unit = evaluator.units.get(path)
    if unit is None:
        return evaluator.exporter(path, name) is not None
    if unit.facts.faults or unit.language in {"js", "vue"} or "=" in unit.exports:
        return True
    if name in unit.exports or name in unit.types:
        return True
    targets = [evaluator.modules.resolve(star.source or "", path) for star in unit.stars]
    return any(target is None or _provides(target, name, evaluator, seen) for target in targets)


def prefixes(declared: Iterable[Declared]) -> Iterator[str]:
    """Yield what creators put before the names that they are given."""
    for one in declared:
        if isinstance(one.name, Constant) and isinstance(one.given, Constant) and not one.name.pattern:
            whole, given = str(one.name.value), str(one.given.value)
            if given and whole.endswith(given) and len(whole) > len(given) + 1:
                yield whole.removesuffix(given)


def _shared(tables: Iterable[Table]) -> Iterator[str]:
    """Yield the prefixes that all tables of a file share, where there are many."""
    files: dict[str, list[str]] = defaultdict(list)
    for table in tables:
        if table.name and table.role == "production":
            files[table.file].append(table.name)
    for names in files.values():
        least, most = min(names), max(names)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(least, most, strict=False)))
        match = _SEPARATED.match(least[:same])
        if match and len(names) >= _MANY and len(match[0]) > 2:
            yield match[0]


def _created(units: Iterable[Unit]) -> Iterator[str]:
    """Yield the names of tables and views that SQL outside of migrations creates, and of views anywhere."""
    for unit in units:
        for text in unit.facts.texts:
            for part in text.parts:
                for match in _CREATED.finditer(part):
                    if unit.role != "generated" or (match[1] or "").lower() in {"view", "virtual"} or match[3]:
                        yield match[2].lower()
