"""Values as R prints them: TRUE, NULL, 2/3, 0:4, c(0,4), {S:1 trend:0}."""

import re
from collections.abc import Callable
from typing import Any

from tapal.engines.signals.seasonal import Seasonal

# Reads one value. Any: flags, numbers, words and models.
Reader = Callable[[str], Any]


class BadParameter(ValueError):
    """A method has no parameter of that name, or none with that value."""


def flag(text: str) -> bool:
    """TRUE or FALSE, as R writes them."""
    if text.upper() in {"TRUE", "T"}:
        return True
    if text.upper() in {"FALSE", "F"}:
        return False
    raise BadParameter(text)


def number(text: str) -> float:
    """A number or a fraction, perhaps Inf."""
    upper, _, lower = text.partition("/")
    try:
        return float(upper) / float(lower) if lower else float(upper)
    except (ValueError, ZeroDivisionError):
        raise BadParameter(text) from None


def positive(text: str) -> float:
    """A number above zero."""
    value = number(text)
    if not value > 0:
        raise BadParameter(text)
    return value


def chance(text: str) -> float:
    """A probability strictly between 0 and 1."""
    value = number(text)
    if not 0 < value < 1:
        raise BadParameter(text)
    return value


def whole(text: str) -> int:
    """A whole number, not below zero; R writes a trailing L now and then."""
    value = number(text.removesuffix("L"))
    if value != int(value) or value < 0:
        raise BadParameter(text)
    return int(value)


def at_least_one(text: str) -> int:
    """A whole number from 1 on."""
    value = whole(text)
    if value < 1:
        raise BadParameter(text)
    return value


def window(text: str) -> int:
    """A whole number, or -1 for no limit."""
    return -1 if number(text) == -1 else whole(text)


def numbers(text: str) -> tuple[float, ...]:
    """Several numbers: 0:4 (cases and points), c(0,4), 0 4."""
    found = re.findall(r"[-+\d.eE/]+", text.removeprefix("c"))
    return tuple(number(one) for one in found)


def pair(text: str) -> tuple[int, int]:
    """Two whole numbers: cases and points."""
    found = numbers(text)
    if len(found) != 2 or any(value != int(value) or value < 0 for value in found):
        raise BadParameter(text)
    return int(found[0]), int(found[1])


def choice(*words: str) -> Callable[[str], str]:
    """One of the words."""

    def read(text: str) -> str:
        if text not in words:
            raise BadParameter(text)
        return text

    return read


def optional(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """The same, or NULL."""
    return lambda text: None if text.upper() in {"NULL", "NA", ""} else read(text)


def power(text: str) -> str:
    """A power of Farrington's: 2/3, 1/2 or none; 1 is none."""
    return choice("2/3", "1/2", "none")("none" if text == "1" else text)


def expected_count(text: str) -> Any:
    """CUSUM's m: NULL, glm, a number or several."""
    if text.upper() == "NULL":
        return None
    if text == "glm":
        return text
    values = numbers(text)
    if not values:
        raise BadParameter(text)
    return values[0] if len(values) == 1 else values


def mean_model(text: str) -> Any:
    """GLR's mu0: NULL, a model {S:1 trend:1}, or numbers."""
    if text.upper() == "NULL":
        return Seasonal(waves=1, trend=False)
    fields = dict(re.findall(r"(\w+)\s*[:=]\s*(\w+)", text))
    if not fields:
        values = numbers(text)
        if not values:
            raise BadParameter(text)
        return values
    if set(fields) - {"S", "trend", "refit"}:
        raise BadParameter(text)
    trend = fields.get("trend", "FALSE")
    kept = bool(int(trend)) if trend in {"0", "1"} else flag(trend)
    return Seasonal(whole(fields.get("S", "1")), kept)
