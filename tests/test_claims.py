"""Every claim of fixtures/claims holds; a known gap fails, strictly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import claims

if TYPE_CHECKING:
    from pathlib import Path


def _parameters() -> list[object]:
    found = []
    for path in claims.claims():
        name = f"{path.parent.name}/{path.name.removesuffix('.ts').removesuffix('.gap')}"
        marks = (
            [pytest.mark.xfail(strict=True, reason=claims.read(path).gap or "")]
            if path.name.endswith(".gap.ts")
            else []
        )
        found.append(pytest.param(path, id=name, marks=marks))
    return found


@pytest.mark.parametrize("path", _parameters())
def test_claim(path: Path, tmp_path: Path) -> None:
    claim = claims.read(path)
    report = claims.run(claim, tmp_path)
    assert list(claims.failures(claim, report)) == []


def test_a_gap_says_why() -> None:
    silent = [path.name for path in claims.claims() if path.name.endswith(".gap.ts") and not claims.read(path).gap]
    assert silent == []


def test_every_idiom_has_a_claim() -> None:
    """Idioms of real code by theme: A declaring, B columns, C relations, D modules, E queries, F SQL, G libraries, H look-alikes, I kinds of use, J other files."""
    themes = {"A": 24, "B": 17, "C": 7, "D": 23, "E": 17, "F": 15, "G": 8, "H": 7, "I": 8, "J": 4}
    wanted = {f"{theme}{number}" for theme, count in themes.items() for number in range(1, count + 1)}
    assert wanted - {idiom for path in claims.claims() for idiom in claims.read(path).idioms} == set()
