"""Types become expressions: the value that has the type, as far as it can lead to a table. `typeof schema` is `schema`.

Sources: https://www.typescriptlang.org/docs/handbook/2/typeof-types.html, /everyday-types.html and /utility-types.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.model import (
    ANY_KEY,
    Call,
    Choice,
    Entry,
    Expression,
    Function,
    IndexExpression,
    Literal,
    Member,
    Name,
    Object,
    Opaque,
    Parameter,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from analyzer.extract.lowering import Lowering
    from analyzer.extract.queries import Matches
    from analyzer.extract.source import Source

TYPE = "type:"  # before the id of a binding that is a type: types and values have names of their own
_SAME = {"Readonly", "Required", "Partial", "NonNullable", "Awaited", "Promise", "Pick", "Omit", "DeepReadonly"}
_NOTHING = Opaque("type")
_DEPTH = 12


class Types:
    """Reads the types of one file."""

    def __init__(self, matches: Matches, source: Source, lowering: Lowering) -> None:
        self._source, self._lowering = source, lowering
        self._local = {source.text(captures["typed.name"][0]) for captures in matches.of("type-declaration")}

    def annotation(self, node: Node | None) -> Expression | None:
        """Return what a `: type` says, or None where it can lead to no table."""
        inner = node.named_children[0] if node is not None and node.named_children else None
        value = self.expression(inner) if inner is not None else _NOTHING
        return value if _leads(value) else None

    def expression(self, node: Node, depth: int = _DEPTH) -> Expression:
        """Return the value that has a type."""
        match node.type if depth else "":
            case "type_query" if node.named_children:
                return self._lowering.expression(node.named_children[0])
            case "type_identifier":
                return self._name(node)
            case "nested_type_identifier":
                module, name = node.child_by_field_name("module"), node.child_by_field_name("name")
                if module is None or name is None or module.type != "identifier":
                    return _NOTHING
                return Member(self._lowering.expression(module), self._source.text(name))
            case "generic_type":
                return self._generic(node, depth)
            case "union_type" | "intersection_type":
                parts = [self.expression(child, depth - 1) for child in node.named_children]
                known = tuple(part for part in parts if part != _NOTHING)
                return Choice(known, "|") if len(known) > 1 else known[0] if known else _NOTHING
            case "parenthesized_type" | "readonly_type" if node.named_children:
                return self.expression(node.named_children[-1], depth - 1)
            case "lookup_type" if len(node.named_children) == 2:
                key = self.expression(node.named_children[1], depth - 1)
                owner = self.expression(node.named_children[0], depth - 1)
                if isinstance(key, Literal) and isinstance(key.value, str):
                    return Member(owner, key.value)
                return IndexExpression(owner, ANY_KEY) if _leads(owner) else _NOTHING
            case "index_type_query" if node.named_children:
                owner = self.expression(node.named_children[0], depth - 1)
                keys = Call(Member(Name("Object"), "keys"), (owner,), self._source.site(node))
                return IndexExpression(keys, ANY_KEY) if _leads(owner) else _NOTHING
            case "literal_type" if node.named_children and node.named_children[0].type == "string":
                return self._lowering.expression(node.named_children[0])
            case "object_type" | "interface_body":
                return Object(tuple(self._entries(node, depth)))
            case "function_type":
                return self._function(node, depth)
            case _:
                return _NOTHING

    def parameters(self, node: Node, depth: int = _DEPTH) -> Iterator[Parameter]:
        """Yield the parameters of a type of a function, each with its type."""
        for child in node.named_children:
            pattern, type = child.child_by_field_name("pattern"), child.child_by_field_name("type")
            if pattern is not None:
                value = self.expression(type.named_children[0], depth - 1) if type and type.named_children else _NOTHING
                yield Parameter("", None, pattern.type == "rest_pattern", value if _leads(value) else None)

    def _name(self, node: Node) -> Expression:
        text = self._source.text(node)
        return Name(TYPE + text if text in self._local else text)

    def _generic(self, node: Node, depth: int) -> Expression:
        name, arguments = node.child_by_field_name("name"), node.child_by_field_name("type_arguments")
        first = arguments.named_children[0] if arguments is not None and arguments.named_children else None
        text = self._source.text(name) if name is not None else ""
        if first is None:
            return _NOTHING
        if text == "ReturnType":
            return Call(self.expression(first, depth - 1), (), self._source.site(node))
        return self.expression(first, depth - 1) if text in _SAME else _NOTHING

    def _entries(self, node: Node, depth: int) -> Iterator[Entry]:
        for child in node.named_children:
            name = child.child_by_field_name("name")
            value: Expression = _NOTHING
            if child.type == "property_signature":
                type = child.child_by_field_name("type")
                value = self.expression(type.named_children[0], depth - 1) if type and type.named_children else _NOTHING
            elif child.type == "method_signature":
                value = self._function(child, depth)
            if name is not None and _leads(value) and not _is_text(value):
                yield Entry(self._lowering.key(name), value, self._source.site(child))

    def _function(self, node: Node, depth: int) -> Expression:
        parameters, result = node.child_by_field_name("parameters"), node.child_by_field_name("return_type")
        if result is not None and result.type == "type_annotation":
            result = result.named_children[0] if result.named_children else None
        returned = self.expression(result, depth - 1) if result is not None else _NOTHING
        given = tuple(self.parameters(parameters, depth - 1)) if parameters is not None else ()
        return Function(given, (returned,) if _leads(returned) else ())


def _is_text(value: Expression) -> bool:
    return isinstance(value, Literal) or (isinstance(value, Choice) and all(_is_text(part) for part in value.options))


def _leads(value: Expression) -> bool:
    """Whether a type can lead to a table: it names something."""
    match value:
        case Opaque():
            return False
        case Object(entries):
            return bool(entries)
        case Function(parameters, returns):
            return bool(returns) or any(one.annotation is not None for one in parameters)
        case _:
            return True
