"""The picture of a series as PNG, by Pillow and the font that it carries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from math import hypot

from PIL import Image, ImageDraw, ImageFont, features

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.engines.signals.plot import DASH, HEIGHT, WIDTH, Box, Label, Line, Picture, Point, shapes

# Pixels for each unit of the picture: sharp on paper, too.
SCALE = 2
ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def png(picture: Picture, language: str = "id") -> bytes:
    """The picture as PNG. Raises Rejected where Pillow was built without a font that can be scaled."""
    canvas = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
    draw = ImageDraw.Draw(canvas)
    for shape in shapes(picture, language):
        match shape:
            case Box():
                draw_box(draw, shape)
            case Line():
                draw_line(draw, shape)
            case Label():
                draw_label(draw, shape)
    held = BytesIO()
    canvas.save(held, "PNG")
    return held.getvalue()


def draw_box(draw: ImageDraw.ImageDraw, box: Box) -> None:
    """Fill the rectangle; one of no height is nothing."""
    left, top = round(box.x * SCALE), round(box.y * SCALE)
    right, bottom = round((box.x + box.width) * SCALE), round((box.y + box.height) * SCALE)
    if bottom > top:
        # Pillow's rectangle holds its last pixel.
        draw.rectangle((left, top, max(right - 1, left), bottom - 1), fill=box.colour)


def draw_line(draw: ImageDraw.ImageDraw, line: Line) -> None:
    """Draw the line, in dashes where it is dashed."""
    width = max(1, round(line.width * SCALE))
    for part in dashes(line.points) if line.dashed else [line.points]:
        draw.line([(x * SCALE, y * SCALE) for x, y in part], line.colour, width, joint="curve")


def dashes(points: tuple[Point, ...]) -> Iterator[tuple[Point, ...]]:
    """Cut a line into dashes; the pattern goes on around corners."""
    drawn, left = True, DASH[0]
    for (x, y), end in pairwise(points):
        while (rest := hypot(end[0] - x, end[1] - y)) > 0:
            share = min(1.0, left / rest)
            stop = (x + (end[0] - x) * share, y + (end[1] - y) * share) if share < 1 else end
            if drawn:
                yield (x, y), stop
            left -= share * rest
            if left <= 1e-9:
                drawn = not drawn
                left = DASH[0] if drawn else DASH[1]
            x, y = stop


def draw_label(draw: ImageDraw.ImageDraw, label: Label) -> None:
    """Write the text; bold is a thin line around it."""
    draw.text(
        (label.x * SCALE, label.y * SCALE),
        label.text,
        fill=label.colour,
        font=font(label.size * SCALE),
        anchor=ANCHORS[label.anchor],
        stroke_width=0.4 if label.bold else 0,
    )


@lru_cache(maxsize=8)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font that Pillow carries, so many pixels high. Raises Rejected where it has none."""
    held = ImageFont.load_default(size) if features.check("freetype2") else None
    if not isinstance(held, ImageFont.FreeTypeFont):
        raise Rejected(
            Text(
                "Tidak ada huruf untuk menulis di gambar PNG.",
                "There is no font to write into a PNG picture.",
            ),
            Text(
                "Pasang Pillow yang memuat FreeType, atau pilih gambar SVG.",
                "Install a Pillow that holds FreeType, or ask for SVG pictures.",
            ),
            place="PNG",
        )
    return held
