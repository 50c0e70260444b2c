"""The six posts that are simulated: who crosses there, how many, and when they are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from tapal.data import table
from tapal.simulation.people import Background


@dataclass(frozen=True, slots=True)
class Station:
    """A post with its flow. `per_day` counts crossings of both directions on a common day.

    `flows` are (background, share of trips); `market_days` are weekdays, Monday being 0, on which
    the flow is `market_factor` times as large.
    """

    post: str
    zone: ZoneInfo
    opens: time
    closes: time
    neighbour: str
    per_day: int
    flows: tuple[tuple[Background, float], ...]
    destinations: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    market_days: frozenset[int] = frozenset()
    market_factor: float = 1.0
    plates: tuple[str, ...] = ()
    carrier: str = ""

    def at(self, day: date, minute: float) -> datetime:
        """The moment that many minutes after opening on a day."""
        seconds = (self.opens.hour * 60 + self.opens.minute) * 60 + int(minute * 60)
        hour, rest = divmod(seconds, 3600)
        return datetime.combine(day, time(hour, rest // 60, rest % 60), self.zone)

    @property
    def open_minutes(self) -> int:
        """How long the post is open a day."""
        return (self.closes.hour - self.opens.hour) * 60 + self.closes.minute - self.opens.minute

    def volume(self, day: date, scale: float) -> int:
        """Crossings of a day: more on market days, fewer on Sundays."""
        factor = self.market_factor if day.weekday() in self.market_days else 1.0
        if day.weekday() == 6:
            factor *= 0.7
        return max(2, round(self.per_day * factor * scale))


@cache
def stations() -> tuple[Station, ...]:
    """Motaain, Wini, Entikong, Aruk, Skouw and the ferry terminal of Batam Centre."""
    return (
        _timor("PLBN-11", 1000, "53.04", ("TLS-BOB-BALIBO", "TLS-BOB-MALIANA"), frozenset({1, 4})),
        _timor("PLBN-13", 140, "53.03", ("TLS-OEC-PANTE-MAKASAR",), frozenset({2})),
        _sarawak("PLBN-02", 520, ("61.03.21", "61.03.07"), ("MYS-SER-SERIAN",)),
        _sarawak("PLBN-01", 260, ("61.01.09",), ("MYS-KUC-LUNDU",)),
        _station(
            "PLBN-16",
            320,
            (
                (Background("IDN", ("papua",), "border_pass", ("91.71.04",)), 0.2),
                (Background("PNG", ("png",), "border_pass", ("PNG-VAN-BEWANI-WUTUNG-ONEI",)), 0.6),
                (Background("IDN", ("papua", "java"), "passport"), 0.1),
                (Background("PNG", ("png",), "passport"), 0.1),
            ),
            destinations=("91.71.04",),
            away=("PNG-VAN-BEWANI-WUTUNG-ONEI",),
            market_days=frozenset({1, 3, 5}),
            market_factor=2.2,
            plates=("PA {n} {l}", "BBW {n3}"),
        ),
        _station(
            "TPI-04",
            420,
            (
                (Background("IDN", ("malay", "chindo", "java"), "passport"), 0.45),
                (Background("SGP", ("singapore",), "passport"), 0.35),
                (Background("MYS", ("malay",), "passport"), 0.15),
                (Background("PHL", ("philippines",), "passport"), 0.05),
            ),
            carrier="ferry",
        ),
    )


def _timor(
    post: str, per_day: int, regency: str, away: tuple[str, ...], market: frozenset[int]
) -> Station:
    home = _treaty_areas(regency)
    return _station(
        post,
        per_day,
        (
            (Background("IDN", ("timor",), "border_pass", home), 0.38),
            (Background("TLS", ("tetun",), "border_pass", away), 0.3),
            (Background("IDN", ("timor", "java"), "passport"), 0.12),
            (Background("TLS", ("tetun",), "passport"), 0.18),
            (Background("PHL", ("philippines",), "passport"), 0.02),
        ),
        destinations=home,
        away=away,
        market_days=market,
        market_factor=1.3,
        plates=("DH {n} {l}", "{n2}-{n3} TLS"),
    )


def _sarawak(post: str, per_day: int, home: tuple[str, ...], away: tuple[str, ...]) -> Station:
    return _station(
        post,
        per_day,
        (
            (Background("IDN", ("dayak", "malay"), "border_pass", home), 0.3),
            (Background("MYS", ("iban", "malay"), "border_pass", away), 0.12),
            (Background("IDN", ("dayak", "malay", "java", "chindo"), "passport"), 0.33),
            (Background("MYS", ("iban", "malay"), "passport"), 0.25),
        ),
        destinations=home,
        away=away,
        plates=("KB {n} {l}", "QA{l1} {n}"),
    )


@cache
def posts() -> dict[str, dict[str, str]]:
    """The rows of posts.csv by id."""
    return {row["id"]: row for row in table("posts.csv")}


@cache
def _treaty_areas(regency: str) -> tuple[str, ...]:
    """Sub-districts of a regency that the arrangement of 2003 names itself."""
    return tuple(
        row["id"]
        for row in table("border_areas.csv")
        if row["id"].startswith(regency)
        and row["treaty_zone"] == "TLS"
        and row["mapping_confidence"] == "checked"
    )


def _station(
    post: str,
    per_day: int,
    flows: tuple[tuple[Background, float], ...],
    *,
    destinations: tuple[str, ...] = (),
    away: tuple[str, ...] = (),
    market_days: frozenset[int] = frozenset(),
    market_factor: float = 1.0,
    plates: tuple[str, ...] = (),
    carrier: str = "",
) -> Station:
    row = posts()[post]
    opens, closes = row["opening_hours"].split("-")
    return Station(
        post=post,
        zone=ZoneInfo(row["tz"]),
        opens=time.fromisoformat(opens),
        closes=time.fromisoformat(closes),
        neighbour=row["neighbour"],
        per_day=per_day,
        flows=flows,
        destinations=destinations,
        away=away,
        market_days=market_days,
        market_factor=market_factor,
        plates=plates,
        carrier=carrier,
    )
