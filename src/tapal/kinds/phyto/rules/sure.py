"""How sure the law is that a sentence rests on; its citations stand beside the sentence."""

from __future__ import annotations

from collections.abc import Sequence

from tapal.core.legal import LegalRow
from tapal.core.text import Text


def unsure(rows: Sequence[LegalRow]) -> Text:
    """A last sentence where a row was not read in its source; empty where all were."""
    if all(row.confidence == "checked" for row in rows):
        return Text("", "")
    return Text(
        " Aturannya belum diverifikasi: petugas memutuskan dan menandatangani.",
        " The rule is unchecked: the officer decides and signs.",
    )
