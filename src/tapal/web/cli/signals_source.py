"""What `tapal signals` judges: the series of a file, or the declared signals of an officer's agency."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tapal.core.kind import Period
from tapal.web.cli import Unusable, start

if TYPE_CHECKING:
    from tapal.engines.signals.pool import PoolSettings
    from tapal.engines.signals.pool_files import Counts
    from tapal.flow.signals.counts import Held

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

travel_option = click.option(
    "--travel", type=FILE, help="CSV from,to,minutes: places within reach are pooled."
)
series_option = click.option(
    "--series", "only", default="*", show_default=True, help="Only series of this name or pattern."
)
level_option = click.option(
    "--level",
    type=click.FloatRange(0.001, 0.5),
    help="Share of false alarms that a list may hold on average. "
    "[default: 0.1; of the lake: the agency's setting]",
)
within_option = click.option(
    "--within",
    type=click.FloatRange(0),
    help="Longest travel time inside a region, in minutes. "
    "[default: 240; of the lake: the agency's setting]",
)
officer_option = click.option(
    "--officer", help="Without FILE: whose agency's declared signals of the lake are judged."
)
period_option = click.option(
    "--period",
    type=click.Choice(["day", "week"]),
    default="week",
    show_default=True,
    help="Without FILE: signals counted by the day or by the week.",
)
signal_option = click.option(
    "--signal", default="", help="Without FILE: only this declared signal, by its name."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Where the series come from, as the options say it: FILE, or else the lake for an officer."""

    file: Path | None
    travel: Path | None = None
    only: str = "*"
    officer: str | None = None
    period: str = "week"
    signal: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Series with the setting by which their lists are made; `signals` names each declared one's.

    `coded` are the same under the names and codes by which a file of outbreaks knows them.
    """

    counts: Counts
    coded: Counts
    settings: PoolSettings
    signals: tuple[str, ...] = ()


def source(asked: Asked, level: float | None, within: float | None, language: str = "en") -> Source:
    """The series asked for. Raises Rejected for a file of no use; ends with a sentence for a lake."""
    from tapal.engines.signals.pool_files import pool_settings

    if asked.file is not None:
        counts = read(asked.file, asked.travel, asked.only)
        return Source(counts, counts, pool_settings(counts, level, within))
    if not asked.officer:
        raise click.UsageError("name a FILE, or say who asks the lake: --officer USERNAME")
    held = of_lake(asked)
    from tapal.flow.signals.settings import in_force

    setting = in_force(held.owner)
    settings = pool_settings(
        held.counts,
        setting.level if level is None else level,
        setting.within if within is None else within,
    )
    signals = tuple(line.signal for line in held.lines)
    return Source(worded(held, language), held.counts, settings, signals)


def read(file: Path, travel: Path | None = None, only: str = "*") -> Counts:
    """The series of a file, with travel times where there are some."""
    from tapal.engines.signals.pool_files import read_counts, with_travel

    counts = read_counts(file, only=only)
    return with_travel(counts, travel) if travel else counts


def of_lake(asked: Asked) -> Held:
    """The declared signals of an officer's agency; ends with a sentence where there are none."""
    start()
    from tapal.core.errors import Denied
    from tapal.flow.officers import actor_of
    from tapal.flow.signals import counts, seen
    from tapal.store.models import Officer

    person = Officer.objects.filter(username=asked.officer).first()
    try:
        if person is None:
            raise Denied
        owner = seen.may_run(actor_of(person, None))
    except Denied as refused:
        raise Unusable(f"{asked.officer} may not ask for figures of all posts") from refused
    try:
        held = counts.read(owner, Period(asked.period))
    except FileNotFoundError as gone:
        raise Unusable("there is no lake yet: tapal lake build") from gone
    if held is not None:
        held = held.only(asked.signal, asked.only)
    if held is None:
        which = f"signal {asked.signal}" if asked.signal else "signal"
        raise Unusable(f"the lake holds no {which} of {owner} by the {asked.period}")
    return held


def worded(held: Held, language: str) -> Counts:
    """The same series under the names that officers read, at posts and in streams by their names."""
    from dataclasses import replace

    from tapal.flow.signals.judging import label_of, place_name, stream_of

    watch = held.counts.watch
    posts = {place: place_name(place) for place in watch.places}
    if len(set(posts.values())) < len(posts):  # two of one name stay apart
        posts = {place: f"{name} ({place})" for place, name in posts.items()}
    return replace(
        held.counts,
        watch=replace(
            watch,
            names=tuple(label_of(line).say(language) for line in held.lines),
            place=tuple(posts[place] for place in watch.place),
            places=tuple(posts.values()),
            stream=tuple(stream_of(line).say(language) for line in held.lines),
        ),
    )
