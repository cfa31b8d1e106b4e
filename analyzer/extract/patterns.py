"""Patterns that take values apart, and values that may name a table by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.extract.scopes import names_in
from analyzer.model import (
    Array,
    Call,
    Choice,
    Expression,
    Function,
    Given,
    IndexExpression,
    Literal,
    Member,
    Name,
    Object,
    Rest,
    Spread,
    Template,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from analyzer.extract.lowering import Lowering
    from analyzer.extract.source import Source

_WRAPPERS = {
    "parenthesized_expression",
    "as_expression",
    "satisfies_expression",
    "non_null_expression",
    "await_expression",
}
_FUNCTIONS = {"arrow_function", "function_expression"}
_PICKING = {b"find", b"findLast", b"at", b"filter"}
_PLAIN = {
    "identifier",
    "member_expression",
    "subscript_expression",
    "object",
    "array",
    "ternary_expression",
    "binary_expression",
    "string",
    "template_string",
}


def destructured(
    pattern: Node, value: Expression, source: Source, lowering: Lowering
) -> Iterator[tuple[Node, Expression]]:
    """Yield each name that a pattern binds, with the part of `value` that it takes."""
    taken: list[str] = []
    position = 0  # of a list, whose gaps count: `const [, second] = pair`
    for child in pattern.children:
        position += child.type == ","
        if not child.is_named or child.type == "comment":
            continue
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


def first_parameter(function: Node) -> Node | None:
    bare = function.child_by_field_name("parameter")
    if bare is not None:
        return bare
    parameters = function.child_by_field_name("parameters")
    first = (
        next((child for child in parameters.named_children if child.type != "comment"), None) if parameters else None
    )
    return first.child_by_field_name("pattern") if first is not None else None


def callbacks(node: Node, key: Callable[[Node], str], depth: int = 2) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Yield the functions that an argument is or holds, each with the keys that lead to it."""
    if node.type in _FUNCTIONS:
        yield (), node
    elif node.type == "object" and depth:
        for child in node.named_children:
            name = child.child_by_field_name("key") or child.child_by_field_name("name")
            value = child.child_by_field_name("value") if child.type == "pair" else child
            if name is not None and value is not None and name.type in {"property_identifier", "string"}:
                inner = ((), value) if value.type == "method_definition" else None
                for keys, function in [inner] if inner else callbacks(value, key, depth - 1):
                    yield (key(name), *keys), function


def untyped(function: Node) -> list[Node | None]:
    """Return the patterns of a function's parameters, None for one that has a type."""
    bare = function.child_by_field_name("parameter")
    if bare is not None:
        return [bare]
    parameters = function.child_by_field_name("parameters")
    found = [child for child in parameters.named_children if child.type != "comment"] if parameters is not None else []
    return [
        child.child_by_field_name("pattern") if child.child_by_field_name("type") is None else None for child in found
    ]


def declared_names(node: Node) -> Iterator[Node]:
    """Yield the names that a declaration makes; those of types left out."""
    name = node.child_by_field_name("name")
    if node.type in {"ambient_declaration", "import_alias"}:
        for child in node.named_children[:1]:
            yield from declared_names(child) if node.type == "ambient_declaration" else (child,)
    elif node.type in {"lexical_declaration", "variable_declaration"}:
        for child in node.named_children:
            pattern = child.child_by_field_name("name")
            if pattern is not None:
                yield from names_in(pattern)
    elif name is not None and node.type not in {"type_alias_declaration", "interface_declaration"}:
        yield name


def light(node: Node) -> bool:
    """Whether a local value may name a table by itself: a name, a member, a load, a plain call; no chain of calls."""
    while node.type in _WRAPPERS and node.named_children:
        node = node.named_children[0]
    if node.type in _PLAIN:
        return True
    if node.type != "call_expression":
        return False
    function = node.child_by_field_name("function")
    if function is not None and (picked := function.child_by_field_name("property")) is not None:
        owner = function.child_by_field_name("object")
        if picked.text in _PICKING and owner is not None and owner.type == "call_expression":
            return light(owner)  # Object.values(schema).find(…)
    while function is not None and function.type in {"member_expression", "non_null_expression"}:
        function = function.named_children[0] if function.named_children else None
        if function is not None and function.type in _WRAPPERS:
            return light(function)
    return function is not None and function.type in {"identifier", "import", "this"}


def leaves(expression: Expression) -> Iterator[Literal | Template | Name]:
    """Yield the texts that an expression may be, or hold, and the names that it may take them from."""
    match expression:
        case Literal() | Template() | Name():
            yield expression
        case Member(inner) | IndexExpression(inner) | Spread(inner) | Rest(inner):
            yield from leaves(inner)
        case Array(parts) | Choice(parts):
            for part in parts:
                yield from leaves(part)
        case Object(entries):
            for entry in entries:
                yield from leaves(entry.value)
        case _:
            return


def lists(value: Expression | None) -> bool:
    """Whether a value is each of a list of strings: of `for (const name of ["users", "posts"])`."""
    items = value.object.items if isinstance(value, IndexExpression) and isinstance(value.object, Array) else ()
    return bool(items) and all(isinstance(item, Literal) for item in items)


def within(expression: Expression) -> tuple[Expression, ...]:
    """Return the parts of an expression that it may take its value from."""
    match expression:
        case Member(inner, _) | IndexExpression(inner, _) | Rest(inner, _) | Spread(inner) | Given(inner):
            return (inner,)
        case Call(callee, arguments):
            return (callee, *arguments)
        case Object(entries):
            return tuple(entry.value for entry in entries)
        case Array(parts) | Choice(parts):
            return parts
        case Function(parameters, returns):
            return (*returns, *(one.annotation for one in parameters if one.annotation is not None))
        case _:
            return ()
