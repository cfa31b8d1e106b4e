"""Bytes become a syntax tree, with the gaps of the grammar mended.

The grammar of 2024 does not know a few things that TypeScript allows: type arguments of a template's tag (`` sql<T>`…` ``, which it takes
for two comparisons), a bare `&` in JSX text, `export type * from`, `f<typeof import("x")>()`. These are blanked out at the same length, so
that every offset stays; what is blanked speaks of types or is prose.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from analyzer.extract.queries import language
from analyzer.model import Fault, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, Parser

_EXPORT_TYPE_STAR = re.compile(rb"(\bexport\s+)type(\s*\*)")
_IMPORT_TYPE = re.compile(rb"<\s*typeof\s+import\s*\(\s*(['\"])[^'\"\n]*\1\s*\)[\w.\[\]'\"\s]*>(?=\s*\()")
_AMPERSAND = re.compile(
    rb"(?<=[\w%])&(?=[A-Za-z][\w-]*(?![\w;-]))"
)  # `Q&A`, `?a=1&b=2` in JSX: the grammar wants an entity
_TAGGED = re.compile(rb">\s*`")
_IMPORTED = re.compile(rb"(?<=[<:|&,])(\s*)(import\s*\(\s*(['\"])[^'\"\n]*\3\s*\))(?=\s*\.)")
_TYPES = {
    "interface_declaration",
    "interface_body",
    "object_type",
    "type_alias_declaration",
    "type_annotation",
    "type_arguments",
}
_MAX_FAULTS = 20


@cache
def _parser(grammar: str) -> Parser:
    from tree_sitter import Parser

    return Parser(language(grammar))


def parse(data: bytes, grammar: str) -> tuple[Node, bytes, str, tuple[Fault, ...]]:
    """Return the tree, the bytes that it was made from, the grammar that read them, and the places that could not be read.

    What is read as `ts` is almost always read by the grammar with JSX too, and alike: only where that fails (`<Type>value`), or could take
    something for an element, the other one is asked, for which all queries would have to be compiled as well.
    """
    if grammar == "ts" and (b"</" in data or b"/>" in data):
        root, mended = _parsed(data, "ts")
    else:
        root, mended = _parsed(data, "tsx")
        if root.has_error and grammar == "ts":
            root, mended = _parsed(data, "ts")
        else:
            grammar = "tsx"
    errors = [node for node in _errors(root) if not _speaks_of_types(node)] if root.has_error else []
    faults = tuple(_fault(node) for node in errors)
    return root, mended, grammar, faults[:_MAX_FAULTS]


def _parsed(data: bytes, grammar: str) -> tuple[Node, bytes]:
    data = data.replace(b"\0", b" ")
    tree = _parser(grammar).parse(data)
    untyped = _untyped_tags(data, tree.root_node)
    if untyped != data:
        data, tree = untyped, _parser(grammar).parse(untyped)
    if tree.root_node.has_error:
        mended = _mend(data, list(_errors(tree.root_node)))
        if mended != data:
            data, tree = mended, _parser(grammar).parse(mended)
    return tree.root_node, data


def _mend(data: bytes, errors: list[Node]) -> bytes:
    data = _EXPORT_TYPE_STAR.sub(rb"\1    \2", data)
    data = _IMPORT_TYPE.sub(lambda match: b" " * len(match[0]), data)
    data = _IMPORTED.sub(lambda match: match[1] + b"_" * len(match[2]), data)
    data = _AMPERSAND.sub(b"_", data)
    text = bytearray(data)
    for node in errors:
        if node.parent is not None and node.parent.type in {
            "jsx_element",
            "string",
            "jsx_fragment",
            "jsx_opening_element",
        }:
            stretch = bytes(text[node.start_byte : node.end_byte])
            text[node.start_byte : node.end_byte] = stretch.replace(b"&", b" ")
    return bytes(text)


def _untyped_tags(data: bytes, root: Node) -> bytes:
    """Blank the type arguments between a tag and its template."""
    text = None
    for match in _TAGGED.finditer(data):
        start = _opening(data, match.start())
        if start is not None and _opens_template(root, match.end() - 1):
            text = text or bytearray(data)
            stretch = bytes(text[start : match.start() + 1])
            text[start : match.start() + 1] = bytes(byte if byte in b"\r\n" else 32 for byte in stretch)
    return bytes(text) if text is not None else data


def _opens_template(root: Node, offset: int) -> bool:
    """Whether the backtick at an offset opens a template; it may close one, or stand in a string or a comment."""
    node = root.descendant_for_byte_range(offset, offset + 1)
    template = node.parent if node is not None and node.type == "`" else None
    return template is not None and template.type == "template_string" and template.start_byte == offset


def _opening(data: bytes, end: int) -> int | None:
    """Return where the type arguments that close at `end` open, if an identifier stands right before."""
    if data[end - 1 : end] == b"=":
        return None
    depth = 0
    for offset in range(end, max(end - 4000, 0), -1):
        byte = data[offset : offset + 1]
        if byte == b">" and data[offset - 1 : offset] != b"=":
            depth += 1
        elif byte == b"<":
            depth -= 1
            if not depth:
                before = data[offset - 1 : offset]
                return offset if before.isalnum() or before in {b"_", b"$"} else None
        elif byte == b"`" or data[offset : offset + 2] in {b"&&", b"||"}:
            return None
    return None


def _errors(node: Node) -> Iterator[Node]:
    stack = [node]
    while stack:
        node = stack.pop()
        if node.type == "ERROR" or node.is_missing:
            yield node
        elif node.has_error:
            stack.extend(reversed(node.children))


def _speaks_of_types(node: Node) -> bool:
    """Whether an unreadable stretch lies in a type, where nothing happens when the program runs."""
    parent = node.parent
    while parent is not None:
        if parent.type in _TYPES:
            return True
        if parent.type in {"statement_block", "ERROR"}:
            return False
        parent = parent.parent
    return False


def _fault(node: Node) -> Fault:
    site = Site(node.start_point[0] + 1, node.start_point[1] + 1)
    return Fault(site, f"syntax error: expected {node.type!r}" if node.is_missing else "syntax error")
