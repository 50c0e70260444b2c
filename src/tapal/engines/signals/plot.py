"""A series with what was expected, its bound and the alarm, as an SVG picture without any library.

The picture is laid out as rectangles, lines and texts; `plot_png` draws the same as pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from tapal.core.text import Text

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 28, 30
LEGEND = Text(
    "batang: jumlah · garis: diharapkan · putus-putus: batas · kelabu: tidak dilaporkan",
    "bars: count · line: expected · dashes: bound · grey: not reported",
)
INK, GRID, GREY, BAR, ALARM = "#222222", "#cccccc", "#e6e6e6", "#5b7fa6", "#b3261e"
# Lengths of a dash and of the gap behind it.
DASH = (4.0, 3.0)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn; all sequences have one value a point, NaN where there is none."""

    title: str
    labels: Sequence[str]
    observed: Sequence[float]
    expected: Sequence[float]
    upper: Sequence[float]
    alarms: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `tip` is what it says when pointed at."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    tip: str


@dataclass(frozen=True, slots=True)
class Line:
    """Points joined in order."""

    points: tuple[Point, ...]
    colour: str
    width: float
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text on its base line."""

    x: float
    y: float
    text: str
    anchor: Literal["start", "middle", "end"] = "start"
    size: int = 11
    colour: str = "#000000"
    bold: bool = False


Shape = Box | Line | Label


def ceiling(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    if value <= 0:
        return 1.0
    base = 10.0 ** math.floor(math.log10(value))
    return next(base * step for step in (1, 2, 5, 10) if base * step >= value)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where points and values lie: the middle of each point, the width of one, the greatest value."""

    x: tuple[float, ...]
    step: float
    top: float

    @classmethod
    def of(cls, picture: Picture) -> Frame:
        """The frame that holds all counts, and bounds up to three times as high."""
        points = len(picture.labels)
        step = (WIDTH - LEFT - RIGHT) / max(points, 1)
        seen = [v for v in (*picture.observed, *picture.expected) if math.isfinite(v)]
        bounds = [v for v in picture.upper if math.isfinite(v)]
        highest = 3 * max(seen, default=1.0)
        top = ceiling(max([*seen, *(min(b, highest) for b in bounds)], default=1.0))
        return cls(tuple(LEFT + step * (i + 0.5) for i in range(points)), step, top)

    def y(self, value: float) -> float:
        """The height of a value; what is too high lies at the upper edge."""
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - min(value, self.top) / self.top)


def lines(
    values: Sequence[float], frame: Frame, colour: str, width: float, dashed: bool = False
) -> Iterator[Line]:
    """The lines of a course, broken where values are missing."""
    part: list[Point] = []
    for value, at in zip((*values, math.nan), (*frame.x, 0.0), strict=True):
        if not math.isnan(value):
            part.append((at, frame.y(value)))
        elif part:
            yield Line(tuple(part), colour, width, dashed)
            part = []


def bars(picture: Picture, frame: Frame) -> Iterator[Box]:
    """A bar for each count, a grey column where nothing was reported."""
    alarms = set(picture.alarms)
    for i, (value, at) in enumerate(zip(picture.observed, frame.x, strict=True)):
        if math.isnan(value):
            left, height = at - frame.step / 2, HEIGHT - TOP - BOTTOM
            yield Box(left, TOP, frame.step, height, GREY, f"{picture.labels[i]}: –")
            continue
        colour = ALARM if i in alarms else BAR
        y = frame.y(value)
        left, width = at - 0.4 * frame.step, 0.8 * frame.step
        yield Box(left, y, width, HEIGHT - BOTTOM - y, colour, f"{picture.labels[i]}: {value:g}")


def axes(picture: Picture, frame: Frame) -> Iterator[Shape]:
    """Three heights, and some six points by name."""
    for part in (0.0, 0.5, 1.0):
        y = frame.y(frame.top * part)
        yield Line(((LEFT, y), (WIDTH - RIGHT, y)), GRID, 0.5)
        yield Label(LEFT - 6, y + 4, f"{frame.top * part:g}", "end")
    every = max(1, len(frame.x) // 6)
    for i in range(len(frame.x) - 1, -1, -every):
        # A day's label is about 60 wide: the last one ends at the edge, for it would be cut.
        last = frame.x[i] > WIDTH - 40
        at, anchor = (WIDTH - 2, "end") if last else (frame.x[i], "middle")
        yield Label(at, HEIGHT - 12, picture.labels[i], anchor)  # type: ignore[arg-type]


def shapes(picture: Picture, language: str) -> Iterator[Shape]:
    """All that is drawn, what lies below first; it says in words what its marks mean."""
    frame = Frame.of(picture)
    yield Box(0, 0, WIDTH, HEIGHT, "#ffffff", "")
    yield Label(LEFT, 12, picture.title, bold=True)
    yield Label(LEFT, 24, LEGEND.say(language), size=9, colour="#555555")
    yield from axes(picture, frame)
    yield from bars(picture, frame)
    yield from lines(picture.expected, frame, INK, 1.5)
    yield from lines(picture.upper, frame, ALARM, 1.0, dashed=True)


def svg(picture: Picture, language: str = "id") -> str:
    """The picture as a whole SVG document."""
    drawn = "".join(map(_element, shapes(picture, language)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif"><title>{escape(picture.title)}</title>{drawn}</svg>\n'
    )


def _element(shape: Shape) -> str:
    match shape:
        case Box():
            tip = f"<title>{escape(shape.tip)}</title>" if shape.tip else ""
            return (
                f'<rect x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" '
                f'height="{shape.height:.1f}" fill="{shape.colour}">{tip}</rect>'
            )
        case Line():
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
            dash = f' stroke-dasharray="{DASH[0]:g} {DASH[1]:g}"' if shape.dashed else ""
            return (
                f'<polyline points="{points}" fill="none" stroke="{shape.colour}" '
                f'stroke-width="{shape.width:g}"{dash}/>'
            )
        case Label():
            weight = ' font-weight="bold"' if shape.bold else ""
            return (
                f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" text-anchor="{shape.anchor}" '
                f'font-size="{shape.size}" fill="{shape.colour}"{weight}>{escape(shape.text)}</text>'
            )
