"""Syntax nodes become expressions: what is written, with every name resolved to a binding of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.model import (
    Array,
    Call,
    Choice,
    Class,
    Entry,
    Expression,
    Function,
    Import,
    IndexExpression,
    Literal,
    Member,
    Name,
    Object,
    Opaque,
    Parameter,
    Site,
    Spread,
    Tagged,
    Template,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from analyzer.extract.scopes import Scopes
    from analyzer.extract.source import Source
    from analyzer.extract.typing import Types

_DEPTH = 250  # what is nested more deeply names no table, and could not be sent to another process
_CONSTANTS = {"true": True, "false": False, "null": None, "undefined": None}
_STATEMENTS = {
    "statement_block",
    "if_statement",
    "else_clause",
    "for_statement",
    "for_in_statement",
    "while_statement",
    "do_statement",
    "try_statement",
    "catch_clause",
    "finally_clause",
    "switch_statement",
    "switch_body",
    "switch_case",
    "switch_default",
    "labeled_statement",
}


class Lowering:
    """Turns nodes of one file into expressions."""

    def __init__(self, source: Source, scopes: Scopes) -> None:
        self._source = source
        self._scopes = scopes
        self._depth = 0
        self.types: Types | None = None
        self.this = "this"  # what `this` is called
        self.classes: list[tuple[int, int]] = []

    def annotation(self, node: Node | None) -> Expression | None:
        """Return what a type annotation says, or None where it can lead to no table."""
        return self.types.annotation(node) if self.types is not None else None

    def expression(self, node: Node) -> Expression:
        """Return what the node says; an `Opaque` where it can name no table."""
        lower = _LOWER.get(node.type)
        if lower is None or self._depth > _DEPTH:
            return Opaque(node.type)
        self._depth += 1
        try:
            return lower(self, node)
        finally:
            self._depth -= 1

    def inside(self, node: Node) -> Expression:
        """Return what the node says, with `this` as the class that it stands in."""
        around = [start for start, end in self.classes if start <= node.start_byte < end]
        self.this = f"this@{around[-1]}" if around else "this"
        try:
            return self.expression(node)
        finally:
            self.this = "this"

    def _field(self, node: Node, name: str) -> Expression:
        child = node.child_by_field_name(name)
        return self.expression(child) if child is not None else Opaque("missing")

    def _inner(self, node: Node) -> Expression:
        children = _children(node)
        return self.expression(children[0]) if children else Opaque("missing")

    def _last(self, node: Node) -> Expression:
        return self.expression(node.named_children[-1]) if node.named_children else Opaque("missing")

    def _name(self, node: Node) -> Expression:
        text = self._source.text(node)
        return Name(self._scopes.resolve(text, node.start_byte) or text)

    def _string(self, node: Node) -> Expression:
        return Literal(self._source.string(node))

    def _number(self, node: Node) -> Expression:
        text = self._source.text(node).replace("_", "")
        try:
            return Literal(int(text, 0))
        except ValueError:
            try:
                return Literal(float(text))
            except ValueError:
                return Opaque("number")

    def _signed(self, node: Node) -> Expression:
        """Lower `-1`; any other operator makes something that is not computed."""
        inner, operator = self._field(node, "argument"), node.child_by_field_name("operator")
        value = inner.value if isinstance(inner, Literal) else None
        if (
            operator is not None
            and operator.type == "-"
            and isinstance(value, int | float)
            and not isinstance(value, bool)
        ):
            return Literal(-value)
        return Opaque("unary_expression")

    def _constant(self, node: Node) -> Expression:
        return Literal(_CONSTANTS[node.type])

    def parts(self, node: Node) -> tuple[Expression, ...]:
        """Return the parts of a template: literal text and substitutions, in order."""
        parts: list[Expression] = []
        start = node.start_byte + 1
        for child in node.named_children:
            if child.type == "template_substitution":
                parts.append(Literal(self._between(start, child.start_byte)))
                parts.append(self._inner(child))
                start = child.end_byte
        parts.append(Literal(self._between(start, node.end_byte - 1)))
        return tuple(part for part in parts if part != Literal(""))

    def _between(self, start: int, end: int) -> str:
        from analyzer.extract.source import unescape

        return unescape(self._source.data[start:end].decode("utf8", "replace"))

    def _template(self, node: Node) -> Expression:
        parts = self.parts(node)
        if not parts:
            return Literal("")
        return parts[0] if len(parts) == 1 and isinstance(parts[0], Literal) else Template(parts)

    def _member(self, node: Node) -> Expression:
        name = node.child_by_field_name("property")
        return Member(self._field(node, "object"), self._source.text(name) if name is not None else "")

    def _subscript(self, node: Node) -> Expression:
        index = self._field(node, "index")
        if isinstance(index, Literal) and isinstance(index.value, str):
            return Member(self._field(node, "object"), index.value)
        return IndexExpression(self._field(node, "object"), index)

    def _call(self, node: Node) -> Expression:
        arguments = node.child_by_field_name("arguments")
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        if function is None:
            return Opaque("call")
        if arguments is not None and arguments.type == "template_string":
            return Tagged(self.expression(function), self.parts(arguments))
        given = tuple(self.expression(child) for child in _children(arguments))
        loads = function.type == "import" or self._source.data[function.start_byte : function.end_byte] == b"require"
        if loads and given and isinstance(given[0], Literal) and isinstance(given[0].value, str):
            return Import(given[0].value)
        return Call(self.expression(function), given, self._source.site(node), node.type == "new_expression")

    def _object(self, node: Node) -> Expression:
        return Object(tuple(self._entries(node)))

    def _entries(self, node: Node) -> Iterator[Entry]:
        for child in node.named_children:
            site = self._source.site(child)
            if child.type == "pair":
                key = child.child_by_field_name("key")
                value = self._field(child, "value")
                if key is not None and key.type == "computed_property_name":
                    yield self._computed(key, value, site)
                elif key is not None:
                    yield Entry(self.key(key), value, site, None, child.end_point[0] + 1)
            elif child.type == "shorthand_property_identifier":
                yield Entry(self._source.text(child), self._name(child), site)
            elif child.type == "spread_element":
                yield Entry(None, self._inner(child), site)
            elif child.type == "method_definition":
                name = child.child_by_field_name("name")
                if name is not None:
                    yield Entry(self.key(name), self._method(child), site)

    def _method(self, node: Node) -> Expression:
        """Return a method as a function, one that is read without a call as what it gives."""
        function = self._function(node)
        getter = any(part.type == "get" for part in node.children)
        return function.returns[0] if getter and isinstance(function, Function) and function.returns else function

    def _computed(self, key: Node, value: Expression, site: Site) -> Entry:
        computed = self._inner(key)
        if isinstance(computed, Literal):
            return Entry(str(computed.value), value, site)
        return Entry(None, value, site, computed)

    def key(self, node: Node) -> str:
        """Return a property's name, quotes taken off."""
        return self._source.string(node) if node.type == "string" else self._source.text(node)

    def _array(self, node: Node) -> Expression:
        return Array(tuple(self.expression(child) for child in _children(node)))

    def _spread(self, node: Node) -> Expression:
        return Spread(self._inner(node))

    def _ternary(self, node: Node) -> Expression:
        return Choice(
            (self._field(node, "consequence"), self._field(node, "alternative")), "?:", self._source.text(node)
        )

    def _binary(self, node: Node) -> Expression:
        operator = node.child_by_field_name("operator")
        left, right = self._field(node, "left"), self._field(node, "right")
        match operator.type if operator is not None else "":
            case "+":
                return Template((*_flat(left), *_flat(right)))
            case "??" | "||" | "&&":
                return Choice((left, right), operator.type if operator is not None else "", self._source.text(node))
            case _:
                return Opaque("binary_expression")

    def _function(self, node: Node) -> Expression:
        body = node.child_by_field_name("body")
        if body is None:
            return Opaque("function")
        if body.type == "statement_block":
            returns = tuple(self.expression(value) for value in _returned(body))
        else:
            returns = (self.expression(body),)
        return Function(tuple(self._parameters(node)), returns)

    def _parameters(self, node: Node) -> Iterator[Parameter]:
        bare = node.child_by_field_name("parameter")
        if bare is not None:
            yield Parameter(self._parameter_id(bare))
        for child in _children(node.child_by_field_name("parameters")):
            pattern = child.child_by_field_name("pattern")
            value = child.child_by_field_name("value")
            if pattern is not None:
                rest = pattern.type == "rest_pattern"
                named = pattern.named_children[0] if rest and pattern.named_children else pattern
                yield Parameter(
                    self._parameter_id(named),
                    self.expression(value) if value is not None else None,
                    rest,
                    self.annotation(child.child_by_field_name("type")),
                )

    def _parameter_id(self, pattern: Node) -> str:
        if pattern.type == "identifier":
            text = self._source.text(pattern)
            return self._scopes.resolve(text, pattern.start_byte) or text
        return hidden(pattern)

    def _class(self, node: Node) -> Expression:
        entries: list[Entry] = []
        extends: Expression | None = None
        for child in node.named_children:
            if child.type == "class_heritage":
                clause = next((part for part in child.named_children if part.type == "extends_clause"), None)
                extends = self._field(clause, "value") if clause is not None else None
        for child in _children(node.child_by_field_name("body")):
            name = child.child_by_field_name("name")
            if name is None:
                continue
            if child.type == "public_field_definition":
                value = child.child_by_field_name("value")
                typed = self.annotation(child.child_by_field_name("type"))
                field = self.expression(value) if value is not None else typed
                if field is not None:
                    entries.append(Entry(self.key(name), field, self._source.site(child)))
            elif child.type == "method_definition":
                entries.append(Entry(self.key(name), self._method(child), self._source.site(child)))
                if self._source.text(name) == "constructor":
                    entries += self._parameter_properties(child)
        return Class(tuple(entries), extends)

    def _parameter_properties(self, constructor: Node) -> Iterator[Entry]:
        """Yield the fields that a constructor declares by its parameters: `constructor(private schema: Schema)`."""
        for child in _children(constructor.child_by_field_name("parameters")):
            pattern = child.child_by_field_name("pattern")
            modified = any(part.type in {"accessibility_modifier", "readonly"} for part in child.children)
            value = self.annotation(child.child_by_field_name("type")) if modified else None
            if pattern is not None and value is not None:
                yield Entry(self._source.text(pattern), value, self._source.site(child))

    def enum(self, node: Node) -> Expression:
        """Return an enum as the object it is at run time."""
        entries: list[Entry] = []
        for child in _children(node.child_by_field_name("body")):
            if child.type == "enum_assignment":
                name = child.child_by_field_name("name")
                if name is not None:
                    entries.append(Entry(self.key(name), self._field(child, "value"), self._source.site(child)))
            else:
                entries.append(Entry(self.key(child), Literal(len(entries)), self._source.site(child)))
        return Object(tuple(entries))


