"""What databases say of an unused table, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analyzer.model import Advised

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def told(one: Advised) -> str:
    """Return the reasons of an advice, then the figures that were found."""
    evidence = one.evidence
    figures = []
    if evidence.present and evidence.rows is not None and one.advice != "archive first":
        figures.append(f"{'' if evidence.exact else 'about '}{evidence.rows:,} rows")
    if evidence.size is not None:
        figures.append(size(evidence.size))
    return "; ".join(one.reasons) + (f" ({', '.join(figures)})" if figures else "")


def size(count: int) -> str:
    """Return a number of bytes for a person.

    >>> size(8192), size(3_500_000)
    ('8 kB', '3.3 MB')
    """
    value, unit = float(count), 0
    while value >= 1024 and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return (
        f"{value:.0f} {_UNITS[unit]}"
        if value >= 10 or unit == 0 or value == int(value)
        else f"{value:.1f} {_UNITS[unit]}"
    )


def data(one: Advised) -> dict[str, Any]:
    """Return an advice and its evidence for JSON."""
    evidence = one.evidence
    return {
        "source": evidence.source,
        "advice": one.advice,
        "reasons": list(one.reasons),
        "present": evidence.present,
        "rows": evidence.rows,
        "exact": evidence.exact,
        "size": evidence.size,
        "reads": evidence.reads,
        "last_read": evidence.last_read,
        "writes": evidence.writes,
        "since": evidence.since,
        "needs": [
            {"kind": need.kind, "schema": need.schema, "name": need.name, "note": need.note} for need in evidence.needs
        ],
    }
