"""Peringatan dini: one ranked list of alarms, each with its series, and the setting that makes it."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from math import ceil
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.kind import Period
from tapal.core.text import Text
from tapal.flow import lake_clock
from tapal.flow.signals import seen, settings
from tapal.flow.signals.counts import STEP
from tapal.flow.signals.lists import fits, midnight
from tapal.flow.signals.windows import LARGEST_BYTES
from tapal.kinds import KINDS
from tapal.store.models import SignalSetting
from tapal.web import looking, speech
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.looking import door_of
from tapal.web.pages.alerts import both

RECORDS = 20
WINDOWS = 5
STATES = {
    "draft": Text("usul", "proposed"),
    "in_force": Text("berlaku", "in force"),
    "followed": Text("digantikan", "followed by another"),
    "declined": Text("ditolak", "declined"),
}
PERIODS = {"day": Text("harian", "daily"), "week": Text("mingguan", "weekly")}
FIGURES = (
    ("alarms", Text("Alarm tiap daftar (beban kerja)", "Alarms a list (workload)")),
    (
        "false_alarms",
        Text("Di antaranya keliru, paling banyak", "Of them false, at most"),
    ),
    ("known", Text("Wabah yang diketahui", "Known outbreaks")),
    ("known_found", Text("Bagian yang diketahui yang ditemukan", "Share of the known ones found")),
    ("known_delay", Text("Keterlambatannya (periode)", "Their delay (periods)")),
    ("planted", Text("Wabah tiruan yang ditanam", "Simulated outbreaks planted")),
    ("found", Text("Bagian tiruan yang ditemukan", "Share of the simulated ones found")),
    ("delay", Text("Keterlambatannya (periode)", "Their delay (periods)")),
    ("unjudged", Text("Bagian yang tidak dapat dinilai", "Share that cannot be judged")),
)


@at_desk("signals")
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """The alarms that the officer may be told, the likeliest first, with what each list holds."""
    lists = _door(request).lists()
    context = {
        "current": "signals",
        "alarms": [_line(alarm) for alarm in seen.ranked(lists)],
        "ruled": [_line(alarm) for alarm in seen.by_rule(lists)],
        "lists": [
            {"of": each, "agency": looking.agency_name(each.owner), "period": PERIODS[each.period],
             "percent": _at_most(each.level), "window": _window(each.until, each.until, each.period)}
            for each in lists
        ],
        "may_make": _may_make(request),
        "may_set": request.desk.may(settings.EDIT) or request.desk.may(settings.APPROVE),
    }  # fmt: skip
    return render(request, "signals/listed.html", context)


@at_desk("signals")
@require_safe
def show(request: DeskRequest, list_id: uuid.UUID, subject: str) -> HttpResponse:
    """One alarm: its sentences, each series with its picture and numbers, and the records behind it."""
    alarm = _door(request).alarm(list_id, subject)
    context = {
        "current": "signals",
        **_line(alarm),
        "series": [_series(request, alarm, each) for each in alarm.series],
        "alert": _alert(request, alarm),
        "streams": [(label, round(100 * part)) for label, part in alarm.streams],
    }
    return render(request, "signals/show.html", context)


@at_desk("signals")
@require_POST
def make(request: DeskRequest) -> HttpResponse:
    """Make the lists anew, in a process of its own."""
    if not _may_make(request):
        raise Denied
    if not lake_clock.run_aside("signals", "nightly"):
        said = Text(
            "Daftar belum dapat dibuat; coba lagi.", "The lists could not be made; try again."
        )
        messages.error(request, speech.say(said))
    return redirect("signals")


@at_desk("signals")
@require_safe
def setting(request: DeskRequest) -> HttpResponse:
    """How the agency's lists are made, and proposals to change it."""
    return _setting_page(request)


