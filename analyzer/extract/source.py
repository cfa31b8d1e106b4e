"""The bytes of one file, and where in them a node stands."""

from __future__ import annotations

import re
from bisect import bisect_left
from sys import intern
from typing import TYPE_CHECKING

from analyzer.model import Site

if TYPE_CHECKING:
    from tree_sitter import Node

_CONTINUED = re.compile(rb"[\x80-\xbf]")  # bytes that begin no character
_ESCAPE = re.compile(r"\\(u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|\r\n|[\s\S])")
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}


class Source:
    """The bytes of one file; sites count characters, as editors do."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._continued = () if data.isascii() else tuple(match.start() for match in _CONTINUED.finditer(data))
        self._letters = data.decode("latin-1")  # one for each byte: right where they are ASCII
        self.has_comments = b"//" in data or b"/*" in data

    def text(self, node: Node) -> str:
        """Return what stands at a node."""
        return intern(self.span(node.start_byte, node.end_byte))  # names recur: one is held for all

    def span(self, start: int, end: int) -> str:
        """Return what stands between two bytes."""
        text = self._letters[start:end]
        return text if text.isascii() else self.data[start:end].decode("utf8", "replace")

    def site(self, node: Node) -> Site:
        """Return the place where a node starts."""
        row, column = node.start_point
        return Site(row + 1, self._characters(node.start_byte, column) + 1)

    def site_behind(self, node: Node) -> Site:
        """Return the place where a node ends."""
        row, column = node.end_point
        return Site(row + 1, self._characters(node.end_byte, column) + 1)

    def site_at(self, offset: int) -> Site:
        """Return the place of a byte."""
        start = self.data.rfind(b"\n", 0, offset) + 1
        return Site(self.data.count(b"\n", 0, offset) + 1, self._characters(offset, offset - start) + 1)

    def _characters(self, offset: int, column: int) -> int:
        if not self._continued:
            return column
        return column - (bisect_left(self._continued, offset) - bisect_left(self._continued, offset - column))

    def string(self, node: Node) -> str:
        """Return the value of a string literal, escapes read.

        >>> unescape(r"caf\\u00e9")
        'café'
        """
        return unescape(self.span(node.start_byte + 1, node.end_byte - 1))


def unescape(text: str) -> str:
    """Read the escapes of a JavaScript string.

    >>> unescape(r"a\\tb\\x41")
    'a\\tbA'
    """
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    digits = match[2] or match[3] or match[4]
    if digits:
        value = int(digits, 16)
        return chr(value) if value < 0x110000 else "\ufffd"
    return _SIMPLE.get(match[1], match[1])
