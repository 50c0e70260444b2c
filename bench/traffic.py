"""Made-up travellers by the million, the same for the same numbers, written as an officers' table."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random

from tapal.simulation.names import make_name

HEADINGS = (
    "direction;post;time;mode;surname;given names;sex;birth date;nationality;document type;"
    "document number;issuing state;expires;purpose;plate"
)
POSTS = ("PLBN-01", "PLBN-02", "PLBN-11", "PLBN-12")
START = datetime(2024, 1, 1, tzinfo=UTC)
# New travellers come at this rate; two in three crossings are by people seen lately, the third by
# anybody who ever came.
CROSSINGS_EACH = 5
LATELY = 2000
_STATES = (("IDN", "java"), ("IDN", "timor"), ("TLS", "tetun"), ("MYS", "malay"), ("IDN", "dayak"))


@lru_cache(maxsize=4096)
def traveller(number: int) -> tuple[str, ...]:
    """The columns from surname to expiry of a traveller."""
    rng = Random(number)
    state, culture = _STATES[number % len(_STATES)]
    sex = rng.choice("MF")
    name = make_name(rng, culture, sex)
    born = date(1950, 1, 1) + timedelta(days=rng.randrange(20_000))
    document = f"{rng.choice('ABCEX')}{1_000_000 + number}"
    return (
        *(name.primary, name.secondary, sex, born.isoformat(), state, "passport"),
        *(document, state, "2031-01-01"),
    )


def table(first: int, rows: int) -> bytes:
    """Crossings `first` to `first + rows` as one message: people come, go, and come again."""
    lines = [HEADINGS]
    for number in range(first, first + rows):
        rng = Random(-1 - number)
        newest = number // CROSSINGS_EACH + LATELY
        who = rng.randrange(newest if rng.random() < 1 / 3 else LATELY)
        who = newest - 1 - who
        at = START + timedelta(seconds=60 * number)
        plate = f"DH {1000 + who % 9000} {'ABCDE'[who % 5]}X" if who % 4 == 0 else ""
        movement = (
            "entry" if rng.random() < 0.5 else "exit",
            POSTS[who % len(POSTS)],
            at.isoformat(timespec="seconds"),
            "car" if plate else "foot",
        )
        lines.append(";".join((*movement, *traveller(who), "visit", plate)))
    return "\n".join(lines).encode()