@at_desk("signals")
@require_POST
def propose(request: DeskRequest) -> HttpResponse:
    """Propose a setting, and try it on history."""
    get, sent = request.POST.get, request.FILES.get("outbreaks")
    try:
        row = settings.propose(
            get("level", ""),
            get("within", ""),
            get("reason", ""),
            actor=request.desk.actor,
            outbreaks=sent.read(LARGEST_BYTES + 1) if sent else b"",
        )
    except Rejected as wrong:
        return _setting_page(request, both(wrong), 422)
    lake_clock.run_aside("signals", "try", str(row.id))
    return redirect("signal_setting")


@at_desk("signals")
@require_POST
def try_again(request: DeskRequest, setting_id: uuid.UUID) -> HttpResponse:
    """Try a proposal on history again."""
    if not SignalSetting.objects.filter(pk=setting_id, owner=request.desk.actor.agency).exists():
        raise Missing
    if not (request.desk.may(settings.EDIT) or request.desk.may(settings.APPROVE)):
        raise Denied
    lake_clock.run_aside("signals", "try", str(setting_id))
    return redirect("signal_setting")


@at_desk("signals")
@require_POST
def approve(request: DeskRequest, setting_id: uuid.UUID) -> HttpResponse:
    """Put a proposal in force as its second person."""
    try:
        settings.approve(setting_id, actor=request.desk.actor)
    except Denied as wrong:
        why = wrong.reason if isinstance(getattr(wrong, "reason", None), Text) else None
        if why is None:
            raise
        return _setting_page(request, why, 403)
    return redirect("signal_setting")


@at_desk("signals")
@require_POST
def decline(request: DeskRequest, setting_id: uuid.UUID) -> HttpResponse:
    """Decline a proposal with a reason."""
    try:
        settings.decline(setting_id, request.POST.get("reason", ""), actor=request.desk.actor)
    except Rejected as wrong:
        return _setting_page(request, both(wrong), 422)
    return redirect("signal_setting")


def _setting_page(
    request: DeskRequest, error: Text | None = None, status: int = 200
) -> HttpResponse:
    actor = request.desk.actor
    if not actor.powers & {settings.EDIT, settings.APPROVE}:
        raise Denied
    rows = settings.versions(actor.agency)
    draft = next((row for row in rows if row.state == "draft"), None)
    context = {
        "current": "signals",
        "now": settings.in_force(actor.agency),
        "draft": draft,
        "tried": _tried(draft) if draft else [],
        "windows": _windows(draft) if draft else [],
        "why_not": settings.why_not(draft, actor) if draft else None,
        "may_decline": draft is not None
        and (request.desk.may(settings.APPROVE) or draft.proposed_by == actor.number),
        "may_propose": request.desk.may(settings.EDIT) and draft is None,
        "rows": [(row, STATES[row.state]) for row in rows if row.state != "draft"],
        "error": error,
        "given": request.POST,
    }
    return render(request, "signals/setting.html", context, status=status)


def _tried(row: SignalSetting) -> list[dict[str, Any]]:
    return [
        {
            "period": PERIODS[period],
            "periods": int(told["wanted"]["periods"]),
            "series": int(told["wanted"]["series"]),
            "rows": [
                (label, _figure(name, told["now"]), _figure(name, told["wanted"]))
                for name, label in FIGURES
                if told["wanted"].get(name) is not None
                and (told["wanted"].get("known") or not name.startswith("known"))
            ],
        }
        for period, told in row.tried.items()
    ]


def _figure(name: str, told: dict[str, float | None]) -> str:
    """A number of a trial: outbreaks are counted, shares are percent, means have two places."""
    value = told.get(name)
    if value is None:
        return "–"
    if name in ("found", "known_found", "unjudged"):
        return f"{round(100 * value)}%"
    return speech.say_number(int(value) if name in ("known", "planted") else round(value, 2))


