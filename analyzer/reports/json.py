"""The JSON of `scan`, `unused` and `explain`. Its JSON Schema is `scan.schema.json` beside this file."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from analyzer.reports import databases
from analyzer.reports.writing import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analyzer.model import (
        Advised,
        Column,
        ColumnVerdict,
        Difference,
        Drift,
        DrizzleConfig,
        Ghost,
        Index,
        Report,
        Unresolved,
        Usage,
        UsageGraph,
        Verdict,
    )

VERSION = 1


def scan(report: Report) -> str:
    """Return every table with its verdict, sorted by file and line."""
    return _document(report, report.verdicts)


def unused(report: Report, advice: Mapping[str, tuple[Advised, ...]] | None = None) -> str:
    """Return the unused tables alone, in the same form; with what databases advise, when they were asked."""
    return _document(report, report.unused, advice)


def explain(report: Report, verdicts: Iterable[Verdict]) -> str:
    """Return some tables alone, in the same form."""
    return _document(report, verdicts)


def graph(graph: UsageGraph, report: Report) -> str:
    """Return the graph's nodes and edges; nodes that are tables carry their status."""
    statuses = {one.table.id: one.status for one in report.verdicts}
    nodes = [
        {"id": node.id, "kind": node.kind, "label": node.label, "file": node.file, "status": statuses.get(node.id)}
        for node in graph.nodes
    ]
    edges = [
        {"source": edge.source, "target": edge.target, "kind": edge.kind, "count": edge.count, "certain": edge.certain}
        for edge in graph.edges
    ]
    return written({"version": VERSION, "nodes": nodes, "edges": edges})


def drift(drift: Drift) -> str:
    """Return every difference, by table, and what could not be told. Its JSON Schema is `drift.schema.json`."""
    sources = (drift.expected, *drift.actual)
    data = {
        "version": VERSION,
        "sources": [one.source for one in sources],
        "dialect": drift.expected.dialect,
        "findings": [_difference(one) for one in drift.differences],
        "notes": [{"source": one.source, "note": note} for one in sources for note in one.notes]
        + [{"source": one.source, "note": one.hidden} for one in drift.actual if one.hidden],
    }
    return written(data)


def _difference(one: Difference) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "kind": one.kind,
        "object": one.object,
        "schema": one.schema,
        "table": one.table,
        "column": one.column,
        "name": one.name,
        "attribute": one.attribute,
        "expected": one.expected,
        "actual": one.actual,
        "source": one.source,
        "severity": one.severity,
        "right": one.right,
        "file": one.place.file if one.place else None,
        "line": one.place.line if one.place else None,
        "note": one.note,
        "breaks": list(one.breaks),
        "mend": list(one.mend),
        "cause": _cause(one),
    }


def _cause(one: Difference) -> dict[str, str | None] | None:
    """Return which other finding of the same source explains this one."""
    if one.cause is None:
        return None
    names = ("object", "schema", "table", "column", "attribute", "name", "kind")
    return {name: value or None for name, value in zip(names, one.cause, strict=True)}


def _document(
    report: Report, verdicts: Iterable[Verdict], advice: Mapping[str, tuple[Advised, ...]] | None = None
) -> str:
    data = {
        "version": VERSION,
        "tabletrace": report.version,
        "files": len(report.files),
        "lines": report.lines,
        "configurations": [_configuration(one) for one in report.configurations],
        "tables": [{**_table(one), **_advice(one, advice)} for one in verdicts],
        "unresolved": [_unresolved(one) for one in report.unresolved],
        "ghosts": [_ghost(one) for one in report.ghosts],
        "findings": [
            {
                "rule": one.rule,
                "severity": one.severity,
                "name": one.name,
                "file": one.file,
                "line": one.line,
                "message": one.message,
            }
            for one in report.findings
        ],
        "problems": [{"file": one.file, "line": one.line, "reason": one.reason} for one in report.problems],
    }
    return written(data)


