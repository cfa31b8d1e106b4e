"""Raw SQL: tables named in it, by their physical names or by a table put into the template."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.link.combine import texts_in
from analyzer.link.ghosts import Ghosts
from analyzer.link.packages import is_of_another_store
from analyzer.link.statements import HOLE, STATEMENT, columns, keywords, mentions
from analyzer.link.surroundings import NAMING, is_store
from analyzer.link.values import Client, Constant, Library, Union
from analyzer.model import Action, Certainty, Dialect, Ghost, Site, Table, Text, Unresolved, Usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.link.evaluate import Evaluator
    from analyzer.link.through import Through
    from analyzer.link.world import Unit

_EXECUTING = {
    "execute", "query", "unsafe", "raw", "exec", "prepare", "queryRaw", "executeRaw", "$queryRaw", "$executeRaw", "$queryRawUnsafe",
    "$executeRawUnsafe", "sql",
}  # fmt: skip
_LEADING = re.compile(r"^(?:\s+|--[^\n]*\n|/\*.*?\*/|(?:begin|start transaction|set [^;]*)\s*;)*", re.I | re.S)
_HOLES = re.compile(rf"{HOLE}\d+")
_SUBQUERY = re.compile(r"\(\s*SELECT\b[^)]*\bFROM\b")  # in capitals: a part of a statement, put together elsewhere
_TYPED = re.compile(
    r"\{\s*\w+\s*:\s*[A-Z]\w*"
)  # https://clickhouse.com/docs/sql-reference/syntax#defining-and-using-query-parameters
_STAR = re.compile(r"\b(?:select|returning)\s+(?:distinct\s+)?(?:[\w\"`]+\.)?\*|,\s*[\w\"`]+\.\*", re.I)
_WIPING = re.compile(
    r"\s*(?:truncate\b|delete\s+from\s+\S+\s*;?\s*$|drop\b)", re.I
)  # of a list of names: rescues nothing
_DISTINCT = re.compile(r"[_.\-]")
_ALIASED = re.compile(r"\s+as\s+\w+\s*$", re.I)
_COPIED = re.compile(  # rows in a dump, and the lock that mysqldump takes to load them
    r"^COPY [^;]* FROM stdin;\n.*?^\\\.$|^LOCK TABLES [^;]* WRITE;$", re.M | re.S
)


class RawSql:
    """Finds the physical names of a schema in the texts of a file."""

    def __init__(self, tables: tuple[Table, ...], through: Through, evaluator: Evaluator) -> None:
        self._through, self._evaluator = through, evaluator
        self.unresolved: list[Unresolved] = []
        self.ghosts: list[Ghost] = []
        self._ghosts = Ghosts(tables, evaluator.declared.values(), evaluator.units.values())
        by_name: dict[str, list[Table]] = defaultdict(list)
        for table in tables:
            if table.name and table.kind != "enum":
                by_name[table.name.lower()].append(table)
        self._tables = {name: _owners(found) for name, found in by_name.items()}
        names = sorted(self._tables, key=lambda name: (-len(name), name))
        self._any = re.compile(rf"(?<![\w$])(?:{'|'.join(map(re.escape, names))})(?![\w$])", re.I) if names else None
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
            if unit.language != "sql" and "(" in joined and _is_sql(text, joined):
                yield from self._routines(unit, text, joined)
            if self._ghosts.suspects(joined) and (unit.language == "sql" or _is_sql(text, joined)):
                self.ghosts += self._ghosts.of(unit, text, joined, self._dialect, _site)
            if not self._any.search(joined) and not (HOLE in joined and text.tag is None and _is_sql(text, joined)):
                continue
            if unit.language == "sql":
                yield from self._file(unit, text)
            elif _is_sql(text, joined):
                yield from self._statement(unit, text, joined)
                yield from self._fragment(unit, text, joined)
            elif HOLE not in joined:
                yield from self._bare(unit, text, joined)

    def _filled(self, unit: Unit, text: Text) -> str:
        """Return a template as one text: constants where they are known, a name for each other hole."""
        if not text.holes or (text.tag is not None and text.tag.last not in {"raw", "unsafe"}):
            return joined_text(text)
        plain = joined_text(text)
        told = plain.startswith(HOLE) or _is_sql(text, plain)
        said = [text.parts[0]]
        for index, (hole, part) in enumerate(zip(text.holes, text.parts[1:], strict=True)):
            value = self._evaluator.evaluate(hole, unit.path)
            value = self._evaluator.sure(value) if told else value
            known = isinstance(value, Constant) and isinstance(value.value, str) and not value.others
            said += [str(value.value) if known and isinstance(value, Constant) else f"{HOLE}{index}", part]
        return "".join(said)

    def _file(self, unit: Unit, text: Text) -> Iterator[Usage]:
        for mention in dict.fromkeys(keywords(_COPIED.sub("", text.parts[0]))):
            yield from self._usages(unit, text, mention.schema, mention.name, mention.action, "named", "sql file")

    def _statement(self, unit: Unit, text: Text, joined: str) -> Iterator[Usage]:
        for mention in mentions(joined, self._dialect):
            names = self._chosen(unit, text, mention.name)
            for name in names:
                for usage in self._usages(unit, text, mention.schema, name, mention.action, "named", "sql text"):
                    wiped = _WIPING.match(joined) is not None
                    yield replace(usage, action="iterate", certainty="possible", statement=None) if wiped else usage
            if HOLE in mention.name and not names and (text.tag is None or text.tag.last == "raw"):
                leads = mention.action is not None and not _WIPING.match(joined) and self._is_own(unit, text)
                self._open(unit, text, mention.name, everything=leads and not _asks_another_store(unit, joined))
            how = "sql text" if mention.action else "ddl"
            whole = mention.action == "read" and _STAR.search(joined) is not None
            for usage in self._usages(unit, text, mention.schema, mention.name, mention.action, "named", how):
                yield replace(usage, whole_row=whole)
        yield from self._columns(unit, text, joined)

    def _columns(self, unit: Unit, text: Text, joined: str) -> Iterator[Usage]:
        """Yield the columns that a statement names; one that may be of several tables is of each that has it."""
        for field in columns(joined, self._dialect):
            for usage in self._usages(unit, text, field.schema, field.table, field.action, "named", "sql text"):
                for column in self._named[usage.table]:
                    if column.name and column.name.lower() == field.column.lower():
                        yield replace(usage, column=column.property, site=_site(text, field.column))

    def _routines(self, unit: Unit, text: Text, joined: str) -> Iterator[Usage]:
        for name, id in self._through.routines(joined):
            site = _site(text, name)
            yield Usage(
                id, None, "sql", "named", unit.role, text.by, unit.path, site, f"through function {name}", "read"
            )

    def _chosen(self, unit: Unit, text: Text, name: str) -> list[str]:
        """Return the names that a hole may stand for, where they are known: `for (const name of ["users", "posts"])`."""
        hole = _HOLES.fullmatch(name)
        index = int(hole[0].removeprefix(HOLE)) if hole else len(text.holes)
        if index >= len(text.holes):
            return []
        value = self._evaluator.sure(self._evaluator.evaluate(text.holes[index], unit.path))
        options = value.options if isinstance(value, Union) else (value,)
        return list(texts_in(value)) if all(isinstance(option, Constant) for option in options) else []

    def _open(self, unit: Unit, text: Text, name: str, *, everything: bool) -> None:
        """Note a table's name that is put together at run time, and the tables that it may mean by what is known of it.

        Where nothing is known it may mean any table of the database, if the statement is surely for the code's own, and
        does more than empty or define whatever it names.
        """
        known = _HOLES.split(name)
        fits = re.compile(".*".join(re.escape(part) for part in known), re.I)
        said = len("".join(known)) > 2
        some = [table for key, owners in sorted(self._tables.items()) if fits.fullmatch(key) for table in owners]
        some = [table for table in some if table.role in {"production", unit.role}]
        near = [table for table in some if self._through.same_database(unit.path, table)]
        found = {table.id for table in (near or some)} if said or everything else set()
        reason = "raw SQL names a table that is only known at run time"
        self.unresolved.append(Unresolved(unit.path, text.sites[0], reason, unit.role, tuple(sorted(found))))

    def _is_own(self, unit: Unit, text: Text) -> bool:
        """Whether a text is given to Drizzle, or to a client that the module has: its database is then the code's own."""
        callee = text.tag or text.call
        if callee is None or callee.root is None:
            return False
        value = self._evaluator.binding(unit.path, callee.root)
        held = callee.root in unit.imports or ("@" not in callee.root and callee.root in unit.bindings)
        made = held and callee.is_method and callee.last in _EXECUTING
        return made or isinstance(value, Client) or (isinstance(value, Library) and value.source.startswith("drizzle-"))

    def _fragment(self, unit: Unit, text: Text, joined: str) -> Iterator[Usage]:
        """A template that is nothing but a name: it is put into another one."""
        schema, _, name = joined.strip().strip('"`').rpartition(".")
        if text.tag is not None and name.lower() in self._tables:
            yield from self._usages(unit, text, schema.strip('"`') or None, name, None, "named", "sql fragment")

    def _bare(self, unit: Unit, text: Text, joined: str) -> Iterator[Usage]:
        name, callee = _ALIASED.sub("", joined), text.call
        schema, _, table = name.rpartition(".")
        if name.lower() in self._tables:
            schema, table = "", name
        if table.lower() not in self._tables or self._declaring(unit, text.sites[0]):
            return
        if callee is not None and callee.last in NAMING and callee.is_method:
            if not is_store(callee):
                yield from self._usages(unit, text, schema or None, table, None, "named", f"name in {callee.last}")
        elif self._is_telling(unit, text, name) and unit.path not in self._files:
            yield from self._usages(unit, text, schema or None, table, None, "possible", "bare name")

    def _is_telling(self, unit: Unit, text: Text, name: str) -> bool:
        """Whether a bare name can hardly mean anything but the table: by its form, or by the key that it stands at."""
        place = unit.facts.places[text.place] if text.place >= 0 else None
        keyed = place is not None and (place.kind == "property" or place.literal is not None)
        return bool(_DISTINCT.search(name)) or keyed

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
            if schema and schema.lower() not in {(table.schema or "public").lower(), "public", "main"}:
                continue
            if schema and table.schema and schema.lower() != table.schema.lower():
                continue
            site = _site(text, name)
            if table.file == unit.path and table.line <= site.line <= table.end_line:
                continue
            owner = self._declaring(unit, site)
            if owner is not None:
                how, action = "ddl", None
                self._through.add_view(owner, table.id)
            told = f"{how}, ambiguous" if how != "ddl" and _asks_another_store(unit, "") else how
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


