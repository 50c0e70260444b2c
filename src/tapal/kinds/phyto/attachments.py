"""A body holds of an attached file its name, size and hash: how a written certificate names it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_NOTE: Final = re.compile(
    r"\s*\[attachment: (?P<filename>[^\]]*); (?P<size>\d{1,12}) bytes; (?P<whole>whole|broken); "
    r"sha256:(?P<sha256>[0-9a-f]{64})\]$"
)


# Any: a reference is JSON.
def note(reference: Mapping[str, Any]) -> str:
    """Words that name the file, for a certificate that goes out without its bytes."""
    filename = str(reference.get("filename") or "").replace("]", ")")
    whole = "broken" if reference.get("whole") is False else "whole"
    size, sha256 = reference.get("size") or 0, reference["sha256"]
    return f"[attachment: {filename}; {size} bytes; {whole}; sha256:{sha256}]"


def split(information: str) -> tuple[str, dict[str, Any]]:
    """The words without such a note, and what the note names; nothing where there is none."""
    found = _NOTE.search(information)
    if found is None:
        return information, {}
    named = {
        "filename": found["filename"] or None,
        "size": int(found["size"]),
        "sha256": found["sha256"],
        "whole": found["whole"] == "whole",
    }
    return information[: found.start()], named
