"""What an alarm says to an officer, in both languages: what came, what was due, where, since when."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tapal.core.text import Text
from tapal.engines.signals.pool import Alarm, Member, Verdict, Watch


def number(value: float, language: str) -> str:
    """A count or a mean as it is written in the language: 1.234,5 or 1,234.5."""
    if math.isnan(value):
        return "–"
    text = f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.1f}"
    if language == "id":
        text = text.replace(",", " ").replace(".", ",").replace(" ", ".")
    return text


def many(count: int, word: str) -> str:
    """A number of things in English: 1 alarm, 2 alarms; what ends in s stays (series)."""
    return f"{count} {word}{'' if count == 1 or word.endswith('s') else 's'}"


def odds_words(p: float, language: str) -> str:
    """A small probability as one in so many."""
    return number(round(1.0 / max(p, 1e-12)), language)


def window(member: Member, began: int) -> tuple[float, float, int]:
    """What came and what was due since the outbreak began, and over how many reported weeks."""
    seen = [
        (count, mean)
        for count, mean in list(zip(member.observed, member.expected, strict=True))[-(began + 1) :]
        if not math.isnan(count)
    ]
    return sum(count for count, _ in seen), sum(mean for _, mean in seen), len(seen)


def headline(alarm: Alarm, labels: Sequence[str]) -> Text:
    """The first sentence: how much came over the window in the places named."""
    parts = [window(member, alarm.began) for member in alarm.members]
    came, due = sum(part[0] for part in parts), sum(part[1] for part in parts)
    since = labels[max(alarm.week - alarm.began, 0)]
    where = ", ".join(alarm.places)
    return Text(
        f"{where}: {number(came, 'id')} sejak {since}, diharapkan {number(due, 'id')}; "
        f"secara kebetulan 1 dari {odds_words(alarm.p, 'id')}.",
        f"{where}: {number(came, 'en')} since {since}, {number(due, 'en')} expected; "
        f"by chance 1 in {odds_words(alarm.p, 'en')}.",
    )


def member_line(member: Member, watch: Watch, began: int) -> Text:
    """One series of an alarm: counts of the window, what was due, this week's bound."""
    name = watch.names[member.series]
    came, due, weeks = window(member, began)
    now = member.observed[-1]
    share = round(100 * member.share)
    return Text(
        f"{name}: {number(came, 'id')} dalam {weeks} periode, diharapkan {number(due, 'id')}; "
        f"terakhir {number(now, 'id')}, batas {number(member.upper, 'id')}; "
        f"peluang tersentuh {share}%.",
        f"{name}: {number(came, 'en')} in {many(weeks, 'period')}, {number(due, 'en')} expected; "
        f"last {number(now, 'en')}, bound {number(member.upper, 'en')}; "
        f"touched with probability {share}%.",
    )


def streams_line(alarm: Alarm) -> Text | None:
    """How much of the evidence each stream brings; nothing where there is one stream."""
    told = [(name, round(100 * part)) for name, part in alarm.streams if part >= 0.005]
    if len(told) < 2:
        return None
    words = ", ".join(f"{name} {part}%" for name, part in told)
    return Text(f"Sumbangan tiap aliran: {words}.", f"Contribution of each stream: {words}.")


def explain(alarm: Alarm, watch: Watch, labels: Sequence[str]) -> list[Text]:
    """All sentences of an alarm, the most telling first."""
    told = [headline(alarm, labels)]
    told += [member_line(member, watch, alarm.began) for member in alarm.members]
    streams = streams_line(alarm)
    return [*told, streams] if streams else told


def summary(verdict: Verdict, label: str, level: float) -> Text:
    """What the whole list holds, and of how many series nothing can be said."""
    held = len(verdict.alarms)
    false = f"{verdict.false_alarms:.1f}"
    percent = f"{100 * level:g}"
    return Text(
        f"{label}: {held} alarm dari {verdict.units} satuan ({verdict.series} deret). "
        f"Daftar seperti ini rata-rata memuat paling banyak {percent}% alarm keliru; "
        f"untuk daftar ini paling banyak {false.replace('.', ',')}. "
        f"{verdict.silent_for} deret tidak dapat dinilai: tidak dilaporkan, tutup, atau terlalu baru.",
        f"{label}: {many(held, 'alarm')} of {many(verdict.units, 'unit')} ({verdict.series} series). "
        f"Such a list holds at most {percent}% false alarms on average; for this one at most {false}. "
        f"{verdict.silent_for} series cannot be judged: not reported, closed, or too new.",
    )
