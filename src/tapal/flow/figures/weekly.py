"""The weekly sheet: on Monday each agency that has somebody for statistics finds a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from tapal.core.actions import Actor
from tapal.core.mandates import READ, READ_STATISTICS
from tapal.engines.lake import disk
from tapal.flow.events import SYSTEM
from tapal.flow.figures import QUESTIONS
from tapal.flow.figures.door import open_figures
from tapal.flow.figures.export import exported
from tapal.flow.lake_rows import CAPITAL
from tapal.flow.officers import roles
from tapal.flow.share import access, compile
from tapal.store.models import Mandate

FIRST_HOUR = 5
LANGUAGE = "id"
_NAME = "angka-{year}-M{week:02}.xlsx"


@dataclass(frozen=True, slots=True)
class Week:
    """A week by ISO 8601, in the capital."""

    year: int
    week: int

    @classmethod
    def before(cls, now: datetime) -> Week:
        """The last week that is over and whose Monday morning has come."""
        there = now.astimezone(ZoneInfo(CAPITAL)) - timedelta(hours=FIRST_HOUR)
        year, week, _ = (there - timedelta(days=7)).isocalendar()
        return cls(year, week)


def folder() -> Path:
    """Where the sheets lie."""
    return Path(settings.TAPAL_HOME) / "sheets"


def missing(now: datetime) -> list[str]:
    """The agencies whose sheet of last week is not written yet."""
    week = Week.before(now)
    return [agency for agency in _agencies(now) if not _path(agency, week).exists()]


def write(now: datetime) -> list[Path]:
    """Write the sheets that are missing: the seven days before this week, as each agency may count."""
    week, written = Week.before(now), []
    sunday = datetime.fromisocalendar(week.year, week.week, 7).date()
    for agency in missing(now):
        figures = open_figures(_reader(agency), now=now)
        answers = figures.ask(QUESTIONS, days=7, until=sunday, act=access.EXPORT)
        path = _path(agency, week)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        disk.replace(path, exported(answers, "xlsx", LANGUAGE, CAPITAL))
        written.append(path)
    return written


def of_agency(agency: str) -> list[Path]:
    """An agency's sheets, the newest first."""
    return sorted((folder() / agency).glob("*.xlsx"), reverse=True)


def _path(agency: str, week: Week) -> Path:
    return folder() / agency / _NAME.format(year=week.year, week=week.week)


def _reader(agency: str) -> Actor:
    """Nobody in particular: what any of the agency's people for statistics may count, at every post."""
    return Actor("", SYSTEM, SYSTEM, agency, None, frozenset({READ, READ_STATISTICS}))


def _agencies(now: datetime) -> Iterator[str]:
    """The agencies of which somebody holds the power at every post today."""
    day = compile.today(now)
    codes = [code for code, role in roles().items() if READ_STATISTICS in role.powers]
    held = Mandate.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        role__in=codes,
        place=None,
        valid_from__lte=day,
        officer__is_active=True,
    )
    yield from held.order_by("agency_id").values_list("agency_id", flat=True).distinct()
