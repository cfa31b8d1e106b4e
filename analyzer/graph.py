"""Files, procedures and tables as a graph: who touches what, and by which way a file is reached. The only room with networkx."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING

from analyzer.model import TOUCHING, Edge, Node, UsageGraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import networkx

    from analyzer.model import LinkedFile, Report, Usage, Verdict


def reached(files: Iterable[LinkedFile]) -> Mapping[str, str | None]:
    """Return every file that an entry point leads to, with the file that imports it first (None for an entry point).

    The way is the shortest one; of equal ones the first by name.
    """
    by_path = {file.path: file for file in files}
    found: dict[str, str | None] = {file.path: None for file in by_path.values() if file.entry}
    queue = deque(sorted(found))
    while queue:
        path = queue.popleft()
        for target in by_path[path].imports:
            if target in by_path and target not in found:
                found[target] = path
                queue.append(target)
    return found


def chain(files: Iterable[LinkedFile], path: str) -> tuple[str, ...]:
    """Return the way from an entry point to a file, both included; empty when there is none."""
    via = reached(files)
    if path not in via:
        return ()
    way = [path]
    while (importer := via[way[-1]]) is not None:
        way.append(importer)
    return tuple(reversed(way))


def build(report: Report) -> UsageGraph:
    """Return the graph of a report: each procedure and file that touches a table, and foreign keys between tables."""
    tables = {one.table.id: one for one in report.judged}
    nodes = {
        id: Node(id, "table", one.table.physical or one.table.symbol, one.table.file) for id, one in tables.items()
    }
    edges: Counter[tuple[str, str, str, bool]] = Counter()
    for one in tables.values():
        for usage in _drawn(one):
            if usage.role in {"production", "script"}:
                for node in _users(usage):
                    nodes[node.id] = node
                source = list(_users(usage))[-1].id
                edges[source, usage.table, usage.statement or usage.action, usage.certainty != "possible"] += 1
        for key in one.table.foreign_keys:
            if key.table in tables:
                edges[one.table.id, key.table, "foreign-key", True] += 1
    contained = {(f"file:{node.file}", id, "contains", True) for id, node in nodes.items() if node.kind == "procedure"}
    drawn = [
        Edge(source, target, kind, edges.get((source, target, kind, sure), 1), sure)
        for source, target, kind, sure in {*edges, *contained}
    ]
    return UsageGraph(
        tuple(sorted(nodes.values(), key=lambda node: node.id)),
        tuple(sorted(drawn, key=lambda edge: (edge.source, edge.target, edge.kind, edge.certain))),
    )


def _drawn(verdict: Verdict) -> list[Usage]:
    """Return the usages to draw: a column's only where the same procedure does nothing with the table itself."""
    usages = [usage for usage in verdict.usages if usage.action in TOUCHING and usage.evidence != "ddl"]
    whole = {(usage.file, usage.by) for usage in usages if usage.column is None}
    return [usage for usage in usages if usage.column is None or (usage.file, usage.by) not in whole]


def _users(usage: Usage) -> Iterator[Node]:
    yield Node(f"file:{usage.file}", "file", usage.file.rpartition("/")[2], usage.file)
    if usage.by:
        yield Node(f"procedure:{usage.file}#{usage.by}", "procedure", usage.by, usage.file)


def network(graph: UsageGraph) -> networkx.MultiDiGraph[str]:
    """Return the graph for networkx: node and edge attributes carry the names of `Node` and `Edge`."""
    import networkx

    made: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for node in graph.nodes:
        made.add_node(node.id, kind=node.kind, label=node.label, file=node.file)
    for edge in graph.edges:
        made.add_edge(
            edge.source,
            edge.target,
            key=(edge.kind, edge.certain),
            kind=edge.kind,
            count=edge.count,
            certain=edge.certain,
        )
    return made


def focus(graph: UsageGraph, tables: Iterable[str], depth: int) -> UsageGraph:
    """Return the part of a graph within `depth` steps of some tables, directions aside; a file counts no step to its procedures."""
    import networkx

    touching = UsageGraph(graph.nodes, tuple(edge for edge in graph.edges if edge.kind != "contains"))
    near = network(touching).to_undirected()
    kept: set[str] = set()
    for table in tables:
        kept |= set(networkx.single_source_shortest_path_length(near, table, cutoff=depth))
    holders = {f"file:{node.file}" for node in graph.nodes if node.id in kept and node.kind == "procedure"}
    return UsageGraph(
        tuple(node for node in graph.nodes if node.id in kept | holders),
        tuple(
            edge
            for edge in graph.edges
            if edge.target in kept and edge.source in (holders if edge.kind == "contains" else kept)
        ),
    )
