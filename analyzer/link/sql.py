"""Raw SQL: tables named in it, by their physical names or by a table put into the template."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.link.ghosts import Ghosts
from analyzer.link.pieces import hole_of, name_in, named_by, names_in, options_of, text_of
from analyzer.link.spoken import (
    asks_another_store,
    awaits_name,
    clauses,
    embedded,
    goes_on,
    in_call,
    is_sql,
    is_telling,
    joined_text,
    may_be_in,
    owners,
    said,
    site_of,
)
from analyzer.link.statements import HOLE, columns, keywords, mentions
from analyzer.link.surroundings import is_given_names, is_store
from analyzer.link.unknown import UnknownNames
from analyzer.model import (
    NAMING,
    OTHER_LANGUAGES,
    Action,
    Certainty,
    Dialect,
    Expression,
    Ghost,
    Name,
    Place,
    Site,
    Table,
    Text,
    Usage,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.link.evaluate import Evaluator
    from analyzer.link.through import Through
    from analyzer.link.world import Unit

_STAR = re.compile(r"\b(?:select|returning)\s+(?:distinct\s+)?(?:[\w\"`]+\.)?\*|,\s*[\w\"`]+\.\*", re.I)
_WIPING = re.compile(
    r"\s*(?:truncate\b|delete\s+from\s+\S+\s*;?\s*$|drop\b)", re.I
)  # of a list of names: rescues nothing
_ALIASED = re.compile(r"\s+as\s+\w+\s*$", re.I)
_LONGEST = 300  # of what may be a name with its schema and an alias
_COPIED = re.compile(  # rows in a dump, and the lock that mysqldump takes to load them
    r"^COPY [^;]* FROM stdin;\n.*?^\\\.$|^LOCK TABLES [^;]* WRITE;$", re.M | re.S
)


def _is_put_behind(place: Place) -> bool:
    """Whether a text is put behind others: `parts.push("from users")`."""
    return place.kind == "argument" and place.callee is not None and place.callee.last in {"push", "concat", "append"}


class RawSql:
    """Finds the physical names of a schema in the texts of a file."""

    def __init__(self, tables: tuple[Table, ...], through: Through, evaluator: Evaluator) -> None:
        self._through, self._evaluator = through, evaluator
        self.ghosts: list[Ghost] = []
        self._ghosts = Ghosts(tables, evaluator.declared.values(), evaluator.units.values())
        by_name: dict[str, list[Table]] = defaultdict(list)
        for table in tables:
            if table.name and table.kind != "enum":
                by_name[table.name.lower()].append(table)
        self._tables = {name: owners(found) for name, found in by_name.items()}
        self._unknown = UnknownNames(self._tables, through, evaluator)
        self.unresolved = self._unknown.found
        names = sorted(self._tables, key=lambda name: (-len(name), name))
        self._any = (
            re.compile(rf"(?<![\w$])(?:{'|'.join(map(re.escape, names))})(?!\w|\$(?!\$))", re.I) if names else None
        )
        self._ranges = [(table.id, table.file, table.line, table.end_line) for table in tables if table.kind != "enum"]
        self._named = {table.id: table.columns for table in tables}
        self._files = {table.file for table in tables if table.kind != "enum"}
        self._dialect: Dialect = tables[0].dialect if tables else "postgresql"

    def of(self, unit: Unit) -> Iterator[Usage]:
        """Yield the usages by physical name in one file."""
        if self._any is None or unit.role == "generated":
            return
        for text in unit.facts.texts:
            joined = self._filled(unit, text)
            if unit.language != "sql" and self._is_sql(unit, text, joined):
                yield from self._routines(unit, text, joined)
            known = unit.language not in OTHER_LANGUAGES  # others may have tables of their own
            if known and self._ghosts.suspects(joined) and (unit.language == "sql" or self._is_sql(unit, text, joined)):
                self.ghosts += self._ghosts.of(unit, text, joined, self._dialect, site_of)
            if unit.language != "sql":
                yield from self._asked_for(unit, text, joined)
            if not self._any.search(joined) and not (HOLE in joined and self._is_sql(unit, text, joined)):
                yield from self._given_name(unit, text, joined)
                continue
            if unit.language == "sql":
                yield from self._file(unit, text)
            elif self._is_sql(unit, text, joined):
                yield from self._statement(unit, text, joined)
                yield from self._fragment(unit, text, joined)
            elif HOLE not in joined and len(joined) < _LONGEST and " " not in _ALIASED.sub("", joined).strip():
                yield from self._bare(unit, text, joined)
            else:
                yield from self._clause(unit, text, joined)

    def _given_name(self, unit: Unit, text: Text, joined: str) -> Iterator[Usage]:
        """Read a query that is given a name which is put together there: `from(some ? "users" : "teams")`, `from(sql.identifier(name))`."""
        callee = text.call
        if joined != f"{HOLE}0" or callee is None or not is_given_names(callee) or is_store(callee):
            return
        if isinstance(hole := text.holes[0], Name):
            unknown = "@" in hole.id and self._unknown.is_client(unit, callee)
            if unknown and self._chosen(unit, text, joined) is None:
                self._unknown.note(unit, text, joined, everything=True, who="a client")
            return
        names = self._chosen(unit, text, joined)
        if names is None and named_by(hole, text):
            self._unknown.note(unit, text, joined, everything=True)
        for name in names or ():
            schema, _, table = name.rpartition(".")
            yield from self._usages(unit, text, schema or None, table, None, "named", f"name in {callee.last}")

    def _filled(self, unit: Unit, text: Text) -> str:
        """Return a template as one text: constants where they are known, a name for each other hole."""
        if not text.holes or (text.tag is not None and text.tag.last not in {"raw", "unsafe"}):
            return joined_text(text)
        plain = joined_text(text)
        if plain == f"{HOLE}0" and isinstance(text.holes[0], Name):
            return plain  # what it stands for is told by the reference
        naming = text.call is not None and is_given_names(text.call)
        told = naming or goes_on(plain) or self._is_sql(unit, text, plain)
        said = [plain[: plain.index(HOLE)]]
        for index, (hole, part) in enumerate(zip(text.holes, text.parts[1:], strict=True)):
            value = self._evaluator.evaluate(hole, unit.path)
            value = self._evaluator.sure(value) if told else value
            partly = told and awaits_name(said[-1]) and self._is_partly_known(unit, hole)
            known = None if partly else text_of(value)
            said += [f"{HOLE}{index}" if known is None else known, part]
        return "".join(said)

    def _file(self, unit: Unit, text: Text) -> Iterator[Usage]:
        for mention in dict.fromkeys(keywords(_COPIED.sub("", text.parts[0]))):
            yield from self._usages(unit, text, mention.schema, mention.name, mention.action, "named", "sql file")

    def _statement(self, unit: Unit, text: Text, joined: str) -> Iterator[Usage]:
        for mention in mentions(joined, self._dialect):
            names = self._chosen(unit, text, mention.name)
            for chosen in names or ():
                schema, _, name = chosen.rpartition(".")
                for usage in self._usages(
                    unit, text, mention.schema or schema, name, mention.action, "named", "sql text"
                ):
                    wiped = len(names or ()) > 1 and _WIPING.match(joined) is not None
                    yield replace(usage, action="iterate", certainty="possible", statement=None) if wiped else usage
            unsure = names is None or self._is_partly_known(unit, hole_of(text, mention.name))
            if HOLE in mention.name and unsure and self._puts_a_name(text, mention.name):
                leads = mention.action is not None and not _WIPING.match(joined) and self._unknown.is_own(unit, text)
                self._unknown.note(unit, text, mention.name, everything=leads and not asks_another_store(unit, joined))
            how = "sql text" if mention.action else "ddl"
            whole = mention.action == "read" and _STAR.search(joined) is not None
            for usage in self._usages(unit, text, mention.schema, mention.name, mention.action, "named", how):
                yield replace(usage, whole_row=whole)
        for name in dict.fromkeys(said(joined)) if self._declaring(unit, text.sites[0]) is None else ():
            schema, _, table = name.rpartition(".")
            yield from self._usages(unit, text, schema or None, table, None, "possible", "name in sql")
        yield from self._columns(unit, text, joined)

    def _columns(self, unit: Unit, text: Text, joined: str) -> Iterator[Usage]:
        """Yield the columns that a statement names; one that may be of several tables is of each that has it."""
        for field in columns(joined, self._dialect):
            for usage in self._usages(unit, text, field.schema, field.table, field.action, "named", "sql text"):
                for column in self._named[usage.table]:
                    if column.name and column.name.lower() == field.column.lower():
                        yield replace(usage, column=column.property, site=site_of(text, field.column))

    def _routines(self, unit: Unit, text: Text, joined: str) -> Iterator[Usage]:
        for name, id in self._through.routines(joined):
            site = site_of(text, name)
            yield Usage(id, None, "sql", "named", unit.role, text.by, unit.path, site, f"through {name}", "read")

    def _asked_for(self, unit: Unit, text: Text, name: str) -> Iterator[Usage]:
        """Yield the tables behind a view or a function of the database that a client is asked for by name."""
        if text.call is not None and text.call.is_method and text.call.last in {*NAMING, "rpc"}:
            for id in self._through.leads(name):
                yield Usage(
                    id, None, "sql", "named", unit.role, text.by, unit.path, text.sites[0], f"through {name}", "read"
                )

    def _chosen(self, unit: Unit, text: Text, name: str) -> tuple[str, ...] | None:
        """Return the names that a hole may stand for, where they are known: `for (const name of ["users", "posts"])`."""
        hole = hole_of(text, name)
        if hole is None:
            return None
        names = names_in(self._evaluator.sure(self._evaluator.evaluate(hole, unit.path)))
        given = named_by(hole, text) if names is None else None
        return (
            names_in(self._evaluator.sure(self._evaluator.evaluate(given, unit.path))) if given is not None else names
        )

    def _is_partly_known(self, unit: Unit, hole: Expression | None) -> bool:
        """Whether a hole stands for a choice of which a part is only known at run time: `some ? "users" : given`."""
        values = (self._evaluator.evaluate(one, unit.path) for one in options_of(hole, unit))
        return any(names_in(self._evaluator.sure(value)) is None for value in values)

    def _puts_a_name(self, text: Text, name: str) -> bool:
        """Whether a hole becomes part of a statement: into `` sql`…${value}` `` a value is put, or a table."""
        hole = hole_of(text, name)
        named = hole is not None and named_by(hole, text) is not None
        return named or text.tag is None or text.tag.last == "raw"

    def _is_sql(self, unit: Unit, text: Text, joined: str) -> bool:
        """Whether a text is SQL, also where the `sql` of Drizzle has another name here."""
        if is_sql(text, joined):
            return True
        fact = unit.imports.get(text.tag.root or "") if text.tag is not None and not text.tag.path else None
        return fact is not None and fact.exported == "sql" and fact.source.startswith("drizzle-")

    def _fragment(self, unit: Unit, text: Text, joined: str) -> Iterator[Usage]:
        """A template that is nothing but a name, with an alias or without: it is put into another one."""
        schema, _, name = (name_in(joined) or "").rpartition(".")
        if text.tag is not None and name.lower() in self._tables:
            yield from self._usages(unit, text, schema or None, name, None, "named", "sql fragment")

    def _clause(self, unit: Unit, text: Text, joined: str) -> Iterator[Usage]:
        """Yield the tables of a clause that a statement is put together of elsewhere: `"LEFT JOIN users u ON true"`."""
        place = unit.facts.places[text.place] if text.place >= 0 else None
        listed = place is not None and (place.kind in {"element", "assigned"} or _is_put_behind(place))
        if text.call is not None and text.call.last == "select" and text.call.is_method:
            for name in dict.fromkeys(embedded(joined)):
                yield from self._usages(unit, text, None, name, None, "possible", "embedded")
        for schema, name in dict.fromkeys(clauses(joined, listed=listed)):
            yield from self._usages(unit, text, schema, name, None, "possible", "sql clause")

    def _bare(self, unit: Unit, text: Text, joined: str) -> Iterator[Usage]:
        name, callee = _ALIASED.sub("", joined), text.call
        schema, _, table = name.rpartition(".")
        if name.lower() in self._tables:
            schema, table = "", name
        if table.lower() not in self._tables or self._declaring(unit, text.sites[0]):
            return
        if callee is not None and (is_given_names(callee) or callee.may_be_builder):
            if not is_store(callee):
                sure: Certainty = "named" if is_given_names(callee) else "possible"
                yield from self._usages(unit, text, schema or None, table, None, sure, f"name in {callee.last}")
        elif is_telling(unit, text, name) and not (unit.path in self._files and in_call(unit, text)):
            yield from self._usages(unit, text, schema or None, table, None, "possible", "bare name")

    def _declaring(self, unit: Unit, site: Site) -> str | None:
        """Return the table in whose declaration a place lies."""
        return next(
            (id for id, file, start, end in self._ranges if file == unit.path and start <= site.line <= end), None
        )

    def _usages(
        self,
        unit: Unit,
        text: Text,
        schema: str | None,
        name: str,
        action: Action | None,
        certainty: Certainty,
        how: str,
    ) -> Iterator[Usage]:
        owners = self._tables.get(name.lower(), ())
        near = [table for table in owners if self._through.same_database(unit.path, table)]
        for table in near or owners:
            if schema and not may_be_in(table, schema, bare=how == "bare name"):
                continue
            site = site_of(text, name)
            if table.file == unit.path and table.line <= site.line <= table.end_line:
                continue
            owner = self._declaring(unit, site)
            if owner is not None:
                how, action = "ddl", None
                self._through.add_view(owner, table.id)
            told = f"{how}, ambiguous" if how != "ddl" and asks_another_store(unit, "") else how
            yield Usage(table.id, None, "sql", certainty, unit.role, text.by, unit.path, site, told, action)

    def statement(self, unit: Unit, offset: str, index: int) -> Action | None:
        """Return what the template at `offset` does to the table put into its hole `index`, where it parses."""
        text = next((text for text in unit.facts.texts if str(text.offset) == offset), None)
        if text is None:
            return None
        hole = f"{HOLE}{index}"
        return next(
            (mention.action for mention in mentions(joined_text(text), self._dialect) if mention.name == hole), None
        )
