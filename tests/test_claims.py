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
