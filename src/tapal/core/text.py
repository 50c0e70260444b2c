"""A sentence in the two languages of the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["id", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence, Indonesian first, English second."""

    id: str
    en: str

    def say(self, language: str) -> str:
        """The sentence in `language`; anything but English is Indonesian."""
        return self.en if language.startswith("en") else self.id

    def fill(self, **values: object) -> Text:
        """Put values into the `{places}` of both sentences; braces in a value stay as they are.

        A `Text` among the values goes into each sentence in its language.
        """
        texts = {name: value for name, value in values.items() if isinstance(value, Text)}
        return Text(
            self.id.format(**values | {name: text.id for name, text in texts.items()}),
            self.en.format(**values | {name: text.en for name, text in texts.items()}),
        )

    def json(self) -> dict[str, str]:
        """The shape in which a sentence is stored and sent."""
        return {"id": self.id, "en": self.en}

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> Text:
        """Read what `json` wrote."""
        return cls(stored["id"], stored["en"])


def same(word: str) -> Text:
    """A text that reads alike in both languages: a name, a number, a code."""
    return Text(word, word)
