"""Mentions of bindings, with the members read from them and the place where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from analyzer.extract.chains import READ_FROM, Accesses, chained, named, parameters, span
from analyzer.extract.globals import GLOBALS
from analyzer.extract.patterns import leaves
from analyzer.model import Binding, Name, Reference, RelationalQuery

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from tree_sitter import Node

    from analyzer.extract.calls import Called
    from analyzer.extract.lowering import Lowering
    from analyzer.extract.places import Places
    from analyzer.extract.queries import Captures, Matches
    from analyzer.extract.scopes import Scopes
    from analyzer.extract.source import Source
    from analyzer.model import Expression, Site


_QUERYING = {
    "from",
    "insert",
    "into",
    "update",
    "delete",
    "$count",
    "leftJoin",
    "rightJoin",
    "innerJoin",
    "fullJoin",
    "crossJoin",
}
_NAMING = {"table", "identifier", "insertInto", "selectFrom", "updateTable", "deleteFrom", "mergeInto", "replaceInto"}


_TAKING = _QUERYING | _NAMING
_NAMING_TYPES = {"required_parameter", "optional_parameter", "index_signature", "type_predicate", "asserts"}


class References:
    """Reads references and relational queries of one file."""

    def __init__(
        self,
        matches: Matches,
        source: Source,
        scopes: Scopes,
        places: Places,
        lowering: Lowering,
        calls: Sequence[Called],
    ) -> None:
        self._matches, self._source, self._scopes = matches, source, scopes
        self._places, self._lowering = places, lowering
        self._accesses, self._calls = Accesses(matches, calls), calls
        self._given = [(call.arguments[0], call.whole) for call in calls if call.method in _TAKING and call.arguments]
        self._chains = {
            span(argument): tuple(chained(call, self._accesses, source, lowering)) for argument, call in self._given
        }
        self._relational = tuple(self._queries())
        self._asking = set(_asking(matches, source))
        self._mentions = tuple(scopes.mentions(matches))
        self.free = {text for _, text, id in self._mentions if id is None} - GLOBALS

    def asked(self) -> set[str]:
        """Return the ids of the local bindings that the methods of queries are given first, or a member of."""
        roots = [root for argument, _ in self._given if (root := _root(argument)).type == "identifier"]
        ids = (self._scopes.resolve(self._source.text(root), root.start_byte) for root in roots)
        return {id for id in ids if id is not None and "@" in id}

    def written(self) -> set[str]:
        """Return the ids of the bindings that hold what is written, `insert(users).values(row)`, or say what is asked: `findMany(config)`."""
        rows = {id for chain in self._chains.values() for one in chain if one.value for id in named(one.value)}
        configs = (leaf for query in self._relational if query.config for leaf in leaves(query.config))
        return rows | {leaf.id for leaf in configs if isinstance(leaf, Name)}

    def references(self, kept: set[str], texts: set[str], distant: set[str]) -> Iterator[Reference]:
        """Yield every mention of the bindings in `kept`, and of the parameters of relational queries' callbacks.

        Those in `texts` may be names of tables: they count where they are given to a query's method. So do members of other
        local ones, and of the imports in `distant`: what they are called may be a table's name.
        """
        kept = kept | {id for query in self._relational if query.config for id in parameters(query.config)}
        for node, text, id in self._mentions:
            if (id is None and text in self.free) or id in kept or node.start_byte in self._asking:
                if not _names_parameter(node):
                    yield self._reference(id or text, node)
            elif id is None and self._chains:
                reference = self._reference(text, node, only_queried=True)
                if reference is not None:
                    yield reference
            elif id in texts or (
                id and ("@" in id or id in distant) and self._chains and self._accesses.member(node) is not None
            ):
                reference = self._reference(id, node, only_queried=True)
                if reference is not None:
                    yield reference

    @overload
    def _reference(self, id: str, node: Node) -> Reference: ...
    @overload
    def _reference(self, id: str, node: Node, *, only_queried: bool) -> Reference | None: ...
    def _reference(self, id: str, node: Node, *, only_queried: bool = False) -> Reference | None:
        whole, read = self._accesses.outward(node), []
        while (access := self._accesses.member(whole)) is not None:
            read.append(access)
            whole = self._accesses.outward(access["member.whole"][0])
        chain = self._chains.get(span(whole)) if self._chains else None
        if only_queried and chain is None:
            return None
        path: list[str] = []
        sites: list[Site] = []
        index = None
        for access in read:
            sites.append(self._source.site((access.get("member.property") or access["member.index"])[0]))
            if "member.property" in access:
                path.append(self._source.text(access["member.property"][0]))
            else:
                bracket = access["member.index"][0]
                if bracket.type == "string":
                    path.append(self._source.string(bracket))
                else:
                    path.append("[]")
                    index = index or self._lowering.expression(bracket)
        place = self._places.around(whole.start_byte, whole.end_byte)
        return Reference(
            id,
            tuple(path),
            place,
            self._source.site(node),
            self._places.by(node.start_byte),
            index,
            tuple(sites),
            chain or (),
        )

    def relational(self) -> tuple[RelationalQuery, ...]:
        """Return every `….findMany(…)` and `….findFirst(…)`: most are relational queries of Drizzle."""
        return self._relational

    def _queries(self) -> Iterator[RelationalQuery]:
        for captures in self._matches.of("relational-query"):
            table, whole = captures["relational.table"][0], captures["relational.whole"][0]
            call = self._accesses.call(whole)
            config = call.arguments[0] if call is not None and call.arguments else None
            yield RelationalQuery(
                self._lowering.inside(table),
                self._lowering.expression(config) if config is not None else None,
                self._source.site(_last_name(table)),
                self._places.by(whole.start_byte),
            )

    def own(self) -> Iterator[tuple[Reference, Binding]]:
        """Yield members that a class, or an object with methods, reads from its own fields: `this.schema.users`."""
        wholes = sorted(selves(self._matches), key=lambda node: node.end_byte - node.start_byte)
        fields: dict[int, set[str]] = {}
        values: dict[int, Expression] = {}
        for captures in self._matches.of("member") if wholes else ():
            node = captures["member.object"][0]
            if node.type != "this":
                continue
            whole = next((one for one in wholes if one.start_byte <= node.start_byte < one.end_byte), None)
            if whole is None:
                continue
            known = fields.setdefault(whole.start_byte, _fields(whole, self._source))
            name = captures.get("member.property")
            if not name or self._source.text(name[0]) not in known:
                continue
            id = f"this@{whole.start_byte}"
            lines = whole.start_point[0] + 1, whole.end_point[0] + 1
            if whole.start_byte not in values:
                called = whole.child_by_field_name("name")
                value = self._named_class(called) if called is not None else self._lowering.expression(whole)
                values[whole.start_byte] = value
            yield self._reference(id, node), Binding(id, "hidden", values[whole.start_byte], *lines)

    def _named_class(self, name: Node) -> Expression:
        text = self._source.text(name)
        return Name(self._scopes.resolve(text, name.start_byte) or text)

    def nameless(self, functions: Container[str]) -> Iterator[tuple[Reference, Binding]]:
        """Yield members read from what has no name: `(await import("./schema")).users`, `insert(tables().users)`, and from what some functions give."""
        roots = {
            call.start_byte: call for captures in self._matches.of("dynamic-import") if (call := _call_of(captures))
        }
        for argument, _ in self._given:
            root = _root(argument)
            if root.type == "call_expression" and root != argument:
                roots.setdefault(root.start_byte, root)
        for one in self._calls:
            named = one.function.type == "identifier" and self._source.text(one.function)
            if named and (self._scopes.resolve(named, one.function.start_byte) or named) in functions:
                roots.setdefault(one.whole.start_byte, one.whole)
        for offset, call in sorted(roots.items()):
            if self._accesses.member(self._accesses.outward(call)) is not None:
                lines = call.start_point[0] + 1, call.end_point[0] + 1
                binding = Binding(f"()@{offset}", "hidden", self._lowering.expression(call), *lines)
                yield self._reference(binding.id, call), binding


def selves(matches: Matches) -> Iterator[Node]:
    """Yield what `this` may mean: classes, and objects with methods."""
    yield from (captures["class.whole"][0] for captures in matches.of("class"))
    seen: set[int] = set()
    for captures in matches.of("function"):
        whole = captures["function.whole"][0]
        owner = whole.parent if whole.type == "method_definition" else None
        if owner is not None and owner.type == "object" and owner.start_byte not in seen:
            seen.add(owner.start_byte)
            yield owner


def _names_parameter(node: Node) -> bool:
    """Whether an identifier only names the parameter of a function's type: it reads nothing."""
    parent = node.parent
    if parent is None or parent.type not in _NAMING_TYPES:
        return False
    named = parent.child_by_field_name("pattern") or parent.child_by_field_name("name")
    return named is not None and span(named) == span(node)


