"""Several values as one, and values in words."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Literal as OneOf

from analyzer.link.values import (
    NOTHING,
    ColumnRef,
    Constant,
    Derived,
    Library,
    Namespace,
    Record,
    Sequence,
    TableRef,
    Union,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzer.model import Choice

_PLAIN = (TableRef, ColumnRef, Constant, Library, Namespace, Derived, Unknown)  # equal when they say the same


def promise(value: Value) -> int:
    """How likely a name comes from a star that cannot be read: first from Drizzle, then from a module that is missing."""
    match value:
        case Library(source=source) if source.startswith("drizzle-orm"):
            return 3
        case Unknown(module=str()):
            return 2
        case Library():
            return 1
        case _:
            return 0


def held(value: Record | Sequence | Union) -> list[Value]:
    if isinstance(value, Record):
        return list(value.entries.values())
    return list(value.items if isinstance(value, Sequence) else value.options)


def union(values: Iterable[Value], how: OneOf["", "computed", "enumerated"] = "") -> Value:
    """Return several possible values as one; unknown ones are left out where others are known."""
    flat: dict[object, Value] = {}
    for value in values:
        for option in value.options if isinstance(value, Union) else (value,):
            flat.setdefault(option if isinstance(option, _PLAIN) else id(option), option)
        how = value.how or how if isinstance(value, Union) else how
    known = [value for value in flat.values() if not isinstance(value, Unknown)] or [*flat.values()][:1]
    if len(known) == 1 and (not how or isinstance(known[0], Unknown)):
        return known[0]
    return Union(tuple(known), how) if known else NOTHING


def spoken(value: Value) -> str:
    """Return a constant as a template would print it."""
    inner = value.value if isinstance(value, Constant) else None
    if inner is None:
        return "null"
    return str(inner).lower() if isinstance(inner, bool) else str(inner)


def texts_in(value: Value) -> tuple[str, ...]:
    """Return the texts that a value may be.

    >>> texts_in(Constant("jars", others=("jugs",))), texts_in(NOTHING)
    (('jugs', 'jars'), ())
    """
    options = value.options if isinstance(value, Union) else (value,)
    return tuple(text for option in options if isinstance(option, Constant) for text in option.texts)


def shown(value: Value) -> str:
    """Return a value as a pattern shows it: text where it is known, `${…}` where it is not."""
    match value:
        case Constant(pattern=str() as pattern):
            return pattern
        case Constant():
            return spoken(value)
        case Library(source="", exported=name, path=path):
            return f"${{{'.'.join((name, *path))}}}"
        case Unknown(reason) if reason.startswith("${") or "${" in reason:
            return reason
        case _:
            return "${…}"


def told(values: list[Value]) -> Value:
    """Return the text that a template or a sum makes of values; unknown, with its pattern, where a part is."""
    if all(isinstance(value, Constant) and value.value is not None for value in values):
        pattern = any(isinstance(value, Constant) and value.pattern for value in values)
        texts = [spoken(value) for value in values]
        return Constant("".join(texts), "".join(shown(value) for value in values) if pattern else None)
    return Unknown("".join(shown(value) for value in values))


def chosen(choice: Choice, values: list[Value]) -> Value:
    """Return what a choice between values gives, as far as that is decided; else all that are known."""
    first = values[0]
    if choice.operator in {"??", "||"} and isinstance(first, Constant) and not first.pattern:
        missing = first.value is None if choice.operator == "??" else not first.value
        return values[1] if missing else first
    known = [value for value in values if not isinstance(value, Unknown | Library)]
    constants = [value for value in known if isinstance(value, Constant) and value.value is not None]
    if constants and len(constants) == len(known):
        same = len(known) == len(values) and len({value.value for value in constants}) == 1
        others = dict.fromkeys(text for one in constants for text in one.texts if text != constants[-1].value)
        return constants[-1] if same else Constant(constants[-1].value, f"${{{choice.text}}}", tuple(others))
    known = [value for value in known if not isinstance(value, Constant)]
    if len(known) > 1:
        return union(known)
    return known[0] if known else values[-1]
