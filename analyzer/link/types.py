"""SQL types as Drizzle prints them (`getSQLType()`), by dialect and builder.

Source: https://orm.drizzle.team/docs/column-types/pg, /mysql and /sqlite; checked against drizzle-orm 0.45.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from analyzer.model import Dialect

Options: TypeAlias = Mapping[str, str | int | float | bool | None]
Printer: TypeAlias = "str | Callable[[Options], str]"


def _sized(name: str, key: str = "length") -> Printer:
    return lambda options: f"{name}({options[key]})" if options.get(key) is not None else name


def _scaled(name: str, separator: str, *, unsigned: bool = False) -> Printer:
    def printed(options: Options) -> str:
        precision, scale = options.get("precision"), options.get("scale")
        size = "" if precision is None else f"({precision})" if scale is None else f"({precision}{separator}{scale})"
        text = name + size
        text = name if name == "decimal" and size in {"(10,0)", "(10)"} else text
        return f"{text} unsigned" if unsigned and options.get("unsigned") else text

    return printed


def _zoned(name: str, gap: str) -> Printer:
    def printed(options: Options) -> str:
        precision = options.get("precision")
        space = "" if options.get("mode") == "string" else gap
        size = "" if precision is None else f"{space}({precision})"
        return f"{name}{size}{' with time zone' if options.get('withTimezone') else ''}"

    return printed


def _interval(options: Options) -> str:
    fields, precision = options.get("fields"), options.get("precision")
    return f"interval{f' {fields}' if fields else ''}{f'({precision})' if precision else ''}"


def _whole(name: str) -> Printer:
    return lambda options: f"{name} unsigned" if options.get("unsigned") else name


def _geometry(options: Options) -> str:
    srid = options.get("srid")
    return f"geometry({options.get('type') or 'point'}{f',{srid}' if srid else ''})"


_PLAIN_PG = "bigint bigserial boolean cidr date inet integer json jsonb line macaddr macaddr8 point real serial smallint smallserial text uuid"
POSTGRESQL: Mapping[str, Printer] = {
    **{name: name for name in _PLAIN_PG.split()},
    "bit": _sized("bit", "dimensions"),
    "char": _sized("char"),
    "decimal": _scaled("numeric", ", "),
    "doublePrecision": "double precision",
    "geometry": _geometry,
    "halfvec": _sized("halfvec", "dimensions"),
    "interval": _interval,
    "numeric": _scaled("numeric", ", "),
    "sparsevec": _sized("sparsevec", "dimensions"),
    "time": _zoned("time", ""),
    "timestamp": _zoned("timestamp", " "),
    "varchar": _sized("varchar"),
    "vector": _sized("vector", "dimensions"),
}
MYSQL: Mapping[str, Printer] = {
    **{
        name: name
        for name in [
            "boolean",
            "date",
            "json",
            "longtext",
            "mediumtext",
            "serial",
            "text",
            "tinytext",
            "year",
            "blob",
            "tinyblob",
            "mediumblob",
            "longblob",
        ]
    },
    **{name: _whole(name) for name in ["bigint", "int", "mediumint", "smallint", "tinyint"]},
    **{name: _sized(name) for name in ["binary", "char", "varbinary", "varchar"]},
    **{name: _sized(name, "fsp") for name in ["datetime", "time", "timestamp"]},
    **{name: _scaled(name, ",", unsigned=True) for name in ["decimal", "double", "float"]},
    "real": _scaled("real", ", "),
    "bytea": "bytea",
    "vector": _sized("vector", "dimensions"),
}
SQLITE: Mapping[str, Printer] = {
    **{name: name for name in ["blob", "integer", "numeric", "real"]},
    "int": "integer",
    "text": lambda options: f"text({options['length']})" if options.get("length") else "text",
}
TYPES: Mapping[Dialect, Mapping[str, Printer]] = {"postgresql": POSTGRESQL, "mysql": MYSQL, "sqlite": SQLITE}


def sql_type(dialect: Dialect, builder: str, options: Options) -> str | None:
    """Return the type that a column builder makes, or None for a builder that Drizzle does not have.

    >>> sql_type("postgresql", "varchar", {"length": 255})
    'varchar(255)'
    >>> sql_type("postgresql", "timestamp", {"withTimezone": True})
    'timestamp with time zone'
    """
    printer = TYPES[dialect].get(builder)
    return printer(options) if callable(printer) else printer
