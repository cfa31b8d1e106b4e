"""Which names can lead to a table at all: those that mention, through whatever, something of drizzle-orm.

Evaluation follows only these. Most of a code base has nothing to do with tables, and what a query returns are rows.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from analyzer.model import (
    GIVING_ROWS,
    Array,
    Call,
    Choice,
    Class,
    Expression,
    Function,
    Given,
    Import,
    IndexExpression,
    Literal,
    Member,
    Name,
    Object,
    Opaque,
    Rest,
    Spread,
    Tagged,
    Template,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Set

    from analyzer.link.autos import Autos
    from analyzer.link.modules import Modules
    from analyzer.link.world import Unit

Node = tuple[str, str]
_WHOLE = "*"
_QUERY = "import:.query"  # the tables of a client, whatever it is called
_NOTHING = frozenset({Literal, Opaque})
_OUTSIDE = ("", "drizzle-orm")  # loaded by a call, or from a module that is missing


class Relevance:
    """The names of a project that can lead to a table."""

    def __init__(self, units: Mapping[str, Unit], modules: Modules, autos: Autos) -> None:
        self._units, self._modules, self._autos = units, modules, autos
        self._read: set[str] = set()
        self._users: dict[Node, list[Node]] = defaultdict(list)
        self._functions: dict[int, bool] = {}
        self._found: set[Node] = set()
        self._awaiting: dict[str, list[tuple[Node, str]]] = defaultdict(list)
        self._linked: list[tuple[Node, Node]] = []
        self._spread([_OUTSIDE])
        self.read(units)

    def read(self, units: Mapping[str, Unit]) -> None:
        """Take up the files that were not known so far."""
        self._units = units
        fresh = sorted(units.keys() - self._read)
        self._read.update(fresh)
        self._functions.clear()
        self._linked.clear()
        seeds = [node for path in fresh for node in self._link(path)]
        for path in fresh:
            for node, exported in self._awaiting.pop(path, ()):
                self._leads_to(node, path, exported)
        self._spread(seeds + [user for target, user in self._linked if target in self._found])

    @property
    def awaits(self) -> Set[str]:
        """The files that some name comes from and that are not known so far."""
        return self._awaiting.keys()

    def has(self, path: str, id: str) -> bool:
        """Whether a binding or an import of a file can lead to a table."""
        return (path, id) in self._found

    def exports(self, path: str, name: str) -> bool:
        """Whether what a file exports under a name can lead to a table."""
        if (path, f"export {name}") in self._found:
            return True
        stars = name not in self._units[path].exports
        return stars and any((path, f"export {part}") in self._found for part in ("*", "="))

    def of(self, function: Function, path: str) -> bool:
        """Whether what a function returns can lead to a table, whatever it is given."""
        key = id(function)
        if key not in self._functions:
            names = {name for result in function.returns for name in mentioned(result)}
            self._functions[key] = not self._found.isdisjoint(self._nodes(path, names))
        return self._functions[key]

    def _nodes(self, path: str, names: set[str]) -> set[Node]:
        return {node for name in names for node in self._targets(path, name)}

    def _targets(self, path: str, name: str) -> list[Node]:
        if name == _QUERY:
            return [_OUTSIDE]
        if name.startswith("import:"):
            target = self._modules.resolve(name[7:], path)
            if target is None:
                ours = name[7:].startswith("drizzle-") or self._modules.is_ours(name[7:], path)
                return [_OUTSIDE] if ours else []
            return [(target, _WHOLE)]
        unit = self._units[path]
        typed = f"type:{name}"
        return [(path, typed)] if typed in unit.bindings and name not in unit.bindings else [(path, name)]

    def _link(self, path: str) -> Iterator[Node]:
        """Note who mentions what in one file; yield the names that come from drizzle-orm, or from nowhere."""
        unit = self._units[path]
        for fact in unit.facts.imports:
            yield from self._leads((path, fact.local), fact.source, fact.exported, path)
        for name in sorted({one.id for one in unit.facts.references} - unit.bindings.keys() - unit.imports.keys()):
            found = self._autos.find(path, name)
            if found is not None:
                self._leads_to((path, name), *found)
            elif self._autos.hub(path, "", name) is not None:
                yield path, name
        for binding in unit.facts.bindings:
            for expression in (binding.value, binding.annotation):
                for name in set(mentioned(expression)) if expression is not None else ():
                    for target in self._targets(path, name):
                        self._note(target, (path, binding.id))
        for export in unit.facts.exports:
            node = (path, f"export {export.exported}")
            self._note(node, (path, _WHOLE))
            if export.source is None:
                for target in self._targets(path, export.local):
                    self._note(target, node)
            else:
                yield from self._leads(node, export.source, export.local, path)

    def _leads(self, node: Node, source: str, exported: str, path: str) -> Iterator[Node]:
        target = self._modules.resolve(source, path)
        if target is not None and target not in self._units:
            self._awaiting[target].append((node, exported))
        elif target is None:
            known = "drizzle-" in source or self._autos.hub(path, source, exported) is not None
            if known or self._modules.is_ours(source, path) or self._modules.is_undeclared(source, path):
                yield node
        else:
            self._leads_to(node, target, exported)

    def _leads_to(self, node: Node, target: str, exported: str) -> None:
        if exported == "*":
            self._note((target, _WHOLE), node)
            return
        self._note((target, f"export {exported}"), node)
        if exported not in self._units[target].exports:
            for part in ("export *", "export ="):
                self._note((target, part), node)

    def _note(self, target: Node, user: Node) -> None:
        self._users[target].append(user)
        self._linked.append((target, user))

    def _spread(self, seeds: list[Node]) -> None:
        queue = deque(seeds)
        self._found.update(seeds)
        while queue:
            for user in self._users.get(queue.popleft(), ()):
                if user not in self._found:
                    self._found.add(user)
                    queue.append(user)


def mentioned(expression: Expression) -> Iterator[str]:
    """Yield the names that the value of an expression may come from; `import:x` for a module loaded in it.

    >>> from analyzer.model import Site
    >>> query = Call(Member(Name("db"), "select"), (Name("users"),), Site(1, 1))
    >>> list(mentioned(query)), list(mentioned(Member(Name("schema"), "users")))
    ([], ['schema'])
    """
    stack = [expression]
    while stack:
        one = stack.pop()
        kind = type(one)
        if kind is Name:
            yield one.id  # type: ignore[union-attr]
        elif kind not in _NOTHING:
            found = _parts(one)
            if isinstance(found, str):
                yield found
            else:
                stack += found


def _parts(expression: Expression) -> Iterable[Expression] | str:
    """Return what the value of an expression may come from: other ones, or what is to be yielded for it."""
    match expression:
        case Member(_, "query" | "_query"):
            return _QUERY
        case Member(inner) | Rest(inner) | Spread(inner):
            return (inner,)
        case Call(Member(_, method)) if method in GIVING_ROWS:
            return ()
        case Call(callee, arguments):
            return (callee, *arguments)
        case Object(entries):
            return [entry.value for entry in entries]
        case Import(specifier):
            return f"import:{specifier}"
        case IndexExpression(inner, index):
            return (inner, index)
        case Class(entries, extends):
            return [*(entry.value for entry in entries), *([extends] if extends is not None else [])]
        case Array(parts) | Choice(parts) | Template(parts):
            return parts
        case Tagged(tag, _):
            return (tag,)
        case Function(parameters, returns):
            given = (part for one in parameters for part in (one.default, one.annotation) if part is not None)
            return (*returns, *given)
        case Given(callee):
            return (callee,)
        case _:
            return ()
