"""Verdicts and references beside those of a reference made by the TypeScript compiler.

Usage: accuracy.py FOLDER REFERENCE.json[.gz] [GROUP NAME]. With a group (`open`, `unseen`) and a name the figures are noted in
accuracy.json beside this file, of which `just docs` makes the tables of docs/accuracy.md.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from analyzer.app import analyze
from analyzer.model import STATUSES, UNUSED, Report, Settings, Verdict

Place = tuple[str, int]
FIGURES = Path(__file__).with_name("accuracy.json")
TYPESCRIPT = {"ts", "tsx", "mts", "cts"}
NO_USE = {"type", "relation", "foreign-key", "register"}
SAME = {
    "select-from": "read",
    "join": "read",
    "count": "read",
    "insert": "insert",
    "update": "update",
    "delete": "delete",
}


def reference(path: Path) -> list[dict[str, Any]]:
    """Return the tables of a reference file."""
    raw = path.read_bytes()
    tables: list[dict[str, Any]] = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)["tables"]
    return tables


def compared(report: Report, tables: list[dict[str, Any]]) -> tuple[dict[str, int], list[str]]:
    """Return the counts, and every disagreement in words."""
    ours = {(one.table.file, one.table.symbol): one for one in report.verdicts}
    counts = dict.fromkeys(
        (
            "tables",
            "absent",
            "false unused",
            "missed unused",
            "undetermined",
            "hit",
            "missed",
            "extra",
            "action",
            "same action",
        ),
        0,
    )
    said: list[str] = []
    for table in tables:
        counts["tables"] += 1
        label = f"{table['file']}:{table['line']} {table['symbol']}"
        one = ours.get((table["file"], table["symbol"]))
        if one is None:
            counts["absent"] += 1
            said.append(f"absent: {label}")
            continue
        for kind in _status(one, table):
            counts[kind] += 1
            said.append(f"{kind}: {label} is {one.status} ({one.reason}), the reference says {table['summary']}")
        said += [f"{kind}: {place[0]}:{place[1]} {table['symbol']}" for kind, place in _references(one, table, counts)]
    return counts, said


def _status(one: Verdict, table: dict[str, Any]) -> list[str]:
    kinds = ["undetermined"] if one.status == "undetermined" else []
    if table["summary"] == "used" and one.status in UNUSED:
        kinds.append("false unused")
    if table["summary_physical"] != "used" and one.status not in (*UNUSED, "kept"):
        kinds.append("missed unused")
    return kinds


def _references(one: Verdict, table: dict[str, Any], counts: dict[str, int]) -> list[tuple[str, Place]]:
    want: dict[Place, str] = {(file, line): operation for file, line, operation in table["code"]}
    have: dict[Place, set[str]] = {}
    for usage in one.usages:
        if usage.action not in NO_USE and usage.certainty == "proven":
            have.setdefault((usage.file, usage.site.line), set()).add(usage.action)
    aside = {(place[0], place[1]) for place in (*table["query"], *table["extended"])}
    counts["hit"] += len(want.keys() & have.keys())
    missed, extra = want.keys() - have.keys(), have.keys() - aside - want.keys()
    counts["missed"] += len(missed)
    counts["extra"] += len(extra)
    for place, operation in want.items():
        if operation in SAME and place in have:
            counts["action"] += 1
            counts["same action"] += SAME[operation] in have[place]
    return [("missed", place) for place in sorted(missed)] + [("extra", place) for place in sorted(extra)]


def by_status(report: Report, tables: list[dict[str, Any]]) -> list[str]:
    """Return our statuses against the reference's, as the lines of a table of counts."""
    ours = {(one.table.file, one.table.symbol): one.status for one in report.verdicts}
    counts = Counter((ours.get((one["file"], one["symbol"]), "absent"), one["summary"]) for one in tables)
    theirs = sorted({summary for _, summary in counts})
    lines = [f"{'ours':<14}" + "".join(f"{summary:>13}" for summary in theirs)]
    for status in (*STATUSES, "absent"):
        row = [counts[status, summary] for summary in theirs]
        if any(row):
            lines.append(f"{status:<14}" + "".join(f"{count:>13}" for count in row))
    return lines


def noted(group: str, name: str, figures: dict[str, int]) -> None:
    """Note the figures of one code base."""
    known: dict[str, dict[str, dict[str, int]]] = json.loads(FIGURES.read_text("utf8")) if FIGURES.exists() else {}
    known.setdefault(group, {})[name] = figures
    FIGURES.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", "utf8")


def main() -> None:
    """Print the counts on one line, statuses against statuses, then the disagreements."""
    report = analyze(Settings(roots=(sys.argv[1],)))
    tables = reference(Path(sys.argv[2]))
    counts, said = compared(report, tables)
    precision = counts["hit"] / max(1, counts["hit"] + counts["extra"])
    recall = counts["hit"] / max(1, counts["hit"] + counts["missed"])
    print(
        ", ".join(f"{count} {kind}" for kind, count in counts.items()),
        f"precision {precision:.4f}, recall {recall:.4f}",
        sep="; ",
    )
    print("\n".join(["", *by_status(report, tables), "", *said]))
    if len(sys.argv) > 4:
        files = sum(one.path.rpartition(".")[2] in TYPESCRIPT for one in report.files)
        noted(sys.argv[3], sys.argv[4], {"files": files, **counts})


if __name__ == "__main__":
    main()
