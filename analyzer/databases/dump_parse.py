"""The statements of a dump become a PhysicalSchema, one kind after another."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.databases import dump_tables
from analyzer.databases.catalog import plain
from analyzer.databases.mentions import mentioned, unquoted
from analyzer.databases.replay import makes, names
from analyzer.model import Dependent, Domain, Key, PhysicalEnum, PhysicalSchema, PhysicalTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from analyzer.databases.statements import Statement

NAME = r'(?:(?P<schema>"(?:[^"]|"")+"|[\w$]+)\s*\.\s*)?(?P<name>"(?:[^"]|"")+"|[\w$]+)'
_TABLE = re.compile(
    rf"^(?:create\s+(?:unlogged\s+|foreign\s+)?table|alter\s+(?:foreign\s+)?table)\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?{NAME}",
    re.I,
)
_INDEX = re.compile(r"^create\s+(unique\s+)?index\b", re.I)
_ENUM = re.compile(rf"^create\s+type\s+{NAME}\s+as\s+enum\s*\((?P<values>.*)\)$", re.I | re.S)
_DOMAIN = re.compile(
    rf"^create\s+domain\s+{NAME}\s+(?:as\s+)?(?P<type>.+?)(?:\s+collate\s+\S+)?(?:\s+(?P<rest>(?:default|not\s+null|constraint|check)\b.*))?$",
    re.I | re.S,
)
_SCHEMA = re.compile(r'^create\s+schema\s+(?:if\s+not\s+exists\s+)?("(?:[^"]|"")+"|[\w$]+)', re.I)
_VIEW = re.compile(
    rf"^create\s+(?:or\s+replace\s+)?(?P<kind>materialized\s+)?view\s+{NAME}(?:\s+with\s*\([^)]*\))?(?:\s*\([^)]*\))?\s+as\s+(?P<body>.*)$",
    re.I | re.S,
)
_EXTENSION = re.compile(r'^create\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)', re.I)
_TRIGGER = re.compile(
    rf'^create\s+(?:constraint\s+)?trigger\s+(?P<trigger>"(?:[^"]|"")+"|[\w$]+)\s+.*?\bon\s+{NAME}', re.I | re.S
)
_FUNCTION = re.compile(rf"^create\s+(?:or\s+replace\s+)?(?:function|procedure)\s+{NAME}", re.I)
_POLICY = re.compile(rf'^create\s+policy\s+(?P<policy>"(?:[^"]|"")+"|[\w$]+)\s+on\s+{NAME}', re.I)
_PUBLICATION = re.compile(
    rf'^alter\s+publication\s+(?P<publication>"(?:[^"]|"")+"|[\w$]+)\s+add\s+table\s+(?:only\s+)?{NAME}', re.I
)
_ATTACH = re.compile(rf"\battach\s+partition\s+{NAME}", re.I)
_COMMENT = re.compile(
    rf"^comment\s+on\s+(?:table|view|materialized\s+view|foreign\s+table)\s+{NAME}\s+is\s+(?P<text>.*)$", re.I | re.S
)
_STRING = re.compile(r"'((?:[^']|'')*)'")
TableKey = tuple[str | None, str]


def parsed(name: str, file: str, statements: Iterable[Statement]) -> PhysicalSchema:
    """Return the schema that the statements of a dump make."""
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    reader = _Reader(file)
    for statement in statements:
        reader.take(statement)
    keys = {key: table.primary_key.columns for key, table in reader.tables.items() if table.primary_key}
    tables = tuple(
        replace(_with_keys(table, keys), partitions=reader.partitions.get(key, 0))
        for key, table in reader.tables.items()
        if key not in reader.attached
    )
    return PhysicalSchema(
        source=name,
        dialect="postgresql",
        schemas=tuple(sorted(reader.schemas)),
        tables=tuple(sorted(tables, key=lambda table: (table.schema or "", table.name))),
        enums=tuple(reader.enums),
        domains=tuple(reader.domains),
        dependents=tuple(sorted(set(reader.dependents(tables)), key=repr)),
        extensions=tuple(sorted(reader.extensions)),
        notes=tuple(reader.notes),
        doubtful=tuple(sorted(reader.doubtful)),
        unmade=tuple(sorted(reader.unmade)),
    )


def _with_keys(table: PhysicalTable, keys: dict[TableKey, tuple[str, ...]]) -> PhysicalTable:
    """Return a table whose foreign keys say which columns they lead to: the primary key, where they name none."""
    links = tuple(
        one
        if one.foreign_columns
        else replace(one, foreign_columns=keys.get((one.foreign_schema, one.foreign_table), ()))
        for one in table.foreign_keys
    )
    return replace(table, foreign_keys=links)


class _Reader:
    """What has been read so far."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.tables: dict[TableKey, PhysicalTable] = {}
        self.partitions: dict[TableKey, int] = {}
        self.attached: set[TableKey] = set()
        self.schemas: set[str] = set()
        self.enums: list[PhysicalEnum] = []
        self.domains: list[Domain] = []
        self.extensions: set[str] = set()
        self.notes: list[str] = []
        self.doubtful: set[str] = set()
        self.unmade: set[str] = set()
        self._bodies: list[tuple[Dependent, str]] = []

    def take(self, statement: Statement) -> None:
        """Read one statement."""
        text = statement.text
        for pattern, read in self._kinds():
            match = pattern.match(text)
            if match is not None:
                read(match, statement)
                return

    def _kinds(self) -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Statement], None]], ...]:
        return (
            (_TABLE, self._table), (_INDEX, self._index), (_ENUM, self._enum), (_DOMAIN, self._domain),
            (_SCHEMA, self._schema), (_VIEW, self._view), (_EXTENSION, self._extension), (_TRIGGER, self._trigger),
            (_FUNCTION, self._function), (_POLICY, self._policy), (_PUBLICATION, self._publication),
            (_COMMENT, self._comment),
        )  # fmt: skip

    def _unread(self, statement: Statement, reason: str) -> None:
        self.notes.append(f"{self._file}:{statement.line} cannot be parsed: {reason}")
        self.doubtful |= names(statement.text)
        self.unmade |= names(statement.text) if makes(statement.text) else set()

    def _table(self, match: re.Match[str], statement: Statement) -> None:
        key = named(match)
        if _ATTACH.search(statement.text) and (child := _ATTACH.search(statement.text)):
            self.attached.add(named(child))
            self.partitions[key] = self.partitions.get(key, 0) + 1
            return
        creates = match[0].lower().startswith("create")
        before = None if creates else self.tables.get(key)
        try:
            if creates:
                self.tables[key] = dump_tables.created(key, statement.text)
            elif before is not None:
                self.tables[key] = dump_tables.altered(before, statement.text)
            else:
                self._unread(statement, f"it changes {key[1]!r}, which the dump does not make")
        except dump_tables.UnreadError as error:
            self._unread(statement, str(error))
            if before is None:
                self.tables[key] = PhysicalTable(*key, untold="its statement cannot be parsed")

    def _index(self, match: re.Match[str], statement: Statement) -> None:
        try:
            key, index = dump_tables.index(statement.text)
            table = self.tables[key]
            columns = tuple(part.column for part in index.parts if part.column)
            if index.unique and not index.where and dump_tables.is_nulls_not_distinct(statement.text):
                self.tables[key] = replace(table, uniques=(*table.uniques, Key(index.name, columns, True)))
                return
            self.tables[key] = replace(table, indexes=(*table.indexes, index))
        except (dump_tables.UnreadError, KeyError) as error:
            self._unread(statement, str(error))

    def _enum(self, match: re.Match[str], statement: Statement) -> None:
        values = tuple(value.replace("''", "'") for value in _STRING.findall(match["values"]))
        self.enums.append(PhysicalEnum(*named(match), values))

    def _domain(self, match: re.Match[str], statement: Statement) -> None:
        rest = match["rest"] or ""
        nullable = re.search(r"\bnot\s+null\b", rest, re.I) is None
        checks = tuple(re.findall(r"\bcheck\s*(\(.*?\))(?=\s*(?:constraint|$))", rest, re.I | re.S))
        self.domains.append(Domain(*named(match), match["type"], nullable, None, checks))

    def _schema(self, match: re.Match[str], statement: Statement) -> None:
        self.schemas.add(unquoted(match[1]))

    def _view(self, match: re.Match[str], statement: Statement) -> None:
        schema, name = named(match)
        kind, reason = ("materialized-view" if match["kind"] else "view"), "a dump does not tell a view's columns"
        self.tables[schema, name] = PhysicalTable(schema, name, kind, definition=match["body"], untold=reason)  # type: ignore[arg-type]
        self._bodies.append((Dependent(kind, schema, name, None, ""), match["body"]))  # type: ignore[arg-type]

    def _extension(self, match: re.Match[str], statement: Statement) -> None:
        self.extensions.add(match[1])

    def _trigger(self, match: re.Match[str], statement: Statement) -> None:
        schema, table = named(match)
        self._bodies.append((Dependent("trigger", schema, unquoted(match["trigger"]), schema, table), ""))

    def _function(self, match: re.Match[str], statement: Statement) -> None:
        self._bodies.append((Dependent("function", *named(match), None, ""), statement.text))

    def _policy(self, match: re.Match[str], statement: Statement) -> None:
        schema, table = named(match)
        name = unquoted(match["policy"])
        self._bodies.append((Dependent("policy", schema, name, schema, table, "of the table itself"), ""))
        self._bodies.append(
            (Dependent("policy", schema, name, schema, "", f"of {table}"), statement.text[match.end() :])
        )

    def _publication(self, match: re.Match[str], statement: Statement) -> None:
        self._bodies.append((Dependent("publication", None, unquoted(match["publication"]), *named(match)), ""))

    def _comment(self, match: re.Match[str], statement: Statement) -> None:
        table, text = self.tables.get(named(match)), _STRING.search(match["text"])
        if table is not None and text is not None:
            self.tables[table.key] = replace(table, comment=text[1].replace("''", "'"))

    def dependents(self, tables: tuple[PhysicalTable, ...]) -> Iterator[Dependent]:
        """Yield what needs which table; bodies are read for the names of tables in them."""
        for one, body in self._bodies:
            if one.table:
                yield one
            for table in mentioned(body, tables) if body else ():
                if (one.kind, one.schema, one.name) != (table.kind, table.schema, table.name):
                    yield replace(one, table_schema=table.schema, table=table.name)


def named(match: re.Match[str]) -> TableKey:
    """Return the schema and name that a statement names."""
    return plain(unquoted(match["schema"])) if match["schema"] else None, unquoted(match["name"])
