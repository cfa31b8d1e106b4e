"""Which column of which table each name in a parsed statement means, as far as the statement alone can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp

    from analyzer.model import Action

_CONFLICTING = {"excluded", "new", "old", "inserted", "deleted"}


class Field(Struct, frozen=True):
    """A column that a statement names; `sure` when it can be of no other table and is no alias, `quoted` as it is written."""

    schema: str | None
    table: str
    column: str
    action: Action
    sure: bool
    quoted: bool = False


class _Scope(Struct, frozen=True):
    """The tables that a query selects from or writes to, by alias; what else it selects from; its parts that have a name."""

    tables: dict[str, exp.Table]
    open: bool
    aliases: frozenset[str]
    outer: _Scope | None


def fields(statement: exp.Expr) -> Iterator[Field]:
    """Yield the columns that a statement names, in its order; `*` left out."""
    from sqlglot import exp

    scopes: dict[int, _Scope] = {}
    ctes = {cte.alias_or_name for cte in statement.find_all(exp.CTE)}
    for insert in statement.find_all(exp.Insert):
        if isinstance(insert.this, exp.Schema) and isinstance(insert.this.this, exp.Table):
            for part in insert.this.expressions:
                yield _field(insert.this.this, part.name, "insert", sure=True)
    for column in statement.find_all(exp.Column, bfs=False):
        holder = _holder(column)
        if holder is None or isinstance(column.this, exp.Star):
            continue
        scope = _scope(holder, ctes, scopes)
        action: Action = "update" if _is_set(column) else "read"
        yield from _meant(column, scope, action)


def _meant(column: exp.Column, scope: _Scope, action: Action) -> Iterator[Field]:
    qualifier, name = column.table.lower(), column.name
    here: _Scope | None = scope
    if qualifier:
        while here is not None and qualifier not in here.tables:
            here = here.outer
        if here is not None:
            yield _field(here.tables[qualifier], name, action, sure=True)
        elif qualifier in _CONFLICTING:
            for table in scope.tables.values():
                yield _field(table, name, action, sure=False)
        return
    if _is_row(name.lower(), scope):
        return
    alone = len(scope.tables) == 1 and not scope.open and scope.outer is None and name.lower() not in scope.aliases
    while here is not None:
        for table in here.tables.values():
            yield replace(_field(table, name, action, sure=alone), quoted=bool(column.this.args.get("quoted")))
        here = here.outer


def _is_row(name: str, scope: _Scope | None) -> bool:
    """Whether a name means a row as a whole: `row_to_json(u)`, `count(users)`."""
    while scope is not None:
        if name in scope.tables or name in {table.name.lower() for table in scope.tables.values()}:
            return True
        scope = scope.outer
    return False


def _field(table: exp.Table, column: str, action: Action, *, sure: bool) -> Field:
    return Field(table.db or None, table.name, column, action, sure)


def _holder(node: exp.Expr) -> exp.Expr | None:
    from sqlglot import exp

    return node.find_ancestor(exp.Select, exp.Update, exp.Delete, exp.Insert)


def _scope(holder: exp.Expr, ctes: set[str], known: dict[int, _Scope]) -> _Scope:
    from sqlglot import exp

    if id(holder) in known:
        return known[id(holder)]
    tables: dict[str, exp.Table] = {}
    open = False
    for part in _sources(holder):
        if isinstance(part, exp.Table) and isinstance(part.this, exp.Identifier):
            if part.name in ctes and not part.db:
                open = True
            else:
                tables[part.alias_or_name.lower()] = part
        else:
            open = True
    around = _holder(holder)
    outer = _scope(around, ctes, known) if around is not None and not isinstance(around, exp.Insert) else None
    names = frozenset(part.alias.lower() for part in holder.expressions if isinstance(part, exp.Alias))
    known[id(holder)] = _Scope(tables, open, names, outer)
    return known[id(holder)]


def _sources(holder: exp.Expr) -> Iterator[exp.Expr]:
    from sqlglot import exp

    if not isinstance(holder, exp.Select):
        target = holder.this.this if isinstance(holder.this, exp.Schema) else holder.this
        yield target
        yield from (join.this for join in (target.args.get("joins") or () if target is not None else ()))
        yield from holder.args.get("using") or ()
    origin = holder.args.get("from_")
    parts = [origin.this] if origin is not None else []
    parts += [join.this for join in holder.args.get("joins") or ()]
    parts += holder.args.get("laterals") or []
    for part in parts:
        yield part
        yield from (join.this for join in part.args.get("joins") or ())


def _is_set(column: exp.Column) -> bool:
    """Whether a column is the left side of `SET column = …`."""
    from sqlglot import exp

    parent = column.parent
    if not isinstance(parent, exp.EQ) or parent.this is not column:
        return False
    return isinstance(parent.parent, exp.Update | exp.OnConflict) and parent.arg_key == "expressions"
