"""Names and what they stand for: variables, functions, classes, enums, destructured parts."""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.extract.lowering import hidden
from analyzer.extract.patterns import (
    callbacks,
    declared_names,
    destructured,
    first_parameter,
    leaves,
    light,
    lists,
    untyped,
    within,
)
from analyzer.extract.typing import TYPE
from analyzer.model import (
    GIVING_ROWS,
    Binding,
    Call,
    Choice,
    Entry,
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
    Template,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tree_sitter import Node

    from analyzer.extract.calls import Called
    from analyzer.extract.lowering import Lowering
    from analyzer.extract.queries import Captures, Matches
    from analyzer.extract.scopes import Scopes
    from analyzer.extract.source import Source

_CALLING = {"then", "map", "forEach", "flatMap", "filter", "some", "every", "find"}
_FUNCTIONS = {"arrow_function", "function_expression"}


class Bindings:
    """The bindings of one file by id."""

    def __init__(
        self, matches: Matches, source: Source, scopes: Scopes, lowering: Lowering, calls: Sequence[Called]
    ) -> None:
        self._source, self._scopes, self._lowering = source, scopes, lowering
        self._found: dict[str, Binding] = {}
        for captures in matches.of("declarator"):
            self._declarator(captures)
        for kind in ("function", "class", "enum"):
            for captures in matches.of(kind):
                self._declaration(kind, captures)
        for captures in matches.of("function"):
            self._parameters(captures["function.parameters"][0])
        for captures in matches.of("loop-name"):
            self._loop(captures)
        for call in calls:
            if call.arguments:
                self._callback(call)
                self._contextual(call)
        for captures in matches.of("type-declaration"):
            name, whole = captures["typed.name"][0], captures["typed.whole"][0]
            typed = lowering.types.expression(captures["typed.value"][0]) if lowering.types else Opaque("type")
            if not isinstance(typed, Opaque):
                self._add(TYPE + source.text(name), "type", typed, whole, None)
        for captures in matches.of("import-alias"):
            name, value = captures["alias.name"][0], captures["alias.value"][0]
            self._add(self._id(name), "const", self._qualified(value), captures["alias.whole"][0], None)
        for captures in matches.of("namespace"):
            name, whole = captures["namespace.name"][0], captures["namespace.whole"][0]
            self._add(self._id(name), "const", self._exported(captures["namespace.body"][0]), whole, None)
        self._assign(matches.of("assignment"))

    def _contextual(self, call: Called) -> None:
        """Say of the parameters of callbacks without a type that the function which is given them decides what they are."""
        if (function := call.function).type != "identifier":
            return
        callee: Expression | None = None
        for index, argument in enumerate(call.arguments):
            for keys, callback in callbacks(argument, self._lowering.key):
                for position, pattern in enumerate(untyped(callback)):
                    id = self._id(pattern) if pattern is not None and pattern.type == "identifier" else None
                    id = hidden(pattern) if pattern is not None and id is None else id
                    found = self._found.get(id or "")
                    if found is not None and found.annotation is None and found.kind == "parameter":
                        callee = callee or self._lowering.expression(function)
                        given = Given(callee, (index, *keys, position))
                        self._found[found.id] = replace(found, annotation=given)

    def kept(self, imported: set[str], written: set[str]) -> dict[str, Binding]:
        """Return the bindings that may lead to a table: those of the module, and locals made from such; and what is written."""
        module = imported | {key for key in self._found if "@" not in key and not key.startswith(TYPE)}
        memo: dict[str, bool] = {}
        return {
            key: binding
            for key, binding in sorted(self._found.items(), key=itemgetter(0))
            if "@" not in key
            or key in written
            or self._leads(key, module, memo)
            or isinstance(binding.value, Literal | Template)
            or self._is_text(binding.annotation)
            or lists(binding.value)
        }

    def held(self, id: str) -> Expression | None:
        """Return what a name stands for; more may be put behind it where it is no constant."""
        value = self._found[id].value if id in self._found else None
        return Template((value, Opaque("more"))) if value is not None and self._found[id].kind == "variable" else value

    def functions(self) -> set[str]:
        """Return the ids of the functions of the module."""
        return {key for key, one in self._found.items() if "@" not in key and isinstance(one.value, Function)}

    def _is_text(self, annotation: Expression | None, depth: int = 4) -> bool:
        """Whether a type is one of some strings: `"users" | "posts"`, or a name of such a type."""
        match annotation:
            case Literal():
                return True
            case Choice(options, "|"):
                return all(self._is_text(option, depth) for option in options)
            case Name(id) if depth and id.startswith(TYPE) and id in self._found:
                return self._is_text(self._found[id].value, depth - 1)
            case _:
                return False

    def texts(self, asked: set[str]) -> set[str]:
        """Return those of some bindings that may be texts, with the locals that they are made of."""
        return {part for key in asked for part in self._made_of_texts(key)}

    def _made_of_texts(self, key: str) -> set[str]:
        reached, queue, said = set[str](), [key], False
        while queue:
            binding = self._found.get(queue.pop())
            if binding is None or binding.id in reached or "@" not in binding.id:
                continue
            reached.add(binding.id)
            for part in (binding.value, binding.annotation):
                for leaf in leaves(part) if part is not None else ():
                    said = said or not isinstance(leaf, Name)
                    queue += [leaf.id] if isinstance(leaf, Name) else []
        return reached if said else set()

    def mentioned(self, imported: set[str]) -> set[str]:
        """Return the ids of the bindings whose mentions are worth reading."""
        module = imported | {key for key in self._found if "@" not in key and not key.startswith(TYPE)}
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
            case Import() | Member(_, "query" | "_query"):
                return True
            case Call(Member(_, method)) if method in GIVING_ROWS:
                return False
            case Name(id):
                return self._leads(id, module, memo)
            case _:
                return any(self._rooted(part, module, memo) for part in within(expression))

    def _declarator(self, captures: Captures) -> None:
        whole, name = captures["declarator.whole"][0], captures["declarator.name"][0]
        statement = whole.parent or whole
        constant = bool(statement.children) and statement.children[0].type == "const"
        value = self._value(captures["declarator.value"][0], name) if "declarator.value" in captures else None
        annotation = self._lowering.annotation(captures.get("declarator.type", [None])[0])
        lines = statement if statement.named_child_count == 1 else whole
        self._bind(name, value, "const" if constant else "variable", lines, annotation)

    def _value(self, node: Node, name: Node) -> Expression:
        if name.type != "identifier" or "@" in self._id(name):
            return self._lowering.expression(node) if light(node) else Opaque(node.type)
        return self._lowering.expression(node)

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
            self._bind(inner, None, "parameter", child, self._lowering.annotation(child.child_by_field_name("type")))

    def _loop(self, captures: Captures) -> None:
        name, value = captures["loop.name"][0], captures["loop.value"][0]
        if light(value):
            whole = captures["loop.whole"][0]
            over = self._lowering.expression(value)
            if (operator := whole.child_by_field_name("operator")) is not None and operator.type == "in":
                over = Call(Member(Name("Object"), "keys"), (over,), self._source.site(value))
            self._bind(name, IndexExpression(over, Opaque("each")), "variable", whole, None)

    def _callback(self, call: Called) -> None:
        """Bind the parameter of a callback to what it is called with: `load.then((m) => …)`, `tables.map((t) => …)`."""
        given = call.arguments[0]
        if call.method not in _CALLING or given.type not in _FUNCTIONS:
            return
        owner = call.function.child_by_field_name("object")
        pattern = first_parameter(given) if owner is not None and light(owner) else None
        if owner is not None and pattern is not None:
            value = self._lowering.expression(owner)
            value = value if call.method == "then" else IndexExpression(value, Opaque("each"))
            self._bind(pattern, value, "const", given, None, again=True)

    def _qualified(self, node: Node) -> Expression:
        if node.type != "nested_identifier":
            return self._lowering.expression(node)
        return Member(self._qualified(node.named_children[0]), self._source.text(node.named_children[-1]))

    def _exported(self, body: Node) -> Expression:
        """Return a TypeScript namespace as the object it is at run time."""
        exported = (child for child in body.named_children if child.type == "export_statement")
        declarations = (child.child_by_field_name("declaration") for child in exported)
        names = [name for one in declarations if one is not None for name in declared_names(one)]
        text, site = self._source.text, self._source.site
        return Object(tuple(Entry(text(one), Name(self._id(one)), site(one)) for one in names))

    def _assign(self, matches: Iterable[Captures]) -> None:
        given: dict[str, list[Expression]] = defaultdict(list)
        for captures in matches:
            name, value = captures["assignment.name"][0], captures["assignment.value"][0]
            if name.type == "identifier" and light(value):
                given[self._id(name)].append(self._lowering.expression(value))
        for id, values in given.items():
            if (binding := self._found.get(id)) is not None and binding.kind == "variable":
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
