"""Modules that are loaded by a path put together while the program runs, as patterns of paths."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analyzer.model import Call, Choice, ComputedImport, Literal, Member, Name, Opaque, Template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from analyzer.extract.lowering import Lowering
    from analyzer.extract.queries import Matches
    from analyzer.extract.source import Source
    from analyzer.model import Expression

    Held = Callable[[str], Expression | None]

_TOLD = re.compile(r"[\w-]/")  # a folder is known
_DEPTH = 8
_LONGEST = 300


def computed(matches: Matches, source: Source, lowering: Lowering, held: Held) -> Iterator[ComputedImport]:
    """Yield every module path that is put together at run time, with `*` for what is not known; `held` tells what a name stands for.

    Nothing is said of a path of which neither the beginning nor a folder is known.
    """
    paths = _Paths(held)
    for captures in matches.of("computed-import"):
        node = captures["computed.path"][0]
        path = lowering.expression(node)
        for one in path.options if isinstance(path, Choice) else (path,):
            pattern = _anchored(paths.pattern(one))
            if pattern.startswith("./") or _TOLD.search(pattern):
                yield ComputedImport(pattern, source.site(node))
    for captures in matches.of("import-glob"):
        for node in captures["glob.pattern"]:
            yield ComputedImport(source.string(node), source.site(node))


def _anchored(path: str) -> str:
    """Return a pattern that says where it starts: here, or anywhere where an alias or a package is all that is known.

    >>> [_anchored(path) for path in ("./t/*", "../t/*", "@/t/*", "*/t/*", "@acme/db/t/*")]
    ['./t/*', './../t/*', '*/t/*', '*/t/*', '*/t/*']
    """
    if path.startswith((".", "*")):
        return f"./{path}" if path.startswith("..") else path
    below = path.partition("/")[2]
    inner = below.partition("/")[2] if path.startswith("@") else ""  # a package with a scope, or an alias
    return "*/" + (inner if _TOLD.search(inner) else below)


class _Paths:
    """Reads what paths are made of; each name once."""

    def __init__(self, held: Held) -> None:
        self._held = held
        self._known: dict[str, str] = {}

    def pattern(self, one: Expression | None, depth: int = _DEPTH) -> str:
        match one:
            case Literal(value):
                return str(value)
            case Template(parts):
                return _bounded(self.pattern(part, depth) for part in parts)
            case Name("__dirname") | Member(Opaque(), "dirname" | "url"):
                return "."
            case Name(id) if depth:
                if id not in self._known:
                    self._known[id] = "*"  # where it is made of itself
                    self._known[id] = self.pattern(self._held(id), depth - 1)
                return self._known[id]
            case Call(Name(name) | Member(_, name), arguments) if arguments:
                given = [self.pattern(argument, depth) for argument in arguments]
                return _made(name.partition("@")[0], given)
            case Member(inner, "href" | "pathname") | Call(Member(inner, "toString"), ()):
                return self.pattern(inner, depth)
            case _:
                return "*"


def _bounded(parts: Iterable[str]) -> str:
    """Return parts put together, or that nothing is known where they are long: a path is not."""
    whole = ""
    for part in parts:
        whole += part
        if len(whole) > _LONGEST:
            return "*"
    return whole


def _made(name: str, given: list[str]) -> str:
    """Return what a function makes of paths.

    >>> _made("join", [".", "tables", "*"]), _made("URL", ["./tables/*", "."]), _made("shorten", ["./a"])
    ('./tables/*', './tables/*', '*')
    """
    match name:
        case "join" | "resolve":
            return "/".join(given)
        case "URL" | "pathToFileURL" | "fileURLToPath" | "String" | "normalize":
            return given[0]
        case "dirname":
            return "." if given[0] == "." else "*"
        case _:
            return "*"
