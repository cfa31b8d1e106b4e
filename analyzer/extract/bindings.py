"""Names and what they stand for: variables, functions, classes, enums, destructured parts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from analyzer.extract.lowering import hidden
from analyzer.extract.scopes import names_in
from analyzer.model import (
    Array,
    Binding,
    Call,
    Choice,
    Entry,
    Expression,
    Import,
    IndexExpression,
    Literal,
    Member,
    Name,
    Object,
    Opaque,
    Rest,
    Spread,
    Template,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from analyzer.extract.lowering import Lowering
    from analyzer.extract.queries import Captures, Matches
    from analyzer.extract.scopes import Scopes
    from analyzer.extract.source import Source

_WRAPPERS = {
    "parenthesized_expression",
    "as_expression",
    "satisfies_expression",
    "non_null_expression",
    "await_expression",
}
_PLAIN = {
    "identifier",
    "member_expression",
    "subscript_expression",
    "object",
    "array",
    "ternary_expression",
    "binary_expression",
}
_CALLING = {"then", "map", "forEach", "flatMap", "filter", "some", "every", "find"}
_FUNCTIONS = {"arrow_function", "function_expression"}
_KINDS = {"function": "function", "class": "class", "enum": "enum"}


class Bindings:
    """The bindings of one file by id."""

    def __init__(self, matches: Matches, source: Source, scopes: Scopes, lowering: Lowering) -> None:
        self._source, self._scopes, self._lowering = source, scopes, lowering
        self._found: dict[str, Binding] = {}
        for captures in matches.of("declarator"):
            self._declarator(captures)
        for kind in _KINDS:
            for captures in matches.of(kind):
                self._declaration(kind, captures)
        for captures in matches.of("function"):
            self._parameters(captures["function.parameters"][0])
        for captures in matches.of("loop-name"):
            self._loop(captures)
        for captures in matches.of("call"):
            self._callback(captures)
        for captures in matches.of("import-alias"):
            name, value = captures["alias.name"][0], captures["alias.value"][0]
            self._add(self._id(name), "const", self._qualified(value), captures["alias.whole"][0], None)
        for captures in matches.of("namespace"):
            name, whole = captures["namespace.name"][0], captures["namespace.whole"][0]
            self._add(self._id(name), "const", self._exported(captures["namespace.body"][0]), whole, None)
        self._assign(matches.of("assignment"))

    def kept(self, imported: set[str]) -> dict[str, Binding]:
        """Return the bindings that may lead to a table: those of the module, and locals made from such."""
        module = imported | {key for key in self._found if "@" not in key}
        memo: dict[str, bool] = {}
        return {
            key: binding
            for key, binding in sorted(self._found.items())
            if "@" not in key or self._leads(key, module, memo) or isinstance(binding.value, Literal | Template)
        }

    def mentioned(self, imported: set[str]) -> set[str]:
        """Return the ids of the bindings whose mentions are worth reading."""
        module = imported | {key for key in self._found if "@" not in key}
        memo: dict[str, bool] = {}
        kept = {key for key, one in self._found.items() if one.kind != "function" and self._leads(key, module, memo)}
        return kept | imported

    def _leads(self, key: str, module: set[str], memo: dict[str, bool]) -> bool:
        if key in module:
            return True
        if key not in memo:
            memo[key] = False
            binding = self._found.get(key)
            expressions = [part for part in (binding.value, binding.annotation) if part is not None] if binding else []
            memo[key] = any(self._rooted(part, module, memo) for part in expressions)
        return memo[key]

    def _rooted(self, expression: Expression, module: set[str], memo: dict[str, bool]) -> bool:
        match expression:
            case Import():
                return True
            case Name(id):
                return self._leads(id, module, memo)
            case Member(inner, _) | IndexExpression(inner, _) | Rest(inner, _) | Spread(inner):
                return self._rooted(inner, module, memo)
            case Call(callee, arguments):
                return any(self._rooted(part, module, memo) for part in (callee, *arguments))
            case Object(entries):
                return any(self._rooted(entry.value, module, memo) for entry in entries)
            case Array(parts) | Choice(parts):
                return any(self._rooted(part, module, memo) for part in parts)
            case _:
                return False

    def _declarator(self, captures: Captures) -> None:
        whole, name = captures["declarator.whole"][0], captures["declarator.name"][0]
        statement = whole.parent or whole
        constant = bool(statement.children) and statement.children[0].type == "const"
        value = self._value(captures["declarator.value"][0], name) if "declarator.value" in captures else None
        annotation = self._annotation(captures.get("declarator.type", [None])[0])
        lines = statement if statement.named_child_count == 1 else whole
        self._bind(name, value, "const" if constant else "variable", lines, annotation)

    def _value(self, node: Node, name: Node) -> Expression:
        if name.type != "identifier" or "@" in self._id(name):
            return self._lowering.expression(node) if _light(node) else Opaque(node.type)
        return self._lowering.expression(node)

    def _annotation(self, node: Node | None) -> Expression | None:
        query = node.named_children[0] if node is not None and node.named_children else None
        if query is None or query.type != "type_query" or not query.named_children:
            return None
        return self._lowering.expression(query.named_children[0])

    def _bind(
        self,
        pattern: Node,
        value: Expression | None,
        kind: str,
        lines: Node,
        annotation: Expression | None,
        *,
        again: bool = False,
    ) -> None:
        id = self._id(pattern) if pattern.type == "identifier" else hidden(pattern)
        if again:
            self._found.pop(id, None)
        if pattern.type == "identifier":
            self._add(id, kind, value, lines, annotation)
            return
        whole = id
        self._add(whole, kind if kind == "parameter" else "hidden", value, lines, annotation)
        for name, part in destructured(pattern, Name(whole), self._source, self._lowering):
            self._add(self._id(name), "const", part, lines, None)

    def _declaration(self, kind: str, captures: Captures) -> None:
        whole = captures[f"{kind}.whole"][0]
        for name in captures.get(f"{kind}.name", ()):
            if whole.type == "method_definition":
                continue
            id = self._id(name)
            if "@" in id and kind == "function":
                continue
            value = self._lowering.enum(whole) if kind == "enum" else self._lowering.expression(whole)
            self._add(id, kind, value, whole, None)

    def _parameters(self, node: Node) -> None:
        if node.type == "identifier":
            self._add(self._id(node), "parameter", None, node, None)
            return
        for child in node.named_children:
            pattern = child.child_by_field_name("pattern")
            if pattern is None:
                continue
            inner = pattern.named_children[0] if pattern.type == "rest_pattern" and pattern.named_children else pattern
            self._bind(inner, None, "parameter", child, self._annotation(child.child_by_field_name("type")))

    def _loop(self, captures: Captures) -> None:
        name, value = captures["loop.name"][0], captures["loop.value"][0]
        if _light(value):
            element = IndexExpression(self._lowering.expression(value), Opaque("each"))
            self._bind(name, element, "variable", captures["loop.whole"][0], None)

    def _callback(self, captures: Captures) -> None:
        """Bind the parameter of a callback to what it is called with: `load.then((m) => …)`, `tables.map((t) => …)`."""
        function = captures["call.function"][0]
        name = function.child_by_field_name("property") if function.type == "member_expression" else None
        owner = function.child_by_field_name("object")
        method = self._source.text(name) if name is not None else ""
        given = next((child for child in captures["call.arguments"][0].named_children if child.type != "comment"), None)
        if (
            method not in _CALLING
            or owner is None
            or given is None
            or given.type not in _FUNCTIONS
            or not _light(owner)
        ):
            return
        pattern = _first_parameter(given)
        if pattern is not None:
            value = self._lowering.expression(owner)
            value = value if method == "then" else IndexExpression(value, Opaque("each"))
            self._bind(pattern, value, "const", given, None, again=True)

    def _qualified(self, node: Node) -> Expression:
        if node.type != "nested_identifier":
            return self._lowering.expression(node)
        parts = node.named_children
        return Member(self._qualified(parts[0]), self._source.text(parts[-1]))

    def _exported(self, body: Node) -> Expression:
        """Return a TypeScript namespace as the object it is at run time."""
        entries: list[Entry] = []
        for child in body.named_children:
            declaration = child.child_by_field_name("declaration") if child.type == "export_statement" else None
            for name in declared_names(declaration) if declaration is not None else ():
                entries.append(Entry(self._source.text(name), Name(self._id(name)), self._source.site(name)))
        return Object(tuple(entries))

    def _assign(self, matches: Iterable[Captures]) -> None:
        given: dict[str, list[Expression]] = defaultdict(list)
        for captures in matches:
            name = captures["assignment.name"][0]
            if name.type == "identifier" and _light(captures["assignment.value"][0]):
                given[self._id(name)].append(self._lowering.expression(captures["assignment.value"][0]))
        for id, values in given.items():
            binding = self._found.get(id)
            if binding is not None and binding.kind == "variable":
                options = [binding.value] if binding.value is not None and binding.value != Literal(None) else []
                every = (*options, *values)
                self._found[id] = replace(binding, value=every[0] if len(every) == 1 else Choice(every))

    def _id(self, name: Node) -> str:
        text = self._source.text(name)
        return self._scopes.resolve(text, name.start_byte) or text

    def _add(self, id: str, kind: str, value: Expression | None, lines: Node, annotation: Expression | None) -> None:
        if id in self._found and self._found[id].value is not None and (value is None or kind == "class"):
            return
        start, end = lines.start_point[0] + 1, lines.end_point[0] + 1
        self._found[id] = Binding(id, kind, value, start, end, annotation)  # type: ignore[arg-type]


def destructured(
    pattern: Node, value: Expression, source: Source, lowering: Lowering
) -> Iterator[tuple[Node, Expression]]:
    """Yield each name that a pattern binds, with the part of `value` that it takes."""
    taken: list[str] = []
    for position, child in enumerate(child for child in pattern.named_children if child.type != "comment"):
        left = child.child_by_field_name("left") if child.type.endswith("assignment_pattern") else child
        if left is None:
            continue
        if left.type == "pair_pattern":
            key, inner = left.child_by_field_name("key"), left.child_by_field_name("value")
            if key is None or inner is None:
                continue
            taken.append(lowering.key(key))
            part: Expression = Member(value, taken[-1])
            inner = (inner.child_by_field_name("left") or inner) if inner.type == "assignment_pattern" else inner
            yield from _named(inner, part, source, lowering)
        elif left.type == "shorthand_property_identifier_pattern":
            taken.append(source.text(left))
            yield left, Member(value, taken[-1])
        elif left.type == "rest_pattern" and left.named_children:
            yield from _named(left.named_children[0], Rest(value, tuple(taken)), source, lowering)
        elif pattern.type == "array_pattern":
            yield from _named(left, IndexExpression(value, Literal(position)), source, lowering)


def _named(pattern: Node, part: Expression, source: Source, lowering: Lowering) -> Iterator[tuple[Node, Expression]]:
    if pattern.type == "identifier":
        yield pattern, part
    else:
        yield from destructured(pattern, part, source, lowering)


def _first_parameter(function: Node) -> Node | None:
    bare = function.child_by_field_name("parameter")
    if bare is not None:
        return bare
    parameters = function.child_by_field_name("parameters")
    first = (
        next((child for child in parameters.named_children if child.type != "comment"), None) if parameters else None
    )
    return first.child_by_field_name("pattern") if first is not None else None


def declared_names(node: Node) -> Iterator[Node]:
    """Yield the names that a declaration makes; those of types left out."""
    name = node.child_by_field_name("name")
    if node.type in {"lexical_declaration", "variable_declaration"}:
        for child in node.named_children:
            pattern = child.child_by_field_name("name")
            if pattern is not None:
                yield from names_in(pattern)
    elif name is not None and node.type not in {"type_alias_declaration", "interface_declaration"}:
        yield name


def _light(node: Node) -> bool:
    """Whether a local value may name a table by itself: a name, a member, a load, a plain call; no chain of calls."""
    while node.type in _WRAPPERS and node.named_children:
        node = node.named_children[0]
    if node.type in _PLAIN:
        return True
    if node.type != "call_expression":
        return False
    function = node.child_by_field_name("function")
    while function is not None and function.type in {"member_expression", "non_null_expression"}:
        function = function.named_children[0] if function.named_children else None
        if function is not None and function.type in _WRAPPERS:
            return _light(function)
    return function is not None and function.type in {"identifier", "import", "this"}