def joined_text(text: Text) -> str:
    """Return a template as one text, with a name for each hole."""
    parts = [text.parts[0]]
    for index, part in enumerate(text.parts[1:]):
        parts += [f"{HOLE}{index}", part]
    return "".join(parts)


def _is_sql(text: Text, joined: str) -> bool:
    tag = text.tag.last.lower() if text.tag else ""
    tagged = text.tag is not None and (
        tag.endswith("sql") or "sql" in {*text.tag.path, text.tag.root} or tag.startswith(("$queryraw", "$executeraw"))
    )
    called = text.call is not None and text.call.last in _EXECUTING
    within = _SUBQUERY.search(joined) is not None
    return tagged or within or bool(STATEMENT.match(_LEADING.sub("", joined))) or (called and " " in joined.strip())


def _asks_another_store(unit: Unit, sql: str) -> bool:
    """Whether the SQL of a file may be for a store of another kind, where the name means another table."""
    return _TYPED.search(sql) is not None or any(
        is_of_another_store(name) for name in (unit.path, *(fact.source for fact in unit.facts.imports))
    )


def _site(text: Text, name: str) -> Site:
    """Return the place of the first mention of a name in a text."""
    wanted = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])", re.I)
    for part, site in zip(text.parts, text.sites, strict=True):
        match = wanted.search(part)
        if match:
            before = part[: match.start()]
            lines = before.count("\n")
            column = len(before) - before.rfind("\n") if lines else site.column + len(before)
            return Site(site.line + lines, column)
    return text.sites[0]


def _owners(tables: list[Table]) -> tuple[Table, ...]:
    """Return the declarations that a use by name belongs to: those in production code, where there are any."""
    for role in ("production", "script", "test", "generated"):
        found = tuple(table for table in tables if table.role == role)
        if found:
            return found
    return ()
