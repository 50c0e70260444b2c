"""What a kind says of tables of other systems, so that a saved mapping can bring their rows in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

# A body under construction and the cells that have no field in it, by their headings.
Keep = Callable[[dict[str, Any], Mapping[str, str]], None]


def _no_code(path: str, word: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Mapped:
    """A kind's part in mapped imports.

    `format` names the format that reads a body as JSON: through it each row passes the kind's own
    checks. `needed` are the paths without which there is no record, `constants` what every row of
    a table has in common unless the mapping says otherwise, `closed` the parts that only this
    house writes. `headings` are the usual headings by path, in plain lower case. `code` reads the
    code that a sender's word means at a path, beyond the words that the field itself has; `keep`
    puts cells without a field where the kind keeps such, so that nothing is dropped. `times` are
    paths that hold a day with its clock time, `days` those that hold a day alone.
    """

    format: str
    needed: tuple[str, ...]
    keep: Keep
    constants: Mapping[str, str] = field(default_factory=dict, hash=False)
    closed: tuple[str, ...] = ()
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    code: Callable[[str, str], str | None] = _no_code
    times: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
