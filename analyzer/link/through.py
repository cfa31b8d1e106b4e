"""Tables that are used through something else: a view, a trigger, a function of the database, a second declaration.

What leads where is a map from one name to others: `table:<id>` for a declared table, `routine:<name>` for a function.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.link.statements import keywords
from analyzer.model import Call, Choice, Member, Object, Template, Ways

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analyzer.link.modules import Modules
    from analyzer.link.world import Unit
    from analyzer.model import Table, Usage

_QUOTED = r'(?:["`]?[\w$]+["`]?\.)?["`]?([\w$.-]+)["`]?'
_ROUTINE = re.compile(rf"\bcreate\s+(?:or\s+replace\s+)?(?:function|procedure)\s+{_QUOTED}\s*\(", re.I)
_VIEW = re.compile(
    rf"\bcreate\s+(?:or\s+replace\s+)?(?:materialized\s+)?view\s+(?:if\s+not\s+exists\s+)?{_QUOTED}[^;]*?\bas\b([^;]*)",
    re.I,
)
_TRIGGER = re.compile(
    rf"\bcreate\s+(?:or\s+replace\s+)?(?:constraint\s+)?trigger\s+\S+.*?\bon\s+{_QUOTED}(.*?)(?:;|\Z)", re.I | re.S
)
_CREATE = re.compile(r"^\s*create\s", re.I | re.M)
_POLICY = re.compile(rf"\bcreate\s+policy\s+.*?\bon\s+{_QUOTED}(.*?)(?:;|\Z)", re.I | re.S)
_NAME = re.compile(r"[\w$]+")
_HOLE = re.compile(r"\$\{.*?\}")
_PERHAPS = "what may be the same table"
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_DOLLAR = re.compile(r"(\$\w*\$)(.*?)\1", re.S)


class Through:
    """What is reached through what, in one project."""

    def __init__(
        self,
        tables: Iterable[Table],
        units: Mapping[str, Unit],
        modules: Modules,
        roots: int,
        routines: Iterable[tuple[str, tuple[str, ...]]] = (),
    ) -> None:
        self._tables = tuple(table for table in tables if table.kind != "enum")
        self._leads: dict[str, dict[str, str]] = defaultdict(dict)
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for table in self._tables:
            if table.name and table.role not in {"generated", "test"}:
                self._by_name[table.name.lower()].append(table.id)
        self._routines: dict[str, set[str]] = defaultdict(set, {name: set(ids) for name, ids in routines})
        texts = [
            text.parts[0] for _, unit in sorted(units.items()) if unit.language == "sql" for text in unit.facts.texts
        ]
        self._bodies: dict[str, list[str]] = defaultdict(list)
        self._views: set[str] = set()
        for sql in texts:
            self._read_bodies(sql)
        for name in sorted(self._bodies):
            self._routines[name] |= self._reached(name)
        for sql in texts:
            self._read_others(sql)
        self._modules = modules
        configured = (modules.package_of(path) for path in units if _is_config(path))
        self._databases = {package.folder for package in configured if package is not None} if roots == 1 else set()
        self._asked: dict[str, frozenset[str]] = {}
        for path, unit in sorted(units.items()):
            if _is_config(path) and (package := modules.package_of(path)) is not None:
                self._asked[package.folder] = self._asked.get(package.folder, frozenset()) | set(_environment(unit))
        self._twins()

    def add_view(self, view: str, table: str) -> None:
        """Say that a view declared in code selects from a table."""
        self._leads[view].setdefault(table, "view")

    def same_database(self, path: str, table: Table) -> bool:
        """Whether code of a file may mean a table by its name: not where both have a database, and not the same.

        Packages that each have a drizzle.config have a database each; several roots are services of one database.
        """
        return not table.file or _shared(self._home(path), self._home(table.file))

    def _home(self, path: str) -> str | None:
        """The folder of the package whose database a file belongs to; None for a package without one of its own."""
        package = self._modules.package_of(path)
        return package.folder if package is not None and package.folder in self._databases else None

    def _may_be_same(self, one: str, other: str) -> bool:
        """Whether two configurations may be of one database: not where they ask the environment for other names."""
        mine, theirs = (self._asked.get(self._home(path) or "", frozenset()) for path in (one, other))
        return not mine or not theirs or not mine.isdisjoint(theirs)

    @property
    def named(self) -> tuple[str, ...]:
        """The names of the routines that migrations declare."""
        return tuple(sorted(self._routines))

    def ways(self, prefixes: Iterable[str]) -> Ways:
        """Return what leads to tables here, for other code bases on the same database."""
        again = ("declared", _PERHAPS)
        return Ways(
            tuple((name, tuple(sorted(ids))) for name, ids in sorted(self._routines.items())),
            tuple(
                (one, other, how)
                for one, reached in sorted(self._leads.items())
                for other, how in sorted(reached.items())
                if not how.startswith(again)
            ),
            tuple(sorted(set(prefixes))),
        )

    def routines(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield each routine that some SQL calls, and each view that only migrations declare, with each table that its body touches."""
        for name in self._called(text, self._routines):
            for id in sorted(self._routines[name]):
                yield name, id

    def leads(self, name: str) -> tuple[str, ...]:
        """Return the tables behind a routine, or a view that only migrations declare."""
        return tuple(sorted(self._routines.get(name.lower(), ())))

    def _called(self, text: str, names: Iterable[str]) -> list[str]:
        """Return which of some routines and views a piece of SQL calls, or reads."""
        words = {word.lower() for word in _NAME.findall(text)}
        return [
            name
            for name in sorted(words.intersection(names))
            if name in self._views or re.search(rf"(?<![\w$]){re.escape(name)}[\"`]?\s*\(", text, re.I)
        ]

    def _read_bodies(self, sql: str) -> None:
        """Note what routines, and views that code does not declare, are made of."""
        starts = [match.start() for match in _CREATE.finditer(sql)] + [len(sql)]
        for match in _ROUTINE.finditer(sql):
            end = next(start for start in starts if start > match.start())
            dollar = _DOLLAR.search(sql, match.end())
            body = dollar[2] if dollar is not None and dollar.start() < end else sql[match.end() : end]
            self._bodies[match[1].lower()].append(body)
        for match in _VIEW.finditer(sql):
            if (name := match[1].lower()) not in self._by_name:
                self._views.add(name)
                self._bodies[name].append(match[2])

    def _reached(self, name: str) -> set[str]:
        """Return the tables that a routine touches, through however many others."""
        found: set[str] = set()
        seen, queue = {name}, [name]
        while queue:
            for body in self._bodies[queue.pop()]:
                found |= self._tables_of(body)
                fresh = set(self._called(body, self._bodies)) - seen
                seen |= fresh
                queue += fresh
        return found

    def _read_others(self, sql: str) -> None:
        for match in _VIEW.finditer(sql):
            self._lead(match[1], self._through(match[2]), f"view {match[1]}")
        for match in _POLICY.finditer(sql):
            self._lead(match[1], self._through(match[2]), f"policy of {match[1]}")
        for match in _TRIGGER.finditer(sql):
            self._lead(match[1], self._through(match[2]), f"trigger of {match[1]}")

    def _lead(self, name: str, reached: set[str], how: str) -> None:
        for table in self._by_name.get(name.lower(), ()):
            for id in reached - {table}:
                self._leads[table].setdefault(id, how)

    def _through(self, sql: str) -> set[str]:
        """Return the tables that some SQL touches, or that what it calls does."""
        called = self._called(sql, self._routines)
        return self._tables_of(sql).union(*(self._routines[name] for name in called))

    def _tables_of(self, sql: str) -> set[str]:
        return {id for mention in keywords(sql) for id in self._by_name.get(mention.name.lower(), ())}

    def _twins(self) -> None:
        """Two declarations of one physical table of one database: a use of either is a use of both."""
        groups: dict[tuple[str, str, str | None], list[Table]] = defaultdict(list)
        for table in self._tables:
            called = table.name or (table.pattern if _HOLE.sub("", table.pattern or "") else None)
            if called and table.role not in {"generated", "test"}:
                groups[table.dialect, called, table.schema].append(table)
        for group in groups.values():
            for one in group:
                for other in group:
                    if one.file != other.file and self.same_database(one.file, other):
                        self._leads[one.id].setdefault(other.id, f"declared again in {one.file}")
                    elif one.file != other.file and self._may_be_same(one.file, other.file):
                        self._leads[one.id].setdefault(other.id, f"{_PERHAPS} in {one.file}")

    def expanded(self, usages: Iterable[Usage]) -> set[Usage]:
        """Return the usages, with those that follow from them: one for each place and table reached."""
        found = set(usages)
        queue = [one for one in found if one.is_use]
        seen = {(one.table, one.file, one.by, one.statement or one.action) for one in queue}
        for usage in sorted(queue, key=_order):
            stack = [usage]
            while stack:
                current = stack.pop()
                for target, how in sorted(self._leads.get(current.table, {}).items()):
                    key = (target, usage.file, usage.by, current.statement or current.action)
                    if key in seen:
                        continue
                    seen.add(key)
                    reached = replace(
                        current, table=target, column=None, evidence=f"through {how}", statement=None, certainty="named"
                    )
                    reached = reached if how.startswith("declared") else replace(reached, action="read")
                    if how.startswith(_PERHAPS):
                        reached = replace(reached, certainty="possible")
                    found.add(reached)
                    stack.append(reached)
        return found


def _order(one: Usage) -> tuple[object, ...]:
    """Return what usages are sorted by: of several at one place that of whole rows comes first, as it says most."""
    said = one.column or "", one.certainty, one.statement or "", one.by, one.role, one.outside
    return one.file, one.site.line, one.site.column, one.table, one.action, one.evidence, not one.whole_row, *said


def _is_config(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith("drizzle") and ".config." in name


def _environment(unit: Unit) -> Iterator[str]:
    """Yield the variables of the environment that a configuration names: `process.env.DB_HOST`, `env.DB_HOST`."""
    stack: list[object] = [binding.value for binding in unit.facts.bindings]
    while stack:
        match stack.pop():
            case Member(inner, name):
                stack.append(inner)
                if _VARIABLE.fullmatch(name):
                    yield name
            case Object(entries):
                stack += [entry.value for entry in entries]
            case Call(callee, arguments):
                stack += [callee, *arguments]
            case Template(parts) | Choice(parts):
                stack += parts
            case _:
                continue


def _shared(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other
