"""Which bytes are code, without parsing: comments, strings, templates and regular expressions are stepped over."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

_PASSED = (  # comments, strings, regular expressions
    rb"//[^\n]*+|/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|\Z)"
    rb"|\"[^\"\\\n]*+(?:\\.[^\"\\\n]*+)*+\"|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'"
    rb"|(?:(?<=[(,=:\[!&|?{};\n>])|(?<=\breturn))[ \t]*/(?![*/])(?:[^/\\\[\n]++|\\.|\[[^\]\\\n]*+(?:\\.[^\]\\\n]*+)*+\])++/"
)
_STEP = re.compile(_PASSED + rb"|[`{}]", re.S)
_BARE = rb"[^`{}()\[\]\"'/]"
_NESTED = rb"(?:%s++|\((?:%s++|\(%s*+\)|\[%s*+\])*+\)|\[%s*+\])*+" % ((_BARE,) * 5)
_PLAIN = (
    rb"`[^`\\$]*+(?:(?:\\.|\$(?!\{)|\$\{" + _NESTED + rb"\})[^`\\$]*+)*+`"
)  # no braces, strings, comments filled in
TEMPLATE = re.compile(_PLAIN, re.S)
_SIMPLE = re.compile(_PASSED + rb"|" + _PLAIN + rb"|`", re.S)  # a lone ` where a template is not plain
PAIRS = ((b"(", b")"), (b"{", b"}"), (b"[", b"]"))
_TEMPLATE = re.compile(rb"\\.|`|\$\{", re.S)


class Lexed:
    """The stretches of a text that are no code, read when they are asked for."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def _spans(self) -> tuple[list[int], list[int], bool]:
        """Where the stretches start and end, and whether they are known: not where the text ends within a template."""
        spans = [match.span() for match in _SIMPLE.finditer(self._data)]
        if all(end - start > 1 for start, end in spans):  # no template is left
            return [start for start, _ in spans], [end for _, end in spans], True
        return _stepped(self._data)

    def is_code(self, offset: int) -> bool:
        """Whether the byte at an offset is code.

        What a template fills in is none where it holds no string: nothing can be imported there.

        >>> lexed = Lexed(b"`a ${ b('c') } d` // e")
        >>> [lexed.is_code(offset) for offset in (1, 6, 15, 21)]
        [False, True, False, False]
        """
        starts, ends, _ = self._spans
        index = bisect_right(starts, offset) - 1
        return index < 0 or offset >= ends[index]

    @cached_property
    def balanced(self) -> bool:
        """Whether the brackets of the code go together; a text that ends within a template is not balanced.

        >>> Lexed(b"a(')')").balanced, Lexed(b"a('('").balanced
        (True, False)
        """
        starts, ends, sure = self._spans
        pieces = zip([0, *ends], [*starts, len(self._data)], strict=True)
        code = b"".join(self._data[end:start] for end, start in pieces)
        return sure and all(code.count(left) == code.count(right) for left, right in PAIRS)


def _stepped(data: bytes) -> tuple[list[int], list[int], bool]:
    """Return the stretches of a text that are no code, step by step, and whether it ends outside of all templates."""
    starts: list[int] = []
    ends: list[int] = []
    depths: list[int] = []  # of braces, within each `${` that is open
    at = 0
    while (step := _STEP.search(data, at)) is not None:
        at, found = step.end(), step[0]
        if found == b"{" and depths:
            depths[-1] += 1
        elif found == b"}" and depths:
            depths[-1] -= 1
        elif found not in {b"`", b"{", b"}"}:
            starts.append(step.start())
            ends.append(at)
        if found == b"`" or (found == b"}" and depths and depths[-1] < 0):
            if found == b"}":
                depths.pop()
            mark, at = _template(data, at)
            starts.append(step.start())
            ends.append(at)
            if not mark:
                return starts, ends, False
            if mark == b"${":
                depths.append(0)
    return starts, ends, not depths


def _template(data: bytes, at: int) -> tuple[bytes, int]:
    """Step over the text of a template: return what ends it, `` ` `` or `${` or nothing, and where that ends."""
    while (mark := _TEMPLATE.search(data, at)) is not None:
        at = mark.end()
        if mark[0] in {b"`", b"${"}:
            return mark[0], at
    return b"", len(data)
