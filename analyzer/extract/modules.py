"""What a file takes from other modules and what it gives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analyzer.extract.lowering import hidden
from analyzer.extract.patterns import declared_names
from analyzer.extract.typing import TYPE
from analyzer.model import AdapterCall, Binding, Call, ExportFact, ImportFact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from analyzer.extract.calls import Called
    from analyzer.extract.lowering import Lowering
    from analyzer.extract.places import Places
    from analyzer.extract.queries import Matches
    from analyzer.extract.scopes import Scopes
    from analyzer.extract.source import Source


_ADAPTER = re.compile(r"Adapter$|^betterAuth$|^buildSchema$")
_COMMONJS = re.compile(r"(?:(module)\.)?exports(?:\.([\w$]+))?")


def imports(matches: Matches, source: Source) -> Iterator[ImportFact]:
    """Yield every name that an import binds."""
    for captures in matches.of("import-clause"):
        statement = captures["import.statement"][0]
        specifier = source.string(captures["import.source"][0])
        whole_type = _has(statement, "type")
        for child in captures["import.clause"][0].named_children:
            if child.type == "identifier":
                yield ImportFact(source.text(child), specifier, "default", whole_type, source.site(child))
            elif child.type == "namespace_import" and child.named_children:
                name = child.named_children[0]
                yield ImportFact(source.text(name), specifier, "*", whole_type, source.site(name))
            elif child.type == "named_imports":
                for named in (part for part in child.named_children if part.type == "import_specifier"):
                    yield _named(named, specifier, whole_type, source)
    for captures in matches.of("import-equals"):
        name = captures["equals_import.name"][0]
        specifier = source.string(captures["equals_import.source"][0])
        yield ImportFact(source.text(name), specifier, "*", False, source.site(name))


def _named(node: Node, specifier: str, whole_type: bool, source: Source) -> ImportFact:
    name = node.child_by_field_name("name") or node
    alias = node.child_by_field_name("alias")
    exported = source.string(name) if name.type == "string" else source.text(name)
    type_only = whole_type or _has(node, "type")
    return ImportFact(source.text(alias or name), specifier, exported, type_only, source.site(alias or name))


def exports(matches: Matches, source: Source, lowering: Lowering) -> Iterator[tuple[ExportFact, Binding | None]]:
    """Yield every exported name; with a binding where the value had no name of its own."""
    for captures in matches.of("export-declaration"):
        statement = captures["exported.statement"][0]
        declaration = captures["exported.declaration"][0]
        default = _has(statement, "default")
        site = source.site(statement)
        for name in declared_names(declaration):
            text = source.text(name)
            yield ExportFact("default" if default else text, text, None, False, site), None
        type = declaration.child_by_field_name("name")
        if declaration.type in {"type_alias_declaration", "interface_declaration"} and type is not None:
            text = source.text(type)
            yield ExportFact("default" if default else text, TYPE + text, None, True, site), None
    for captures in matches.of("export-list"):
        statement = captures["listed.statement"][0]
        name, alias = captures["listed.name"][0], captures.get("listed.alias", [None])[0]
        local = source.string(name) if name.type == "string" else source.text(name)
        exported = local if alias is None else source.string(alias) if alias.type == "string" else source.text(alias)
        origin = source.string(captures["listed.source"][0]) if "listed.source" in captures else None
        type_only = _has(statement, "type") or _has(captures["listed.specifier"][0], "type")
        yield ExportFact(exported, local, origin, type_only, source.site(name)), None
    for captures in matches.of("export-star"):
        statement = captures["star.statement"][0]
        namespace = captures.get("star.namespace", [None])[0]
        exported = "*" if namespace is None else source.text(namespace)
        yield (
            ExportFact(
                exported,
                "*",
                source.string(captures["star.source"][0]),
                _has(statement, "type"),
                source.site(statement),
            ),
            None,
        )
    for query, prefix in (("export-default", "default"), ("export-equals", "equals")):
        for captures in matches.of(query):
            value, statement = captures[f"{prefix}.value"][0], captures[f"{prefix}.statement"][0]
            id = hidden(value)
            lines = statement.start_point[0] + 1, statement.end_point[0] + 1
            exported = "default" if query == "export-default" else "="
            yield (
                ExportFact(exported, id, None, False, source.site(statement)),
                Binding(id, "const", lowering.expression(value), *lines),
            )


def commonjs(
    matches: Matches, source: Source, scopes: Scopes, lowering: Lowering
) -> Iterator[tuple[ExportFact, Binding]]:
    """Yield what is exported by assignment: `exports.users = …`, `module.exports = { … }`."""
    for captures in matches.of("assignment"):
        left, value = captures["assignment.name"][0], captures["assignment.value"][0]
        match = _COMMONJS.fullmatch(source.text(left))
        root = "module" if match and match[1] else "exports"
        if match is None or scopes.resolve(root, left.start_byte) is not None:
            continue
        name = match[2] or "="
        id = f"{match[2] or '{}'}@{left.start_byte}"
        lines = left.start_point[0] + 1, value.end_point[0] + 1
        yield (
            ExportFact(name, id, None, False, source.site(left)),
            Binding(id, "const", lowering.expression(value), *lines),
        )


def adapters(
    calls: Sequence[Called], places: Places, lowering: Lowering, imported: dict[str, str]
) -> Iterator[AdapterCall]:
    """Yield the calls of what is called like an adapter; `imported` tells the exported name of each local one."""
    for one in calls:
        text = one.method or (places.source.text(one.function) if one.function.type == "identifier" else "")
        if _ADAPTER.search(imported.get(text, text)):
            call = lowering.expression(one.whole)
            if isinstance(call, Call):
                yield AdapterCall(call, places.by(one.whole.start_byte))


def _has(node: Node, keyword: str) -> bool:
    return any(child.type == keyword for child in node.children[:3])
