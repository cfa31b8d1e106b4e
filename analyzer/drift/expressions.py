"""One spelling for each default, check and predicate: PostgreSQL keeps `now()` and prints `'draft'::character varying`.

PostgreSQL stores expressions parsed and prints them anew: with casts on every literal, parentheses around every operator,
`IN` as `= ANY (ARRAY[…])` and `LIKE` as `~~` (https://www.postgresql.org/docs/current/functions-info.html, pg_get_expr).
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeAlias

    from sqlglot import exp

    from analyzer.model import Dialect

    Node: TypeAlias = exp.Expr

NUMBERS = (
    "integer", "bigint", "smallint", "numeric", "real", "double precision", "int", "tinyint", "mediumint",
    "decimal", "double", "float", "money",
)  # fmt: skip
_DIALECTS = {"postgresql": "postgres", "mysql": "mysql", "sqlite": "sqlite"}
_MIDNIGHT = re.compile(r"^(\d{4}-\d\d-\d\d)[ T]00:00:00(?:\+00)?$")  # how a day is stored as a moment
_TEXT_CAST = re.compile(r"('(?:[^']|'')*')::(?:text|character varying|varchar|bpchar)\b(?:\(\d+\))?")


@lru_cache(maxsize=4096)
def expression(text: str, dialect: Dialect) -> str | None:
    """Return the one spelling of an expression; None when it cannot be parsed.

    >>> written = '"status" IN (\\'a\\', \\'b\\') AND price > 0'
    >>> stored = "(((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])) AND (price > (0)::numeric))"
    >>> expression(written, "postgresql") == expression(stored, "postgresql")
    True
    """
    import sqlglot
    from sqlglot.errors import SqlglotError

    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    try:
        bare = _TEXT_CAST.sub(r"\1", text)
        parsed = sqlglot.parse_one(f"SELECT {bare}", read=_DIALECTS[dialect])
        if not isinstance(parsed, sqlglot.exp.Select) or len(parsed.expressions) != 1:
            return None
        return _plain(parsed.expressions[0]).sql(dialect="postgres", comments=False)
    except (SqlglotError, RecursionError):
        return None


def _plain(node: Node) -> Node:
    """Return an expression with what is only spelling taken out, from the leaves up."""
    from sqlglot import exp

    for child in list(node.find_all(*_changing(), bfs=False))[::-1]:
        made = _replacement(child)
        if made is not child:
            if child is node:
                node = made
            else:
                child.replace(made)
    for identifier in node.find_all(exp.Identifier):
        identifier.set("quoted", False)
    return _ordered(node)


def _changing() -> tuple[type[Node], ...]:
    from sqlglot import exp

    return (
        exp.Paren, exp.Cast, exp.Column, exp.Between, exp.EQ, exp.NEQ, exp.Dot, exp.CurrentTimestamp, exp.Neg, exp.In,
        exp.Interval, exp.Alias, exp.Literal, exp.Any, exp.Identifier, exp.Tuple,
    )  # fmt: skip


def _replacement(node: Node) -> Node:
    from sqlglot import exp

    match node:
        case exp.Paren() | exp.Alias():
            inner: Node = node.this
            return inner
        case exp.Cast():
            return _uncast(node)
        case exp.Column():
            return exp.Column(this=node.this)
        case exp.Identifier() if not node.args.get("quoted"):
            return exp.to_identifier(node.name.lower())
        case exp.Interval() if isinstance(node.this, exp.Literal):
            unit = f" {node.args['unit'].name}" if node.args.get("unit") else ""
            return exp.Literal.string(f"{node.this.name}{unit}".lower())
        case exp.Between():
            low = exp.GTE(this=node.this.copy(), expression=node.args["low"])
            return exp.And(this=low, expression=exp.LTE(this=node.this.copy(), expression=node.args["high"]))
        case exp.EQ() if isinstance(node.expression, exp.Any):
            return _listed(node, node.expression.this, negated=False)
        case exp.NEQ() if isinstance(node.expression, exp.All):
            return _listed(node, node.expression.this, negated=True)
        case exp.NEQ() if isinstance(node.expression, exp.Anonymous) and node.expression.name.upper() == "ALL":
            return _listed(node, node.expression.expressions[0], negated=True)
        case exp.In() if len(node.expressions) == 1:
            return exp.EQ(this=node.this, expression=node.expressions[0])
        case exp.Dot() if isinstance(node.expression, exp.Func):
            return node.expression
        case exp.Literal() if node.is_string and (moment := _MIDNIGHT.match(node.name)):
            return exp.Literal.string(moment[1])
        case exp.Neg() if isinstance(node.this, exp.Literal):
            return exp.Literal(this=f"-{node.this.name}", is_string=False)
        case _:
            return node


def _uncast(node: Node) -> Node:
    """Return what is cast: PostgreSQL writes a cast at every literal, and around most columns of text."""
    from sqlglot import exp

    inner: Node = node.this
    kind = node.args["to"].sql(dialect="postgres").lower()
    if isinstance(inner, exp.Literal) and inner.is_string and kind.startswith(NUMBERS) and is_number(inner.name):
        return exp.Literal.number(inner.name)
    if isinstance(inner, exp.Literal) and kind == "interval":
        return exp.Literal.string(inner.name.lower())
    return inner


def _listed(node: Node, inner: Node, *, negated: bool) -> Node:
    from sqlglot import exp

    while isinstance(inner, exp.Paren | exp.Cast):
        inner = inner.this
    if not isinstance(inner, exp.Array):
        return node
    made: Node = exp.In(this=node.this, expressions=inner.expressions)
    if len(inner.expressions) == 1:
        made = exp.EQ(this=node.this, expression=inner.expressions[0])
    return exp.Not(this=made) if negated else made


def _ordered(node: Node) -> Node:
    """Return an expression in which the order of what `AND` and `OR` join, and double negation, do not matter."""
    from sqlglot import exp

    if isinstance(node, exp.Connector):
        parts = sorted((_ordered(part) for part in node.flatten()), key=lambda part: part.sql(dialect="postgres"))
        kind = type(node)
        whole = parts[0].copy()
        for part in parts[1:]:
            whole = kind(this=whole, expression=part.copy())
        return whole
    if isinstance(node, exp.Not) and isinstance(node.this, exp.EQ):
        return exp.NEQ(this=node.this.this, expression=node.this.expression)
    return node


def is_number(text: str) -> bool:
    """Whether a text is a number."""
    return re.fullmatch(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", text.strip(), re.I) is not None
