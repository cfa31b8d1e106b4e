"""Bytes become a syntax tree, with the gaps of the grammar mended.

The grammar of 2024 does not know a few things that TypeScript allows: a bare `&` in JSX text, `export type * from`,
`f<typeof import("x")>()`. Where it stumbles over one of them, the text is read again with blanks of the same length, so that every offset
stays; nothing that could name a table is blanked.
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
_MAX_FAULTS = 20


@cache
def _parser(grammar: str) -> Parser:
    from tree_sitter import Parser

    return Parser(language(grammar))


def parse(data: bytes, grammar: str) -> tuple[Node, bytes, tuple[Fault, ...]]:
    """Return the tree, the bytes that it was made from, and the places that could not be read."""
    tree = _parser(grammar).parse(data)
    if tree.root_node.has_error:
        mended = _mend(data, list(_errors(tree.root_node)))
        if mended != data:
            data, tree = mended, _parser(grammar).parse(mended)
    faults = tuple(_fault(node) for node in _errors(tree.root_node)) if tree.root_node.has_error else ()
    return tree.root_node, data, faults[:_MAX_FAULTS]


def _mend(data: bytes, errors: list[Node]) -> bytes:
    data = _EXPORT_TYPE_STAR.sub(rb"\1    \2", data)
    data = _IMPORT_TYPE.sub(lambda match: b" " * len(match[0]), data)
    text = bytearray(data)
    for node in errors:
        if node.parent is not None and node.parent.type in {"jsx_element", "string", "jsx_fragment", "jsx_opening_element"}:
            stretch = bytes(text[node.start_byte : node.end_byte])
            text[node.start_byte : node.end_byte] = stretch.replace(b"&", b" ")
    return bytes(text)


def _errors(node: Node) -> Iterator[Node]:
    stack = [node]
    while stack:
        node = stack.pop()
        if node.type == "ERROR" or node.is_missing:
            yield node
        elif node.has_error:
            stack.extend(reversed(node.children))


def _fault(node: Node) -> Fault:
    site = Site(node.start_point[0] + 1, node.start_point[1] + 1)
    return Fault(site, f"expected {node.type!r}" if node.is_missing else "cannot be parsed here")
