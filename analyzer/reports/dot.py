"""The usage graph as Graphviz DOT, for a design review; drawn as SVG, PNG or PDF by Graphviz itself.

Language: https://graphviz.org/doc/info/lang.html.
"""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.reports.escape import plain
from analyzer.reports.text import letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analyzer.model import Edge, Node, Status, UsageGraph, Verdict

FONT = "Helvetica"
_DATE = re.compile(rb"(/CreationDate \(D:)\d{14}")  # the same input gives the same bytes at any time of day
_FILL: dict[Status, tuple[str, str]] = {
    "used": ("#d8f0dc", "#2e7d4f"),
    "kept": ("#d6ecf5", "#2a6f8f"),
    "dev-only": ("#fdf0cc", "#9a7400"),
    "undetermined": ("#eadcf5", "#6f3f99"),
    "type-only": ("#fbdcd5", "#b23b20"),
    "schema-only": ("#fbdcd5", "#b23b20"),
    "orphaned": ("#f5b5a8", "#8f1d0a"),
}
_READ, _WRITE, _PASS, _KEY = "#2b6cb0", "#c05621", "#4a5568", "#a0aec0"
_WRITES = {"insert": "C", "update": "U", "delete": "D"}
_MANY = 60


def dot(graph: UsageGraph, verdicts: Sequence[Verdict], title: str, group: str = "folder") -> str:
    """Return the graph as DOT. Beyond sixty procedures each file stands for its procedures, so that the picture can be read."""
    if sum(node.kind == "procedure" for node in graph.nodes) > _MANY:
        graph = _by_file(graph)
    lines = [
        "digraph tabletrace {",
        f'  graph [rankdir=LR, fontname="{FONT}", fontsize=16, labelloc=t, labeljust=l, label={quoted(title)},'
        ' nodesep=0.18, ranksep=1.1, pad=0.4, compound=true, newrank=true, bgcolor="white"];',
        f'  node [fontname="{FONT}", fontsize=11, shape=box, style="rounded,filled", fillcolor="white", color="#718096", margin="0.12,0.06"];',
        f'  edge [fontname="{FONT}", fontsize=9, arrowsize=0.7, color="#4a5568"];',
        *_clusters(graph, group),
        *_tables(graph, verdicts, group),
        *_edges(graph),
        *_legend(graph, verdicts),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _by_file(graph: UsageGraph) -> UsageGraph:

    files = {node.id: f"file:{node.file}" for node in graph.nodes if node.kind == "procedure"}
    merged: dict[tuple[str, str, str, bool], Edge] = {}
    for edge in graph.edges:
        if edge.kind == "contains":
            continue
        source = files.get(edge.source, edge.source)
        key = source, edge.target, edge.kind, edge.certain
        count = edge.count + (merged[key].count if key in merged else 0)
        merged[key] = replace(edge, source=source, count=count)
    return replace(
        graph,
        nodes=tuple(node for node in graph.nodes if node.kind != "procedure"),
        edges=tuple(merged[key] for key in sorted(merged)),
    )


def _clusters(graph: UsageGraph, group: str) -> Iterator[str]:
    procedures: dict[str, list[Node]] = defaultdict(list)
    for node in graph.nodes:
        if node.kind == "procedure":
            procedures[node.file].append(node)
    direct = {edge.source for edge in graph.edges if edge.source.startswith("file:") and edge.kind != "contains"}
    folders: dict[str, list[Node]] = defaultdict(list)
    for node in graph.nodes:
        if node.kind == "file":
            folders[_group(node, procedures, group)].append(node)
    for number, folder in enumerate(sorted(folders)):
        yield f"  subgraph cluster_code_{number} {{"
        yield f'    label={quoted(folder or "(root)")}; fontsize=12; fontcolor="#4a5568"; style="rounded,filled"; color="#cbd5e0"; fillcolor="#f7fafc";'
        for index, file in enumerate(folders[folder]):
            inner = procedures[file.file]
            if inner:
                yield f"    subgraph cluster_file_{number}_{index} {{"
                yield f'      label={quoted(file.label)}; fontsize=11; style="rounded,filled"; color="#a0aec0"; fillcolor="white";'
                for node in inner:
                    yield f"      {quoted(node.id)} [label={quoted(node.label)}, tooltip={quoted(f'{node.file} · {node.label}')}];"
                if file.id in direct:
                    yield f'      {quoted(file.id)} [label="(module)", tooltip={quoted(file.file)}];'
                yield "    }"
            elif file.id in direct:
                yield f"    {quoted(file.id)} [label={quoted(file.label)}, shape=note, style=filled, tooltip={quoted(file.file)}];"
        yield "  }"


def _group(node: Node, procedures: dict[str, list[Node]], group: str) -> str:
    if group == "router":
        names = {inner.label.partition(".")[0] for inner in procedures[node.file] if "." in inner.label}
        return sorted(names)[0] if names else node.file.rpartition("/")[0]
    return "code" if group == "schema" else node.file.rpartition("/")[0]


def _tables(graph: UsageGraph, verdicts: Sequence[Verdict], group: str) -> Iterator[str]:
    by_id = {one.table.id: one for one in verdicts}
    places: dict[str, list[Node]] = defaultdict(list)
    for node in graph.nodes:
        if node.kind == "table":
            table = by_id[node.id].table
            places[(table.schema or "public") if group == "schema" else node.file].append(node)
    for number, place in enumerate(sorted(places)):
        yield f"  subgraph cluster_tables_{number} {{"
        yield f'    label={quoted(place)}; fontsize=12; fontcolor="#4a5568"; style="rounded"; color="#cbd5e0";'
        for node in places[place]:
            one = by_id[node.id]
            fill, line = _FILL[one.status]
            label = f"{node.label}\n{one.status}" + (f" · {letters(one.crud)}" if one.crud else "")
            tooltip = f"{one.table.symbol}, {one.table.file}:{one.table.line}: {one.reason}"
            yield (
                f'    {quoted(node.id)} [label={quoted(label)}, shape=box, style=filled, fillcolor="{fill}", color="{line}",'
                f" penwidth=1.4, tooltip={quoted(tooltip)}];"
            )
        yield "  }"


def _edges(graph: UsageGraph) -> Iterator[str]:
    merged: dict[tuple[str, str, str], list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        if edge.kind != "contains":
            kind = (
                "key"
                if edge.kind == "foreign-key"
                else "write"
                if edge.kind in _WRITES
                else "read"
                if edge.kind == "read"
                else "other"
            )
            merged[edge.source, edge.target, kind].append(edge)
    for (source, target, kind), edges in sorted(merged.items()):
        if kind == "key":
            style = f'style=dashed, color="{_KEY}", arrowhead=vee, constraint=false, tooltip="foreign key"'
        elif kind == "write":
            done = "".join(_WRITES[action] for action in _WRITES if action in {edge.kind for edge in edges})
            style = f'color="{_WRITE}", penwidth=1.8, label={quoted(done)}, fontcolor="{_WRITE}"'
        elif kind == "read":
            style = f'color="{_READ}", arrowhead=empty'
        else:
            names = ", ".join(sorted({edge.kind for edge in edges}))
            style = f'color="{_PASS}", style={"solid" if all(edge.certain for edge in edges) else "dotted"}, label={quoted(names)}, arrowhead=odot'
        yield f"  {quoted(source)} -> {quoted(target)} [{style}];"


def _legend(graph: UsageGraph, verdicts: Sequence[Verdict]) -> Iterator[str]:
    shown = {node.id for node in graph.nodes}
    present = [status for status in _FILL if any(one.status == status and one.table.id in shown for one in verdicts)]
    yield "  subgraph cluster_legend {"
    yield '    label="Legend"; fontsize=12; style="rounded"; color="#e2e8f0"; fontcolor="#4a5568";'
    cells = "".join(
        f'<tr><td bgcolor="{_FILL[status][0]}" border="1" color="{_FILL[status][1]}">{status}</td></tr>'
        for status in present
    )
    rows = (
        f'<tr><td align="left"><font color="{_READ}">──▷  reads</font></td></tr>'
        f'<tr><td align="left"><font color="{_WRITE}">━━▶  writes: C create, U update, D delete</font></td></tr>'
        f'<tr><td align="left"><font color="{_PASS}">──○  handed on, raw SQL</font></td></tr>'
        f'<tr><td align="left"><font color="#718096">╌╌≻  foreign key</font></td></tr>'
    )
    yield f'    legend [shape=plain, label=<<table border="0" cellborder="0" cellspacing="3">{cells}{rows}</table>>];'
    yield "  }"


def quoted(text: str) -> str:
    """Return a DOT string: quotes and backslashes escaped, a newline as a line break.

    >>> quoted('a"b\\\\c')
    '"a\\\\"b\\\\\\\\c"'
    """
    lines = (plain(line).replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n"))
    return '"' + "\\n".join(lines) + '"'


def drawn(text: str, format: str) -> bytes:
    """Return DOT drawn as `svg`, `png` or `pdf` by the Graphviz that comes with pygraphviz."""
    import pygraphviz

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = pygraphviz.AGraph(string=text.encode("utf8", "replace").decode("utf8"))
        args = "-Gdpi=144" if format == "png" else ""
        return _DATE.sub(
            lambda match: match[1] + b"19700101000000", bytes(made.draw(format=format, prog="dot", args=args))
        )
