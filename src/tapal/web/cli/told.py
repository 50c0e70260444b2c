"""How a command tells what it does not do: a sentence on standard error, and the exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click

from tapal.core.errors import Denied, Missing, Rejected


def refuse(what: str, code: int = 2) -> NoReturn:
    """Say it and end."""
    click.echo(what, err=True)
    sys.exit(code)


@contextmanager
def refusals(
    language: str = "en",
    *,
    denied: str = "not allowed",
    missing: str = "there is none such",
    also: tuple[type[Exception], ...] = (),
) -> Iterator[None]:
    """Tell a refusal with its place and mend, and end.

    `denied` and `missing` are said where the refusal has no words of its own; an error of a sort in
    `also` is told as something missing.
    """
    absent: tuple[type[Exception], ...] = (Missing, *also)
    try:
        yield
    except Rejected as wrong:
        place = f"{wrong.place}: " if wrong.place else ""
        refuse(f"{place}{wrong.reason.say(language)} {wrong.mend.say(language)}")
    except Denied as wrong:
        refuse(wrong.reason.say(language) if wrong.reason else denied)
    except absent:
        refuse(missing)