def hidden(pattern: Node) -> str:
    """Return the id of the nameless binding that a destructuring pattern takes apart."""
    return f"{{}}@{pattern.start_byte}"


def _children(node: Node | None) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment"] if node is not None else []


def _flat(part: Expression) -> tuple[Expression, ...]:
    return part.parts if isinstance(part, Template) else (part,)


def _returned(node: Node) -> Iterator[Node]:
    for child in node.named_children:
        if child.type == "return_statement":
            yield from _children(child)[:1]
        elif child.type in _STATEMENTS:
            yield from _returned(child)


_LOWER: dict[str, Callable[[Lowering, Node], Expression]] = {
    "identifier": Lowering._name,
    "shorthand_property_identifier": Lowering._name,
    "this": lambda lowering, node: Name(lowering.this),
    "string": Lowering._string,
    "number": Lowering._number,
    "unary_expression": Lowering._signed,
    "true": Lowering._constant,
    "false": Lowering._constant,
    "null": Lowering._constant,
    "undefined": Lowering._constant,
    "template_string": Lowering._template,
    "member_expression": Lowering._member,
    "subscript_expression": Lowering._subscript,
    "call_expression": Lowering._call,
    "new_expression": Lowering._call,
    "object": Lowering._object,
    "array": Lowering._array,
    "spread_element": Lowering._spread,
    "ternary_expression": Lowering._ternary,
    "binary_expression": Lowering._binary,
    "arrow_function": Lowering._function,
    "function_expression": Lowering._function,
    "function_declaration": Lowering._function,
    "generator_function": Lowering._function,
    "generator_function_declaration": Lowering._function,
    "class": Lowering._class,
    "class_declaration": Lowering._class,
    "abstract_class_declaration": Lowering._class,
    "parenthesized_expression": Lowering._inner,
    "as_expression": Lowering._inner,
    "satisfies_expression": Lowering._inner,
    "non_null_expression": Lowering._inner,
    "await_expression": Lowering._inner,
    "type_assertion": Lowering._last,
    "instantiation_expression": Lowering._inner,
    "sequence_expression": Lowering._last,
}