def _windows(row: SignalSetting) -> list[str]:
    """The first of the outbreaks that the proposer knows of, in words."""
    told = []
    for each in row.outbreaks[:WINDOWS]:
        since, until = (date.fromisoformat(each[name]) for name in ("since", "until"))
        where = [looking.place_name(each["place"])] if each["place"] else []
        told.append(", ".join([_window(since, until, Period.DAY), *where]))
    return told


def _door(request: DeskRequest) -> seen.SignalsDoor:
    return seen.open_signals(request.desk.actor, request.desk.purpose)


def _may_make(request: DeskRequest) -> bool:
    return request.desk.may("statistics.read")


def _at_most(share: float) -> str:
    """A bound as percent, rounded up to a tenth: what is at most that stays so."""
    tenths = ceil(round(1000 * share, 6))
    return speech.say_number(tenths / 10 if tenths % 10 else tenths // 10)


def _window(since: date, until: date, period: Period) -> str:
    """The days from the first of one period to the last of another."""
    end = until + timedelta(days=STEP[period] - 1)
    return f"{since:%d-%m-%Y}" if since == end else f"{since:%d-%m-%Y} – {end:%d-%m-%Y}"


def _line(alarm: seen.SeenAlarm) -> dict[str, Any]:
    return {
        "alarm": alarm,
        "head": alarm.text[0],
        "more": alarm.text[1:],
        "agency": looking.agency_name(alarm.owner),
        "places": [looking.place_name(place) for place in alarm.places],
        "signals": list(dict.fromkeys(each.label for each in alarm.series)),
        "period": PERIODS[alarm.period],
        "window": _window(alarm.since, alarm.until, alarm.period),
        "percent": None if alarm.q is None else _at_most(alarm.q),
    }


def _series(request: DeskRequest, alarm: seen.SeenAlarm, each: seen.SeenSeries) -> dict[str, Any]:
    rows = list(zip(each.labels, each.observed, each.expected, each.upper, strict=True))
    inside = {n for n, day in enumerate(each.labels) if day >= alarm.since}
    return {
        "of": each,
        "picture": mark_safe(picture(alarm, each)),
        "numbers": [
            (*row, n in inside, n in each.hidden) for n, row in reversed(list(enumerate(rows)))
        ],
        "records": [] if alarm.kept_back else _records(request, alarm, each),
        "share": round(100 * each.share),
    }


def picture(alarm: seen.SeenAlarm, each: seen.SeenSeries) -> str:
    """A series as SVG; all text in it is escaped by the engine's drawing."""
    from tapal.engines.signals.plot import Picture, svg

    nan = float("nan")
    number = len(each.labels)
    return svg(
        Picture(
            title=each.label.say(speech.language()),
            labels=[f"{day:%d-%m-%Y}" for day in each.labels],
            observed=[nan if v is None else v for v in each.observed],
            expected=[nan if v is None else v for v in each.expected],
            upper=[nan if v is None else v for v in each.upper],
            alarms=[n for n in range(number) if each.labels[n] >= alarm.since],
        ),
        speech.language(),
    )


def _records(request: DeskRequest, alarm: seen.SeenAlarm, each: seen.SeenSeries) -> list[Any]:
    """The records of the window that the officer may open, the newest first."""
    kind = KINDS[each.kind]
    signal = kind.signal(each.signal)
    end = alarm.until + timedelta(days=STEP[alarm.period])
    page = door_of(request).records(
        kind=kind.name,
        place=each.place,
        since=midnight(alarm.since, each.place),
        until=midnight(end, each.place),
        limit=200,
    )
    rows = [
        row for row in page.rows if signal and fits(kind, signal, list(each.split), row.view.body)
    ]
    return rows[:RECORDS]


def _alert(request: DeskRequest, alarm: seen.SeenAlarm) -> Any:
    """The alert that it opened, where the officer may see that."""
    if alarm.alert is None:
        return None
    try:
        return door_of(request).alert(alarm.alert)
    except Missing:
        return None
