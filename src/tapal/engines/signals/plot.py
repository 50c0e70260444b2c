"""A series with what was expected, its bound and the alarm, as an SVG picture without any library."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from tapal.core.text import Text

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 28, 30
LEGEND = Text(
    "batang: jumlah · garis: diharapkan · putus-putus: batas · kelabu: tidak dilaporkan",
    "bars: count · line: expected · dashes: bound · grey: not reported",
)


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn; all sequences have one value a point, NaN where there is none."""

    title: str
    labels: Sequence[str]
    observed: Sequence[float]
    expected: Sequence[float]
    upper: Sequence[float]
    alarms: Sequence[int] = ()


def _ceiling(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    if value <= 0:
        return 1.0
    base = 10.0 ** math.floor(math.log10(value))
    return next(base * step for step in (1, 2, 5, 10) if base * step >= value)


def _line(values: Sequence[float], x: Sequence[float], height: float, top: float) -> str:
    """An SVG path with gaps where values are missing."""
    path, pen = [], "M"
    for value, at in zip(values, x, strict=True):
        if math.isnan(value):
            pen = "M"
            continue
        path.append(f"{pen}{at:.1f} {TOP + height * (1 - min(value, top) / top):.1f}")
        pen = "L"
    return " ".join(path)


def _bars(picture: Picture, x: Sequence[float], step: float, height: float, top: float) -> str:
    drawn = []
    alarms = set(picture.alarms)
    for i, (value, at) in enumerate(zip(picture.observed, x, strict=True)):
        label = escape(picture.labels[i])
        if math.isnan(value):
            drawn.append(
                f'<rect x="{at - step / 2:.1f}" y="{TOP}" width="{step:.1f}" '
                f'height="{height:.1f}" fill="#e6e6e6"><title>{label}: –</title></rect>'
            )
            continue
        tall = height * min(value, top) / top
        colour = "#b3261e" if i in alarms else "#5b7fa6"
        drawn.append(
            f'<rect x="{at - 0.4 * step:.1f}" y="{TOP + height - tall:.1f}" '
            f'width="{0.8 * step:.1f}" height="{tall:.1f}" fill="{colour}">'
            f"<title>{label}: {value:g}</title></rect>"
        )
    return "".join(drawn)


def _axes(picture: Picture, x: Sequence[float], height: float, top: float) -> str:
    drawn = []
    for part in (0.0, 0.5, 1.0):
        y = TOP + height * (1 - part)
        drawn.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="#ccc" stroke-width="0.5"/><text x="{LEFT - 6}" y="{y + 4:.1f}" '
            f'text-anchor="end">{top * part:g}</text>'
        )
    every = max(1, len(x) // 6)
    for i in range(len(x) - 1, -1, -every):
        # A day's label is about 60 wide: the last one ends at the edge, for it would be cut.
        anchor = "end" if x[i] > WIDTH - 40 else "middle"
        at = WIDTH - 2 if anchor == "end" else x[i]
        drawn.append(
            f'<text x="{at:.1f}" y="{HEIGHT - 12}" text-anchor="{anchor}">'
            f"{escape(picture.labels[i])}</text>"
        )
    return "".join(drawn)


def svg(picture: Picture, language: str = "id") -> str:
    """The picture as a whole SVG document; it says in words what its marks mean."""
    points = len(picture.labels)
    height = HEIGHT - TOP - BOTTOM
    step = (WIDTH - LEFT - RIGHT) / max(points, 1)
    x = [LEFT + step * (i + 0.5) for i in range(points)]
    seen = [v for v in (*picture.observed, *picture.expected) if math.isfinite(v)]
    bounds = [v for v in picture.upper if math.isfinite(v)]
    top = _ceiling(max([*seen, *(min(b, 3 * max(seen, default=1.0)) for b in bounds)], default=1.0))
    title = escape(picture.title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="11"><title>{title}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f'<text x="{LEFT}" y="12" font-weight="bold">{title}</text>'
        f'<text x="{LEFT}" y="24" font-size="9" fill="#555">{escape(LEGEND.say(language))}</text>'
        f"{_axes(picture, x, height, top)}{_bars(picture, x, step, height, top)}"
        f'<path d="{_line(picture.expected, x, height, top)}" fill="none" stroke="#222" '
        f'stroke-width="1.5"/><path d="{_line(picture.upper, x, height, top)}" fill="none" '
        f'stroke="#b3261e" stroke-width="1" stroke-dasharray="4 3"/></svg>\n'
    )
