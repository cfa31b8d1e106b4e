"""The calls of one file, each read once for all that ask of calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from tree_sitter import Node

    from analyzer.extract.queries import Matches
    from analyzer.extract.source import Source


class Called(Struct):
    """One call: all of it, what is called, the name of the method that is called (empty for none), and what is given; comments left out."""

    whole: Node
    function: Node
    method: str
    arguments: list[Node]
    first: int  # where what stands first in the parentheses begins, -1 for nothing


def calls(matches: Matches, source: Source) -> tuple[Called, ...]:
    """Return every call, in the order of the text."""
    found: list[Called] = []
    for captures in matches.of("call"):
        function = captures["call.function"][0]
        name = function.child_by_field_name("property") if function.type == "member_expression" else None
        method = source.text(name) if name is not None else ""
        arguments = captures["call.arguments"][0].named_children
        if source.has_comments:
            arguments = [child for child in arguments if child.type != "comment"]
        first = arguments[0].start_byte if arguments else -1
        found.append(Called(captures["call.whole"][0], function, method, arguments, first))
    return tuple(found)
