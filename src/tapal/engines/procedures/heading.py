"""What is wrong with the head of a printed SOP as its diagram gives it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tapal.engines.procedures.diagram import Diagram, attributes, extension, points
from tapal.engines.procedures.words import HEAD_POINTS, Fault, fault

MOST_POINTS: Final = 15
LONGEST: Final = 400
_CODE: Final = re.compile(r"^[a-z][a-z0-9_]{0,39}$")


def faults(diagram: Diagram) -> Iterator[Fault]:
    """Codes that are none, lists that are too long, English that does not go with the Indonesian."""
    head, given = diagram.head, attributes(extension(diagram.process, "head"))
    codes = (*head.laws, *head.related)
    for code in (code for code in codes if not _CODE.match(code)):
        yield fault(
            diagram.id,
            f"Kode {code[:40]} pada kepala SOP salah.",
            f"The code {code[:40]} in the head of the SOP is wrong.",
            "Tulis kode dengan huruf kecil, angka dan garis bawah, dipisah spasi.",
            "Write codes in lower case, digits and underscores, with blanks between.",
        )
    for name in HEAD_POINTS:
        said, english = points(given.get(name, "")), points(given.get(f"{name}En", ""))
        if english and len(english) != len(said):
            yield fault(
                diagram.id,
                f"{name} berisi {len(said)} butir, bahasa Inggrisnya {len(english)}.",
                f"{name} holds {len(said)} points, its English {len(english)}.",
                "Samakan jumlahnya; butir dipisah titik koma.",
                "Make them as many; points are parted by semicolons.",
            )
        longest = max(map(len, (*said, *english, head.number)), default=0)
        if max(len(said), len(codes)) > MOST_POINTS or longest > LONGEST:
            yield fault(
                diagram.id,
                f"Kepala SOP terlalu panjang: paling banyak {MOST_POINTS} butir, {LONGEST} huruf sebutir.",
                f"The head is too long: at most {MOST_POINTS} points of {LONGEST} letters.",
                f"Persingkat {name}.",
                f"Shorten {name}.",
            )
