"""What the names of drizzle-orm mean when they are called.

Sources: https://orm.drizzle.team/docs/sql-schema-declaration, /docs/schemas, /docs/views, /docs/relations,
/docs/relations-v2, /docs/goodies (multi-project schema, alias), /docs/custom-types.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from analyzer.link.combine import shown, spoken, union
from analyzer.link.relations import relations, relations_map, tables_of
from analyzer.link.values import (
    NOTHING,
    Builder,
    Builders,
    Client,
    Closure,
    ColumnRef,
    Constant,
    Creator,
    CustomBuilder,
    Derived,
    Environment,
    Library,
    Method,
    Outside,
    Record,
    RelationsMap,
    SchemaRef,
    Sequence,
    Sql,
    TableRef,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from analyzer.link.evaluate import Evaluator
    from analyzer.model import Call, Dialect, Expression, Kind, Site

TABLE_METHODS = {
    "enableRLS",
    "withRLS",
    "$inferSelect",
    "$inferInsert",
    "_",
    "as",
    "existing",
    "with",
    "getSQL",
    "enumValues",
}
COLUMN_METHODS = {"asc", "desc", "nullsFirst", "nullsLast", "op"}
_DIALECT: dict[str, Dialect] = {
    "pg": "postgresql",
    "mysql": "mysql",
    "sqlite": "sqlite",
    "singlestore": "mysql",
    "gel": "postgresql",
    "cockroach": "postgresql",
    "mssql": "mysql",
}
_CORE = re.compile(r"^drizzle-orm/(pg|mysql|sqlite|singlestore|gel|cockroach|mssql)-core")
_TABLE = re.compile(r"^(pg|mysql|sqlite|singlestore|gel|cockroach|mssql)Table$")
_CREATOR = re.compile(r"^(pg|mysql|sqlite|singlestore|gel|cockroach|mssql)TableCreator$")
_SCHEMA = re.compile(r"^(pg|mysql|singlestore|gel|cockroach|mssql)(?:Schema|Database)$")
_VIEW = re.compile(r"^(pg|mysql|sqlite|singlestore|gel|cockroach|mssql)(Materialized)?View$|^view$")
_ENUM = re.compile(r"^(pg|gel|cockroach)Enum$")
_CASES = {"snakeCase": "snake_case", "camelCase": "camelCase"}
_LISTING = {"Object.keys", "Object.values", "Object.entries"}
_PASSED_ON = {
    "defineConfig",
    "defineNuxtConfig",
    "defineNitroConfig",
    "Promise.all",
    "Promise.resolve",
    "Object.freeze",
    "Object.assign",
    "Object.seal",
    "cache",
    "memoize",
    "withReplicas",
}
_GATHERING = {"Array.from", "Set"}
_HANDING_ON = _LISTING | _GATHERING | {"Object.assign"}
_DERIVING = re.compile(
    r"^create(Insert|Select|Update)Schema$|^get(Table)?Columns$|^getViewSelectedFields$|^getTable(Name|Config|UniqueName)$"
)


UNOWNED = "@"  # the owner of what is made in passing
SUPPOSED = "?"  # the owner of what would be made, if a function were called
PACKAGES = re.compile(
    r"drizzle|^better-auth|^@better-auth/|^@auth/pg-adapter|^hub:db|^@nuxthub/db"
)  # what comes from others is no table
OPERATORS = frozenset(  # of drizzle-orm: they take columns, and make conditions and orders of them
    """
    and arrayContained arrayContains arrayOverlaps asc avg avgDistinct between cosineDistance count countDistinct desc eq exists gt gte
    hammingDistance ilike inArray innerProduct isNotNull isNull jaccardDistance l1Distance l2Distance like lt lte max min ne not notBetween
    notExists notIlike notInArray notLike or sql sum sumDistinct SQL
    """.split()  # noqa: SIM905
)


class Owner(Struct, frozen=True):
    """The declaration in which a table is made: its file, name and lines; `id` is unique in the file."""

    file: str
    symbol: str
    id: str
    line: int
    end_line: int


class Declared(Struct, frozen=True):
    """A table, view or enum as it was declared; columns and constraints are read later.

    `given` is the name before a creator made the physical one of it, `made` the call in `file` that makes the table.
    """

    owner: Owner
    kind: Kind
    dialect: Dialect
    schema: Value
    name: Value
    arguments: tuple[Expression, ...]
    file: str
    environment: Environment
    values: Value = NOTHING
    casing: str | None = None
    given: Value = NOTHING
    made: Site | None = None

    @property
    def is_handle(self) -> bool:
        """Whether this is no declaration, but a table made in passing, by the call that also makes the declared one."""
        return self.owner.id.startswith(UNOWNED + ":")

    @property
    def id(self) -> str:
        """The id of the table: file and symbol."""
        return f"{self.owner.file}#{self.owner.id}"


def call(evaluator: Evaluator, callee: Value, call: Call, path: str, environment: Environment) -> Value:
    """Return what a call of something outside the code base gives, or of something that such a call made."""
    match callee:
        case Library():
            return _library(evaluator, callee, call, path, environment)
        case Creator(dialect, rename):
            return _declare(evaluator, "table", dialect, Constant(None), call, path, environment, rename)
        case Method(owner, name):
            return _method(evaluator, owner, name, call, path, environment)
        case TableRef(id) if evaluator.declared[id].kind == "enum":
            return Builder(
                evaluator.declared[id].dialect,
                f"enum:{id}",
                tuple(evaluator.arguments(call, path, environment)),
                file=path,
                line=call.site.line,
            )
        case CustomBuilder(dialect):
            arguments = tuple(evaluator.arguments(call, path, environment))
            return Builder(dialect, "customType", (callee, *arguments), file=path, line=call.site.line)
        case _:
            return NOTHING


def hands_on(callee: Value) -> bool:
    """Whether a call gives what is in its arguments, in another form."""
    match callee:
        case Library(exported=name, path=path):
            return ".".join((name, *path)) in _HANDING_ON
        case Method(Constant() | Sequence()):
            return True
        case _:
            return False


def is_known(callee: Value) -> bool:
    """Whether what a call is given matters: it may declare something, or hands it on."""
    match callee:
        case Library(source, name):
            return bool(PACKAGES.search(source)) or name in _PASSED_ON
        case Method(Constant() | Sequence() | Unknown()):
            return False
        case _:
            return True


def _library(evaluator: Evaluator, callee: Library, call: Call, path: str, environment: Environment) -> Value:
    name, core = callee.exported, _CORE.match(callee.source)
    dotted = ".".join((name, *callee.path))
    if not callee.source.startswith("drizzle-") or callee.source.startswith("drizzle-kit"):
        return _foreign(evaluator, callee, dotted, call, path, environment)
    if callee.path == ("withRLS",) and _TABLE.match(name):
        return _declare(evaluator, "table", _DIALECT[_TABLE.match(name)[1]], Constant(None), call, path, environment)  # type: ignore[index]
    if name in _CASES and callee.path[:1] in {("table",), ("view",)} and core:
        made_in: Kind = "table" if callee.path[0] == "table" else "view"
        casing = _CASES[name]
        return _declare(evaluator, made_in, _DIALECT[core[1]], Constant(None), call, path, environment, casing=casing)
    if name == "sql" and callee.path in {("raw",), ("identifier",)}:
        given = evaluator.arguments(call, path, environment)[:1]
        return Sql(tuple(spoken(value) if isinstance(value, Constant) else value for value in given))
    if callee.path:
        return NOTHING
    for pattern, kind in ((_TABLE, "table"), (_VIEW, "view"), (_ENUM, "enum")):
        match = pattern.match(name)
        if match:
            dialect = _DIALECT[match[1] or (core[1] if core else "pg")]
            made: Kind = "materialized-view" if kind == "view" and match.lastindex == 2 and match[2] else kind  # type: ignore[assignment]
            return _declare(evaluator, made, dialect, Constant(None), call, path, environment)
    if match := _CREATOR.match(name):
        arguments = evaluator.arguments(call, path, environment)
        return Creator(_DIALECT[match[1]], arguments[0] if arguments else NOTHING)
    if match := _SCHEMA.match(name):
        given = evaluator.arguments(call, path, environment)
        text = given[0].value if given and isinstance(given[0], Constant) else None
        return SchemaRef(_DIALECT[match[1]], text if isinstance(text, str) else None)
    return _helper(evaluator, callee, core, call, path, environment)


def _helper(
    evaluator: Evaluator, callee: Library, core: re.Match[str] | None, call: Call, path: str, environment: Environment
) -> Value:
    name = callee.exported
    if name == "customType" and core:
        arguments = evaluator.arguments(call, path, environment)
        return CustomBuilder(_DIALECT[core[1]], arguments[0] if arguments else NOTHING)
    if name == "relations":
        return relations(evaluator, call, path, environment)
    if name in {"defineRelations", "defineRelationsPart"}:
        return relations_map(evaluator, call, path, environment)
    if name in {"alias", "aliasedTable"}:
        tables = tables_of(evaluator.arguments(call, path, environment)[:1])
        return TableRef(tables[0], name) if tables else NOTHING
    if name == "getTableName":
        tables = tables_of(evaluator.arguments(call, path, environment)[:1])
        return evaluator.declared[tables[0]].name if tables else NOTHING
    if _DERIVING.match(name):
        tables = tables_of(evaluator.arguments(call, path, environment)[:1])
        return Derived(tables[0], name) if tables else NOTHING
    if name == "drizzle":
        return _client(evaluator, call, path, environment)
    if core and not callee.path:
        return Builder(
            _DIALECT[core[1]], name, tuple(evaluator.arguments(call, path, environment)), file=path, line=call.site.line
        )
    return NOTHING


def _foreign(
    evaluator: Evaluator, callee: Library, dotted: str, call: Call, path: str, environment: Environment
) -> Value:
    if dotted in _LISTING:
        return _listed(evaluator, callee.path[0], evaluator.arguments(call, path, environment))
    if dotted == "Object.fromEntries":
        return _of_entries(evaluator.arguments(call, path, environment)[:1])
    if dotted == "Object.assign":
        return _assigned(evaluator, evaluator.arguments(call, path, environment))
    if dotted in _PASSED_ON or dotted in _GATHERING or callee.exported in _PASSED_ON:
        arguments = evaluator.arguments(call, path, environment)
        return arguments[0] if arguments else NOTHING
    if callee.exported in {"createEnv", "proxy"}:
        return NOTHING
    return Outside(f"call of {dotted}", source=callee.source)


def _listed(evaluator: Evaluator, what: str, arguments: list[Value]) -> Value:
    """Return the values, the keys or the entries of an object in a list; keys only of one that holds no table: its tables are chosen by them."""
    record = evaluator.record(arguments[0]) if arguments else None
    if record is None or (what == "keys" and any(map(evaluator.carries, record.entries.values()))):
        return NOTHING
    keys, values = tuple(map(Constant, record.entries)), tuple(record.entries.values())
    if what == "entries":
        return Sequence(tuple(map(Sequence, zip(keys, values, strict=True))), enumerated=True)
    return Sequence(keys if what == "keys" else values, enumerated=True)


def _of_entries(arguments: list[Value]) -> Value:
    """Return the object that is made of a list of keys and values."""
    pairs = arguments[0].items if arguments and isinstance(arguments[0], Sequence) else ()
    known = [pair.items for pair in pairs if isinstance(pair, Sequence) and len(pair.items) == 2]
    entries = {str(key.value): value for key, value in known if isinstance(key, Constant)}
    return Record(entries, open=len(entries) < len(pairs)) if entries else NOTHING


def _assigned(evaluator: Evaluator, values: list[Value]) -> Value:
    records = [evaluator.record(value) for value in values]
    merged: dict[str, Value] = {}
    for record in records:
        merged.update(record.entries if record else {})
    return Record(merged, any(record is None or record.open for record in records))


def _method(evaluator: Evaluator, owner: Value, name: str, call: Call, path: str, environment: Environment) -> Value:
    match owner:
        case SchemaRef(dialect, schema):
            kinds: dict[str, Kind] = {
                "table": "table",
                "view": "view",
                "materializedView": "materialized-view",
                "enum": "enum",
            }
            if name in kinds:
                where: Value = Constant(schema) if schema is not None else NOTHING
                return _declare(evaluator, kinds[name], dialect, where, call, path, environment)
            return NOTHING
        case Method(SchemaRef() as schema_ref, "table") if name == "withRLS":
            return _method(evaluator, schema_ref, "table", call, path, environment)
        case Builders(dialect):
            return Builder(
                dialect, name, tuple(evaluator.arguments(call, path, environment)), file=path, line=call.site.line
            )
        case Builder():
            arguments = tuple(evaluator.arguments(call, path, environment))
            return Builder(
                owner.dialect, owner.name, owner.arguments, (*owner.calls, (name, arguments)), owner.file, owner.line
            )
        case ColumnRef(table, property, orders):
            return ColumnRef(table, property, (*orders, _order(name, evaluator.arguments(call, path, environment))))
        case TableRef(id):
            if name == "existing":
                evaluator.existing.add(id)
            return owner
        case Derived():
            return owner
        case Constant(str() as text):
            return _string(text, name, evaluator.arguments(call, path, environment))
        case Sequence(items) if name in {"find", "findLast"}:
            return union(items, "computed")
        case Sequence() if name == "at" and call.arguments:
            return evaluator.indexed(owner, evaluator.arguments(call, path, environment)[0])
        case Sequence(items) if name in {"concat", "filter", "slice", "reverse", "flat"}:
            return Sequence((*items, *evaluator.arguments(call, path, environment))) if name == "concat" else owner
        case Client():
            return owner if name in {"$withAuth", "withReplicas"} else Unknown(f"call of {name!r}")
        case _:
            return NOTHING


def _order(name: str, arguments: list[Value]) -> str:
    """Return what is said of a column of an index: `desc`, `nulls first`, `op:` and an operator class."""
    if name == "op":
        return f"op:{arguments[0].value}" if arguments and isinstance(arguments[0], Constant) else "op:?"
    return {"nullsFirst": "nulls first", "nullsLast": "nulls last"}.get(name, name)


def _string(text: str, name: str, arguments: list[Value]) -> Value:
    texts = [value.value for value in arguments if isinstance(value, Constant)]
    strings = [value for value in texts if isinstance(value, str)]
    match name:
        case "toLowerCase":
            return Constant(text.lower())
        case "toUpperCase":
            return Constant(text.upper())
        case "trim" | "toString":
            return Constant(text.strip() if name == "trim" else text)
        case "concat" if len(strings) == len(arguments):
            return Constant(text + "".join(strings))
        case "replace" | "replaceAll" if len(strings) == 2 == len(arguments):
            return Constant(text.replace(strings[0], strings[1], -1 if name == "replaceAll" else 1))
        case _:
            return Unknown(f"call of {name!r}")


def _declare(
    evaluator: Evaluator,
    kind: Kind,
    dialect: Dialect,
    schema: Value,
    call: Call,
    path: str,
    environment: Environment,
    rename: Value | None = None,
    casing: str | None = None,
) -> Value:
    owner = evaluator.owner
    if owner is not None and owner.id == SUPPOSED:
        return Builders(dialect)
    if owner is None:
        owner = Owner(path, "", f"@{call.site.line}:{call.site.column}", call.site.line, call.site.line)
    name = evaluator.evaluate(call.arguments[0], path, environment) if call.arguments else NOTHING
    given = name
    if rename is not None:
        name = evaluator.run(rename, [name], always=True) if isinstance(rename, Closure) else Unknown("${…}")
    values = (
        evaluator.evaluate(call.arguments[1], path, environment)
        if kind == "enum" and len(call.arguments) > 1
        else NOTHING
    )
    if owner.id == UNOWNED:
        made = f"{UNOWNED}:{call.site.line}:{call.site.column}:{shown(name)}"
        owner = Owner(path, "", made, call.site.line, call.site.line)
    declared = Declared(
        owner, kind, dialect, schema, name, call.arguments[1:], path, environment, values, casing, given, call.site
    )
    if evaluator.declared.setdefault(declared.id, declared) is declared:
        evaluator.made.setdefault((path, call.site), []).append(declared.id)
    return TableRef(declared.id)


def _client(evaluator: Evaluator, call: Call, path: str, environment: Environment) -> Value:
    records = [evaluator.record(evaluator.evaluate(argument, path, environment)) for argument in call.arguments]
    options: dict[str, Value] = {}
    for record in records:
        options.update(record.entries if record else {})
    casing = options.get("casing")
    schema = options.get("schema") or options.get("relations") or NOTHING
    client = Client(
        schema.schema if isinstance(schema, RelationsMap) else schema,
        path,
        str(casing.value) if isinstance(casing, Constant) and casing.value else None,
    )
    supposed = evaluator.owner is not None and evaluator.owner.id == SUPPOSED
    if not supposed and client not in evaluator.clients:
        evaluator.clients.append(client)
    return client
