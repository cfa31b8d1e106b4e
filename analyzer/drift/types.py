"""One spelling for each type: `timestamptz` is `timestamp with time zone`, `int4` is `integer`.

Sources: https://www.postgresql.org/docs/current/datatype.html (aliases, default modifiers),
https://dev.mysql.com/doc/refman/8.4/en/numeric-type-syntax.html, https://www.sqlite.org/datatype3.html (affinity).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analyzer.model import Dialect

_ALIASES = {
    "int": "integer",
    "int4": "integer",
    "int8": "bigint",
    "int2": "smallint",
    "float8": "double precision",
    "double": "double precision",
    "float": "double precision",
    "float4": "real",
    "decimal": "numeric",
    "dec": "numeric",
    "varchar": "character varying",
    "char varying": "character varying",
    "char": "character",
    "bpchar": "character",
    "bool": "boolean",
    "varbit": "bit varying",
    "timestamptz": "timestamp with time zone",
    "timestamp without time zone": "timestamp",
    "timetz": "time with time zone",
    "time without time zone": "time",
}
_SERIALS = {
    "serial": "integer",
    "serial4": "integer",
    "bigserial": "bigint",
    "serial8": "bigint",
    "smallserial": "smallint",
    "serial2": "smallint",
}
_DEFAULT_SIZES = {
    "character": "1",
    "bit": "1",
    "timestamp": "6",
    "timestamp with time zone": "6",
    "time": "6",
    "time with time zone": "6",
    "interval": "6",
}
_IMPLIED = {"character": "1", "bit": "1"}
_PARTS = re.compile(
    r"^(?P<name>.*?)(?:\s*\((?P<size>[^()]*)\))?(?P<rest>\s(?:with|without) time zone|\s(?:year|month|day|hour|minute|second)(?: to \w+)?)?$",
    re.S | re.I,
)
_MYSQL = {
    "integer": "int",
    "int4": "int",
    "int8": "bigint",
    "int2": "smallint",
    "bool": "tinyint(1)",
    "boolean": "tinyint(1)",
    "dec": "decimal",
    "numeric": "decimal",
    "fixed": "decimal",
    "double precision": "double",
    "real": "double",
    "character varying": "varchar",
    "character": "char",
    "serial": "bigint unsigned",
}
_WIDTHS = {"tinyint", "smallint", "mediumint", "int", "bigint", "year"}


def canonical(type: str, dialect: Dialect) -> str:
    """Return the one spelling of a type; of a serial, the type of the column that it makes.

    >>> canonical("timestamptz", "postgresql"), canonical("varchar(255)", "postgresql"), canonical("serial", "postgresql")
    ('timestamp with time zone', 'character varying(255)', 'integer')
    >>> canonical("INT4[3]", "postgresql"), canonical('public."Mood"', "postgresql"), canonical("numeric(10)", "postgresql")
    ('integer[]', 'Mood', 'numeric(10,0)')
    >>> canonical("int(11) unsigned", "mysql"), canonical("boolean", "mysql")
    ('int unsigned', 'tinyint(1)')
    >>> canonical("varchar(20)", "sqlite"), canonical("BIGINT", "sqlite")
    ('text', 'integer')
    """
    match dialect:
        case "postgresql":
            return _postgresql(type)
        case "mysql":
            return _mysql(type)
        case "sqlite":
            return _affinity(type)


def is_serial(type: str, dialect: Dialect) -> bool:
    """Whether a type makes its column count upward by itself."""
    return type.lower() in _SERIALS or (dialect == "mysql" and type.lower() == "serial")


def is_builtin(type: str) -> bool:
    """Whether a type is PostgreSQL's own, or that of a well-known extension.

    >>> is_builtin("VARCHAR(20)[]"), is_builtin("Mood")
    (True, False)
    """
    return base(_postgresql(type)).removesuffix("[]") in _BUILT_IN


def base(canonical: str) -> str:
    """Return a canonical type without its size.

    >>> base("character varying(255)"), base("timestamp(3) with time zone"), base("numeric(10,2)[]")
    ('character varying', 'timestamp with time zone', 'numeric[]')
    """
    return re.sub(r"\([^()]*\)", "", canonical) if not canonical.startswith("enum(") else "enum"


def _postgresql(type: str) -> str:
    text = re.sub(r"\s+", " ", type.strip())
    element = re.sub(r"(\s*\[\s*\d*\s*\])+$|\s+array(\s*\[\s*\d*\s*\])?$", "", text, flags=re.I)
    array = "[]" if element != text else ""
    if element.startswith("_") and element[1:].lower() in {*_ALIASES, *_ALIASES.values(), "text", "uuid", "jsonb"}:
        element, array = element[1:], "[]"
    name, size, rest = _taken_apart(element)
    size = size or _IMPLIED.get(name, "")
    if name == "numeric" and size and "," not in size:
        size += ",0"
    if name == "double precision" and size and element.lower().startswith("float"):
        name, size = ("real", "") if int(size) <= 24 else (name, "")
    if name in _DEFAULT_SIZES and size == _DEFAULT_SIZES[name] and name not in _IMPLIED:
        size = ""
    if name.endswith(" with time zone") and size:
        return f"{name.removesuffix(' with time zone')}({size}) with time zone{array}"
    return f"{name}{f'({size})' if size else ''}{rest}{array}"


def _taken_apart(element: str) -> tuple[str, str, str]:
    """Return the name, the size and what stands behind them (fields of an interval)."""
    if '"' in element:
        return _unquoted(element), "", ""
    match = _PARTS.match(element)
    assert match is not None
    name, size, rest = match["name"].strip(), re.sub(r"\s", "", match["size"] or ""), (match["rest"] or "").lower()
    plain = re.sub(r"^(public|pg_catalog)\.", "", name)
    if name.startswith("public.") and _ALIASES.get(plain.lower(), plain.lower()) in _OWN:
        return name, size, ""  # a type of the user's that is called like one of PostgreSQL's
    lower = plain.lower() + (rest if "zone" in rest else "")
    known = _ALIASES.get(lower, _SERIALS.get(lower, lower))
    builtin = known in _DEFAULT_SIZES or known != plain.lower() or "zone" in rest or _is_plain(known)
    size = size.lower() if known in {"geometry", "geography"} else size
    return known if builtin else plain, size, "" if "zone" in rest else rest


def _is_plain(name: str) -> bool:
    return name in _BUILT_IN


_BUILT_IN = {
    *_ALIASES.values(),
    *[
        "bytea",
        "cidr",
        "date",
        "inet",
        "interval",
        "json",
        "jsonb",
        "line",
        "macaddr",
        "macaddr8",
        "money",
        "name",
        "point",
        "text",
        "uuid",
        "xml",
        "bigint",
        "smallint",
    ],
    *[
        "real",
        "tsvector",
        "tsquery",
        "oid",
        "citext",
        "vector",
        "halfvec",
        "sparsevec",
        "geometry",
        "geography",
        "bit",
        "box",
        "circle",
        "lseg",
        "path",
        "polygon",
    ],
}


_OWN = _BUILT_IN - {"citext", "vector", "halfvec", "sparsevec", "geometry", "geography"}


def _unquoted(name: str) -> str:
    parts = re.findall(r'"((?:[^"]|"")*)"|([^".]+)', name)
    names = [quoted.replace('""', '"') if quoted else plain for quoted, plain in parts]
    return ".".join(names[1:] if len(names) > 1 and names[0] in {"public", "pg_catalog"} else names)


def _mysql(type: str) -> str:
    if type.lower().startswith(("enum(", "set(")):
        return re.sub(r"'\s*,\s*'", "','", re.sub(r"\)\s.*$", ")", type[:4].lower() + type[4:], flags=re.S))
    text = re.sub(r"\s+(character set|charset|collate)\s+\S+", "", re.sub(r"\s+", " ", type.strip().lower()))
    unsigned = " unsigned" if "unsigned" in text or text == "serial" else ""
    text = re.sub(r"\s+(unsigned|zerofill)", "", text)
    match = re.match(r"^([a-z ]+?)\s*(?:\(([^()]*)\))?$", text)
    if match is None:
        return text + unsigned
    name = _MYSQL.get(match[1], match[1]).removesuffix(" unsigned")
    size = re.sub(r"\s", "", match[2] or "")
    if name == "tinyint(1)" or (name == "tinyint" and size == "1" and not unsigned):
        return "tinyint(1)"
    if name in _WIDTHS or (name.endswith("text") and size) or (name == "datetime" and size == "0"):
        size = ""
    if name == "decimal":
        size = size or "10,0"
        size += "" if "," in size else ",0"
    return f"{name}{f'({size})' if size else ''}{unsigned}"


def _affinity(type: str) -> str:
    """Return SQLite's affinity: what it makes of a declared type."""
    text = type.upper()
    if "INT" in text:
        return "integer"
    if any(word in text for word in ("CHAR", "CLOB", "TEXT")):
        return "text"
    if "BLOB" in text or not text:
        return "blob"
    if any(word in text for word in ("REAL", "FLOA", "DOUB")):
        return "real"
    return "numeric"
