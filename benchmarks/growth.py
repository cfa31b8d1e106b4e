"""Time and memory for code bases of growing size: `python benchmarks/growth.py [--runs N] [--plot FILE.svg]`. Prints a table for docs."""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from speed import PROGRAM, run
from synthetic import repository

SIZES = ((1_000, 50), (3_000, 120), (10_000, 300), (30_000, 800), (100_000, 2_000))
WIDTH, HEIGHT, EDGE = 640, 300, 56


def main() -> None:
    """Measure, print, and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--plot", type=Path)
    asked = parser.parse_args()
    print(
        "| files | tables | MB | seconds | ms a file | peak MB | kB a file | warm seconds |\n|---|---|---|---|---|---|---|---|"
    )
    found: list[tuple[int, float, float]] = []
    for files, tables in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            repository(folder, files, tables)
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
            runs = [_run(folder, "--no-cache") for _ in range(asked.runs)]
            seconds = statistics.median(seconds for seconds, _ in runs)
            peak = statistics.median(peak for _, peak in runs)
            _run(folder)
            warm = statistics.median(_run(folder)[0] for _ in range(asked.runs))
        print(
            f"| {files:,} | {tables:,} | {size:,.0f} | {seconds:.1f} | {seconds / files * 1000:.2f}"
            f" | {peak:,.0f} | {peak / files * 1000:.1f} | {warm:.2f} |",
            flush=True,
        )
        found.append((files, seconds / files * 1000, peak / files * 1000))
    if asked.plot:
        asked.plot.write_text(_plot(found), "utf8")


def _run(folder: Path, *words: str) -> tuple[float, float]:
    """Return the seconds of a scan, and the most memory that one of its processes had, in MB."""
    return run([*PROGRAM, "scan", "-f", "json", "--exit-zero", *words], folder)


def _plot(found: list[tuple[int, float, float]]) -> str:
    """Return a picture: milliseconds and kilobytes a file over the number of files, which grows tenfold from line to line."""
    from math import log10

    low, high = log10(found[0][0]), log10(found[-1][0])
    across = [EDGE + (log10(files) - low) / (high - low) * (WIDTH - 2 * EDGE) for files, _, _ in found]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<path d="M{EDGE} {EDGE / 2} V{HEIGHT - EDGE} H{WIDTH - EDGE} V{EDGE / 2}" fill="none" stroke="#888"/>',
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 14}" text-anchor="middle">files</text>',
    ]
    parts += [
        f'<text x="{x:.0f}" y="{HEIGHT - EDGE + 18}" text-anchor="middle">{files:,}</text>'
        for x, (files, _, _) in zip(across, found, strict=True)
    ]
    for index, (title, color, side) in enumerate(
        (("ms a file", "#0072b2", EDGE), ("kB a file", "#d55e00", WIDTH - EDGE))
    ):
        values = [one[index + 1] for one in found]
        label = 18 if index else -8
        top = max(values) * 1.25
        down = [HEIGHT - EDGE - value / top * (HEIGHT - 1.5 * EDGE) for value in values]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>')
        for x, y, value in zip(across, down, values, strict=True):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>')
            parts.append(
                f'<text x="{x:.1f}" y="{y + label:.1f}" text-anchor="middle" fill="{color}">{value:.2g}</text>'
            )
        anchor = "start" if index == 0 else "end"
        parts.append(f'<text x="{side}" y="18" text-anchor="{anchor}" fill="{color}">{title}</text>')
    return "\n".join((*parts, "</svg>", ""))


if __name__ == "__main__":
    main()
