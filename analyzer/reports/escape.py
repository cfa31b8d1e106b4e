"""Names from the code base, made safe for where they are shown: nothing of them is obeyed."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]")


def plain(text: str, *, markup: bool = False) -> str:
    """Return a text with control characters spelled out, and with rich's markup switched off when `markup`.

    >>> plain("a\\x1b[31mb\\n")
    'a\\\\x1b[31mb\\\\n'
    """
    spelled = _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
    if not markup:
        return spelled
    from rich.markup import escape

    return escape(spelled)
