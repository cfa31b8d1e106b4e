"""Which bytes are code, without parsing: comments, strings, templates and regular expressions are stepped over."""

from __future__ import annotations

import re
from bisect import bisect_right

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
    """The stretches of a text that are no code; `sure` is False where the text ends within a template."""

    def __init__(self, data: bytes) -> None:
        spans = [match.span() for match in _SIMPLE.finditer(data)]
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]
        self.sure = all(end - start > 1 for start, end in spans)  # no template is left
        if not self.sure:
            self._starts, self._ends = [], []
            self.sure = self._read(data)

    def is_code(self, offset: int) -> bool:
        """Whether the byte at an offset is code.

        What a template fills in is none where it holds no string: nothing can be imported there.

        >>> lexed = Lexed(b"`a ${ b('c') } d` // e")
        >>> [lexed.is_code(offset) for offset in (1, 6, 15, 21)]
        [False, True, False, False]
        """
        index = bisect_right(self._starts, offset) - 1
        return index < 0 or offset >= self._ends[index]

    def balanced(self, data: bytes) -> bool:
        """Whether the brackets of the code go together; a text that ends within a template is not balanced.

        >>> Lexed(b"a(')')").balanced(b"a(')')"), Lexed(b"a('('").balanced(b"a('('")
        (True, False)
        """
        starts, ends = [*self._starts, len(data)], [0, *self._ends]
        code = b"".join(data[end:start] for end, start in zip(ends, starts, strict=True))
        return self.sure and all(code.count(left) == code.count(right) for left, right in PAIRS)

    def _read(self, data: bytes) -> bool:
        depths: list[int] = []  # of braces, within each `${` that is open
        at, size = 0, len(data)
        while at < size:
            step = _STEP.search(data, at)
            if step is None:
                break
            at, found = step.end(), step[0]
            if found == b"{" and depths:
                depths[-1] += 1
            elif found == b"}" and depths:
                depths[-1] -= 1
            elif found not in {b"`", b"{", b"}"}:
                self._note(step.start(), at)
            if found == b"`" or (found == b"}" and depths and depths[-1] < 0):
                if found == b"}":
                    depths.pop()
                closed, at = self._template(data, step.start(), at)
                if closed is None:
                    return False
                if not closed:
                    depths.append(0)
        return not depths

    def _template(self, data: bytes, start: int, at: int) -> tuple[bool | None, int]:
        """Step over the text of a template: True when it ends, False where a substitution starts, None at the end of all."""
        while (mark := _TEMPLATE.search(data, at)) is not None:
            at = mark.end()
            if mark[0] in {b"`", b"${"}:
                self._note(start, at)
                return mark[0] == b"`", at
        self._note(start, len(data))
        return None, len(data)

    def _note(self, start: int, end: int) -> None:
        self._starts.append(start)
        self._ends.append(end)
