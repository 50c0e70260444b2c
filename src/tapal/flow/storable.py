"""What every database takes: text without the null character and without half characters."""

from __future__ import annotations

from typing import Any

# Shown in place of the null character, which PostgreSQL takes in no text.
NULL_SHOWN = "␀"


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


# Any: a JSON value.
def storable_json(value: Any) -> Any:
    """The same for every text in a JSON value, names of fields too."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(name)): storable_json(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [storable_json(each) for each in value]
    return value
