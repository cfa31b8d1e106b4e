"""What is put into SQL: a text, the name of a table, or something that is only known at run time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analyzer.link.statements import HOLE, keywords
from analyzer.link.values import Constant, Sql, Union, Value
from analyzer.model import Call, Choice, Member, Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.link.world import Unit
    from analyzer.model import Expression, Text

_HOLES = re.compile(rf"{HOLE}\d+")
_QUOTES = re.compile(r"[\"`\[\]]")
_NAMED = re.compile(
    r"\s*((?:[\"`\[]?[\w$-]+[\"`\]]?\.)?[\"`\[]?[\w$-]+[\"`\]]?)(?:\s+(?:as\s+)?[\"`]?\w+[\"`]?)?\s*", re.I
)
_IDENTIFYING = {"identifier", "raw", "unsafe", "id", "ref", "table"}


def text_of(value: Value) -> str | None:
    """Return the text that a value puts into SQL, where it is known and the only one.

    >>> text_of(Constant("jars")), text_of(Sql(('"jars"',))), text_of(Constant("jars", others=("jugs",)))
    ('jars', '"jars"', None)
    """
    if isinstance(value, Sql) and all(isinstance(part, str) for part in value.parts):
        return value.text
    known = isinstance(value, Constant) and isinstance(value.value, str) and not value.others
    return str(value.value) if known and isinstance(value, Constant) else None


def names_in(value: Value) -> tuple[str, ...] | None:
    """Return the names of tables that a value puts behind `from`, without quotes and alias; None where what it puts there is not known.

    >>> names_in(Union((Constant("jars"), Sql(('"public"."jugs" j',)), Constant("(select 1 from jugs) as a"))))
    ('jars', 'public.jugs', 'jugs')
    """
    options = value.options if isinstance(value, Union) else (value,)
    if not all(isinstance(one, Constant) or text_of(one) is not None for one in options):
        return None
    return tuple(name for one in options for text in _texts(one) for name in _names(text))


def _names(text: str) -> Iterator[str]:
    name = name_in(text)
    if name is not None:
        yield name
        return
    for mention in keywords(f"from {text}"):
        yield f"{mention.schema}.{mention.name}" if mention.schema else mention.name


def name_in(text: str) -> str | None:
    """Return the name that a piece of SQL is, if it is nothing but one: quotes and an alias aside.

    >>> name_in('"public".jars as j'), name_in("select 1 from jars")
    ('public.jars', None)
    """
    match = _NAMED.fullmatch(text)
    return _QUOTES.sub("", match[1]) if match else None


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, Constant):
        yield from value.texts
    elif (text := text_of(value)) is not None:
        yield text


def named_by(hole: Expression, text: Text) -> Expression | None:
    """Return what makes a hole a name: what `sql.identifier(…)`, `sql.raw(…)` or, in postgres.js, the tag itself is given; None for any other hole."""
    match hole:
        case Call(Member(_, method), (given, *_)) if method in _IDENTIFYING:
            return given
        case Call(Name(id), (given, *_)) if text.tag is not None and not text.tag.path and id == text.tag.root:
            return given
        case _:
            return None


def hole_of(text: Text, name: str) -> Expression | None:
    """Return what stands in the hole that a name in a joined text is, if it is one and nothing else."""
    index = name.removeprefix(HOLE)
    whole = name.startswith(HOLE) and index.isdecimal() and int(index) < len(text.holes)
    return text.holes[int(index)] if whole else None


def fitting(name: str) -> tuple[re.Pattern[str], bool]:
    """Return what the names are like that a name with holes in it may become, and whether anything is known of them.

    >>> [fitting(name)[1] for name in (f"log_{HOLE}0", f"{HOLE}0")]
    [True, False]
    """
    known = _HOLES.split(name)
    return re.compile(".*".join(map(re.escape, known)), re.I), len("".join(known)) > 2


def options_of(hole: Expression | None, unit: Unit) -> tuple[Expression, ...]:
    """Return what a hole is one of, where that is a choice; it may be one by its name."""
    binding = unit.bindings.get(hole.id) if isinstance(hole, Name) else None
    held = binding.value if binding is not None else hole
    return held.options if isinstance(held, Choice) else ()


def is_held(unit: Unit, id: str, depth: int = 4) -> bool:
    """Whether a name is the module's own, or an import, or made of one: `const client = await pool.connect()`."""
    binding = unit.bindings.get(id)
    if id in unit.imports or (binding is not None and "@" not in id):
        return True
    made = binding.value if binding is not None else None
    while isinstance(made, Member | Call):
        made = made.object if isinstance(made, Member) else made.callee
    return isinstance(made, Name) and depth > 0 and is_held(unit, made.id, depth - 1)
