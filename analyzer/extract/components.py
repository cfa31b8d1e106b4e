"""Components (.vue, .svelte, .astro): their scripts, and the expressions in their markup."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ISLAND = re.compile(rb"""<script\b(?:[^>"']|"[^"]*"|'[^']*')*>(.*?)</script>""", re.S | re.I)
_MARKED = re.compile(rb"""[{}]|"[^"]*"|'[^']*'""")
_ASKING = re.compile(rb"\bawait\b|\.\s*(?:query|from|insert|update|delete|execute)\b")
_STYLE = re.compile(rb"<style\b.*?</style>", re.S | re.I)
_FRONT = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*---\r?\n(.*?)\r?\n---", re.S)


@cache
def _blank() -> bytes:
    return bytes(byte if byte in b"\r\n" else 32 for byte in range(256))


def script(data: bytes) -> bytes:
    """Return a component file (.vue, .svelte, .astro) with all but its scripts blanked out; every offset stays.

    In the markup of Astro what stands in braces is code as well; where it may ask a database, it stays, in parentheses.

    >>> script(b'<p>a</p><script>let b</script>')
    b'                let b         '
    >>> script(b'---\\nlet a\\n---\\n<p>{(await db.query.users.findMany()).length}</p>')
    b'   \\nlet a\\n   \\n  ;((await db.query.users.findMany()).length)    '
    """
    spans = [match.span(1) for match in _ISLAND.finditer(data)]
    front = _FRONT.match(data)
    if front:
        spans.insert(0, front.span(1))
    out, end = bytearray(), 0
    for start, stop in spans:
        if start >= end:
            out += data[end:start].translate(_blank()) + data[start:stop]
            end = stop
    out += data[end:].translate(_blank())
    markup = _STYLE.sub(lambda match: match[0].translate(_blank()), outside(data, bytes(out))) if front else b""
    for start, code in _expressions(markup):
        if code[:1] == b"{" and code[-1:] == b"}" and _ASKING.search(code):
            out[start - 1 : start + len(code)] = b";(" + code[1:-1] + b")"
    return bytes(out)


def outside(data: bytes, scripts: bytes) -> bytes:
    """Return a component with its scripts blanked out; every offset stays."""
    return bytes(32 if kept == byte and byte > 32 else byte for byte, kept in zip(data, scripts, strict=True))


def expressions(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield what stands in braces or quotes in the markup of a component, with its offset; braces within braces are part of it.

    >>> list(expressions(b"<p title='a'>{list.map((one) => { return one })}</p>"))
    [(9, b"'a'"), (13, b'{list.map((one) => { return one })}')]
    """
    yield from _expressions(outside(data, script(data)))


def _expressions(markup: bytes) -> Iterator[tuple[int, bytes]]:
    depth = start = 0
    for match in _MARKED.finditer(markup):
        if match[0] not in {b"{", b"}"}:
            if not depth:
                yield match.start(), match[0]
            continue
        if match[0] == b"{":
            start = match.start() if not depth else start
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield start, markup[start : match.end()]
    if depth:
        yield start, markup[start:]
