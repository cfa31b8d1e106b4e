"""How reports look, and that nothing of the code base is obeyed in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analyzer import graph
from analyzer.app import analyze
from analyzer.model import Report, Settings
from analyzer.reports import dot, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def report() -> Report:
    from tests.conftest import EXAMPLE

    return analyze(Settings(roots=(str(EXAMPLE),)))


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal_and_no_name_is_cut(report: Report, width: int) -> None:
    written = text.scan(report, width=width)
    table = written.split("\n\n")[1]
    assert max(len(line) for line in table.splitlines()) <= width
    assert "…" not in table


def test_unused_tables_come_first(report: Report) -> None:
    statuses = [line.split()[1] for line in text.scan(report).split("\n\n")[1].splitlines()[1:]]
    assert statuses == sorted(statuses, key=["orphaned", "schema-only", "type-only", "dev-only", "used"].index)


def test_generated_tables_are_no_findings(report: Report) -> None:
    assert {one.table.role for one in report.judged} == {"production"}
    assert "generated" in {one.table.role for one in report.verdicts}


def test_focus_shows_neighbours_only(report: Report) -> None:
    whole = graph.build(report)
    exports = next(one.table.id for one in report.judged if one.table.symbol == "exports")
    near = graph.focus(whole, [exports], 1)
    tables = {node.label for node in near.nodes if node.kind == "table"}
    assert tables == {"bazaar-vid_exports", "bazaar-vid_export_analytics"}
    assert len(near.nodes) < len(whole.nodes)


def test_networkx_sees_the_same_graph(report: Report) -> None:
    built = graph.build(report)
    network = graph.network(built)
    assert network.number_of_nodes() == len(built.nodes)
    assert {node["kind"] for _, node in network.nodes(data=True)} == {"file", "procedure", "table"}
    assert any(edge["kind"] == "foreign-key" for *_, edge in network.edges(data=True))


def test_drawn_reads_writes_and_keys_differ(report: Report) -> None:
    written = dot.dot(graph.build(report), report.judged, "title")
    assert "style=dashed" in written
    assert 'label="CU"' in written
    assert "arrowhead=empty" in written


@pytest.mark.parametrize("group", ["folder", "router", "schema"])
def test_every_grouping_can_be_drawn(report: Report, group: str) -> None:
    written = dot.dot(graph.build(report), report.judged, "title", group)
    assert dot.drawn(written, "svg").startswith(b"<?xml")


def test_a_pdf_holds_no_time_of_day(report: Report) -> None:
    drawn = dot.drawn(dot.dot(graph.build(report), report.judged, "title"), "pdf")
    assert b"(D:1970" in drawn


def test_dot_escapes_names(tree: Callable[..., Path]) -> None:
    evil = 'import { pgTable } from "drizzle-orm/pg-core";\nexport const t = pgTable("a\\"];evil[label=\\"<b>\\\\N", {});\n'
    found = analyze(Settings(roots=(str(tree({"schema.ts": evil})),)))
    written = dot.dot(graph.build(found), found.judged, 'a "title"')
    drawn = dot.drawn(written, "svg").decode()
    assert "];evil[label=" in drawn
    assert "&lt;b&gt;" in drawn
