"""What every database takes: text without the null character and without half characters."""

from __future__ import annotations

import json
import re
from typing import Any

# Shown in place of the null character, which PostgreSQL takes in no text.
NULL_SHOWN = "␀"
# How JSON in ASCII writes the null character and every half character, the halves of a whole one too.
_DOUBTFUL = re.compile(r"\\u0000|\\ud[89a-f]")


def storable(text: str) -> str:
    """The text with a visible sign where a null stood and a replacement mark for half characters.

    The bytes as they came lie in the raw folder.
    """
    if "\x00" in text:
        text = text.replace("\x00", NULL_SHOWN)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


# Any in this file: a JSON value.
def storable_json(value: Any) -> Any:
    """The same for every text in a JSON value, names of fields too."""
    # Written out once by the library, which is faster by far than a walk, it shows whether one is needed.
    return _mended(value) if _DOUBTFUL.search(json.dumps(value)) else value


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(name)): _mended(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(each) for each in value]
    return value