def _fields(whole: Node, source: Source) -> set[str]:
    """Return the names of a class's fields, parameters of the constructor that declare one among them, or those of an object."""
    body = whole.child_by_field_name("body")
    keys = (child.child_by_field_name("key") for child in whole.named_children if child.type == "pair")
    found = {source.text(key) for key in keys if key is not None}
    for child in body.named_children if body is not None else ():
        name = child.child_by_field_name("name")
        if name is None:
            continue
        if child.type == "public_field_definition":
            found.add(source.text(name))
        elif child.type == "method_definition" and source.text(name) == "constructor":
            parameters = child.child_by_field_name("parameters")
            for one in parameters.named_children if parameters is not None else ():
                pattern = one.child_by_field_name("pattern")
                if pattern is not None and any(
                    part.type in {"accessibility_modifier", "readonly"} for part in one.children
                ):
                    found.add(source.text(pattern))
    return found


def _call_of(captures: Captures) -> Node | None:
    arguments = captures["dynamic.source"][0].parent
    return arguments.parent if arguments is not None else None


def _root(node: Node) -> Node:
    """Return what members are read from, in the end."""
    while node.type in READ_FROM and node.named_children:
        node = node.child_by_field_name("object") or node.named_children[0]
    return node


def _last_name(node: Node) -> Node:
    while node.type in READ_FROM and node.named_children:
        name = node.child_by_field_name("property") or node.child_by_field_name("index")
        if name is not None:
            return name
        node = node.named_children[0]
    return node


def _asking(matches: Matches, source: Source) -> Iterator[int]:
    """Yield where something begins that a member is read of whose name is `query`."""
    for captures in matches.of("member") if b"query" in source.data else ():
        name = captures.get("member.property")
        if name and source.text(name[0]) in {"query", "_query"}:
            yield _root(captures["member.object"][0]).start_byte