def _advice(one: Verdict, advice: Mapping[str, tuple[Advised, ...]] | None) -> dict[str, Any]:
    return {} if advice is None else {"databases": [databases.data(each) for each in advice.get(one.table.id, ())]}


def _table(verdict: Verdict) -> dict[str, Any]:
    table = verdict.table
    return {
        "id": table.id,
        "symbol": table.symbol,
        "kind": table.kind,
        "file": table.file,
        "line": table.line,
        "end_line": table.end_line,
        "role": table.role,
        "dialect": table.dialect,
        "schema": table.schema,
        "name": table.name,
        "pattern": table.pattern,
        "status": verdict.status,
        "reason": verdict.reason,
        "crud": verdict.crud,
        "unreached": verdict.unreached,
        "columns": [
            {**_column(column), **(_judged(judged) if judged else {})}
            for column, judged in zip_longest(table.columns, verdict.columns)
            if column
        ],
        "primary_key": list(table.primary_key),
        "primary_key_name": table.primary_key_name,
        "foreign_keys": [
            {
                "columns": list(key.columns),
                "table": key.table,
                "foreign_columns": list(key.foreign_columns),
                "on_delete": key.on_delete,
                "on_update": key.on_update,
                "name": key.name,
            }
            for key in table.foreign_keys
        ],
        "indexes": [_index(index) for index in table.indexes],
        "checks": [{"name": check.name, "expression": check.expression} for check in table.checks],
        "existing": table.existing,
        "values": list(table.values),
        "usages": [_usage(usage) for usage in verdict.usages],
    }


def _index(index: Index) -> dict[str, Any]:
    return {
        "name": index.name,
        "columns": list(index.columns),
        "unique": index.unique,
        "constraint": index.constraint,
        "method": index.method,
        "where": index.where,
        "expressions": list(index.expressions),
        "orders": [list(words) for words in index.orders],
        "nulls_not_distinct": index.nulls_not_distinct,
    }


def _configuration(one: DrizzleConfig) -> dict[str, Any]:
    return {
        "file": one.file,
        "dialect": one.dialect,
        "tables": None if one.tables is None else list(one.tables),
        "out": one.out,
        "tables_filter": None if one.tables_filter is None else list(one.tables_filter),
        "schema_filter": None if one.schema_filter is None else list(one.schema_filter),
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "property": column.property,
        "name": column.name,
        "type": column.type,
        "nullable": column.nullable,
        "default": column.default,
        "primary_key": column.primary_key,
        "unique": column.unique,
        "references": column.references,
        "reason": column.reason,
        "line": column.line,
        "identity": column.identity,
        "generated": column.generated,
        "type_schema": column.type_schema,
    }


def _judged(one: ColumnVerdict) -> dict[str, Any]:
    return {
        "status": one.status,
        "why": one.reason,
        "writes": one.writes,
        "reads": one.reads,
        "projections": one.projections,
        "filters": one.filters,
        "sql": one.sql,
        "whole_rows": one.whole_rows,
    }


def _usage(usage: Usage) -> dict[str, Any]:
    return {
        "file": usage.file,
        "line": usage.site.line,
        "column": usage.site.column,
        "action": usage.action,
        "statement": usage.statement,
        "certainty": usage.certainty,
        "role": usage.role,
        "by": usage.by,
        "table_column": usage.column,
        "evidence": usage.evidence,
        "whole_row": usage.whole_row,
    }


def _ghost(one: Ghost) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "kind": one.kind,
        "name": one.name,
        "file": one.file,
        "line": one.site.line,
        "column": one.site.column,
        "role": one.role,
        "by": one.by,
        "reason": one.reason,
    }


def _unresolved(one: Unresolved) -> dict[str, Any]:
    return {
        "file": one.file,
        "line": one.site.line,
        "column": one.site.column,
        "reason": one.reason,
        "role": one.role,
        "tables": list(one.tables),
    }
