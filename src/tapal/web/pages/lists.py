"""Daftar: each watch list with its versions; a draft and its difference; an entry and where it is from."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.text import Text
from tapal.flow import lists, screen
from tapal.flow.lists import preview, rescreening
from tapal.flow.share import access
from tapal.store.models import Listing, ListVersion, Rescreening, Roll
from tapal.web import speech
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.looking import door_of
from tapal.web.pages.alerts import both
from tapal.web.pages.intake import LARGEST, TOO_LARGE

PAGE = 50
STATES = {
    "draft": Text("rancangan", "draft"),
    "in_force": Text("berlaku", "in force"),
    "followed": Text("digantikan", "followed by another"),
    "declined": Text("tidak dipakai", "declined"),
}
WHAT = {
    lists.ADDED: Text("Baru", "Added"),
    lists.CHANGED: Text("Berubah", "Changed"),
    lists.REMOVED: Text("Dicabut", "Removed"),
}
JOBS = {
    rescreening.WAITING: Text("menunggu giliran", "waiting its turn"),
    rescreening.RUNNING: Text("berjalan", "running"),
    rescreening.DONE: Text("selesai", "done"),
    rescreening.BROKEN: Text("berhenti karena gangguan", "stopped by a fault"),
}


@at_desk("lists")
@require_http_methods(["GET", "POST"])
def show(request: DeskRequest) -> HttpResponse:
    """The lists, drafts that wait, and the import of a new version as a draft."""
    context: dict[str, object] = {"current": "lists"}
    status = 200
    if request.method == "POST":
        try:
            made = imported(request)
        except Rejected as wrong:
            context["error"], status = both(wrong), 422
        else:
            if len(made.versions) == 1:
                return redirect("list_version", made.versions[0].id)
            context["made"] = made.versions
    valid = Count("listings", filter=Q(listings__removed_at=None))
    actor = request.desk.actor
    rolls = Roll.objects.annotate(entries=valid).order_by("code")
    mine = [roll for roll in rolls if lists.may_see(roll, actor)]
    context["rolls"] = [(roll, _label(roll)) for roll in mine]
    drafts = ListVersion.objects.filter(state="draft", roll__in=mine).select_related("roll")
    context["drafts"] = [(row, _label(row.roll)) for row in drafts.order_by("id")]
    context["may_draft"] = request.desk.may(lists.EDIT)
    return render(request, "lists/listed.html", context, status=status)


def imported(request: DeskRequest) -> lists.Imported:
    """Hand the files to the import. Raises Rejected, Denied."""
    sent = [file for file in request.FILES.getlist("file") if file.size]
    if not sent:
        raise Rejected(
            Text("Berkasnya belum dipilih.", "No file was chosen."),
            Text("Pilih berkas CSV, JSON atau XML.", "Choose a CSV, JSON or XML file."),
        )
    if sum(file.size or 0 for file in sent) > LARGEST:
        raise Rejected(TOO_LARGE, Text("Bagi berkasnya.", "Split the file."))
    roll = request.POST.get("roll") or None
    return lists.draft([file.read() for file in sent], actor=request.desk.actor, roll=roll)


def _label(roll: Roll) -> Text:
    return Text(roll.label_id, roll.label_en)


@at_desk("lists")
@require_safe
def one(request: DeskRequest, code: str) -> HttpResponse:
    """A list with its versions and, looked up by name or number, its entries."""
    roll = _roll(request, code)
    asked = request.GET.get("q", "").strip()[:80]
    rows = _entries(roll, asked)
    _note(request, f"list:{code}", asked, len(rows))
    context = {
        "roll": roll,
        "label": _label(roll),
        "basis": screen.retrospective_basis(code, speech.now().date()).rows,
        "versions": [(row, STATES[row.state]) for row in lists.versions_of(roll)],
        "asked": asked,
        "entries": [(row, "; ".join(row.data.get("names", ()))) for row in rows],
        "most": PAGE,
        "current": "lists",
    }
    return render(request, "lists/one.html", context)


def _entries(roll: Roll, asked: str) -> list[Listing]:
    rows = Listing.objects.filter(roll=roll, removed_at=None)
    if asked:
        rows = rows.filter(
            Q(entity_id__iexact=asked) | Q(number__iexact=asked) | Q(data__names__icontains=asked)
        )
    return list(rows.order_by("entity_id")[:PAGE])


@at_desk("lists")
@require_safe
def entry(request: DeskRequest, code: str, entity_id: str) -> HttpResponse:
    """One entry: each fact with the version that brought it, and what became of it."""
    roll = _roll(request, code)
    row = Listing.objects.filter(roll=roll, entity_id=entity_id).first()
    if row is None:
        raise Missing
    _note(request, f"list:{code}:{entity_id}", "", 1)
    facts, changes = preview.provenance(code, entity_id)
    context = {
        "roll": roll,
        "label": _label(roll),
        "entry": row,
        "facts": facts,
        "changes": [(each, WHAT[each.what], preview.differing(each)) for each in changes],
        "current": "lists",
    }
    return render(request, "lists/entry.html", context)


@at_desk("lists")
@require_safe
def version(request: DeskRequest, version_id: uuid.UUID) -> HttpResponse:
    """One version: its difference, whom it would hit, who may put it in force, the re-screening."""
    row = lists.found(version_id, actor=request.desk.actor)
    response = page(request, row)
    job = _job(row)
    if request.headers.get("HX-Request") and (job is None or job.state not in _GOING):
        response.headers["HX-Refresh"] = "true"
    return response


_GOING = (rescreening.WAITING, rescreening.RUNNING)


def page(
    request: DeskRequest, row: ListVersion, error: Text | None = None, status: int = 200
) -> HttpResponse:
    """The page of a version, perhaps with why something was refused."""
    what = request.GET.get("what", "")
    shown = what if what in WHAT else next((w for w in WHAT if getattr(row, w)), lists.ADDED)
    sent = request.GET.get("dari", "0")
    start = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0
    changes = list(preview.entries(row, shown, start, PAGE + 1))
    _note(request, f"list:{row.roll_id}", f"version {row.id}", len(changes))
    job = _job(row)
    context = {
        "row": row,
        "label": _label(row.roll),
        "state": STATES[row.state],
        "reason": lists.reason_of(row),
        "tabs": [(w, label, getattr(row, w)) for w, label in WHAT.items()],
        "shown": shown,
        "changes": [
            (each, preview.name_of(each), preview.differing(each)) for each in changes[:PAGE]
        ],
        "next": start + PAGE if len(changes) > PAGE else None,
        "faults": [_fault(each) for each in row.faults[:PAGE]],
        "why_not": lists.why_not(row, request.desk.actor) if row.state == "draft" else None,
        "travellers": _travellers(request, row),
        "days": preview.DAYS,
        "job": job,
        "job_state": JOBS[job.state] if job else None,
        "basis": rescreening.basis_of(job) if job else None,
        "error": error,
        "current": "lists",
    }
    return render(request, "lists/version.html", context, status=status)


def _travellers(request: DeskRequest, row: ListVersion) -> preview.Travellers | None:
    """Whom a draft would hit, on asking: through the reader's own door."""
    if row.state != "draft" or "siapa" not in request.GET or not request.desk.may("record.read"):
        return None
    return preview.travellers(row, door_of(request))


# Any: a fault as JSON.
def _fault(each: dict[str, object]) -> dict[str, object]:
    return {**each, "reason": Text.of(each["reason"]), "mend": Text.of(each["mend"])}  # type: ignore[arg-type]


def _job(row: ListVersion) -> Rescreening | None:
    return Rescreening.objects.filter(version=row).first()


@at_desk("lists")
@require_POST
def publish(request: DeskRequest, version_id: uuid.UUID) -> HttpResponse:
    """Put a draft in force as its second person."""
    row = lists.found(version_id, actor=request.desk.actor)
    try:
        lists.publish(row.pk, actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, row, both(wrong), 422)
    done = Text("Versi ini berlaku sejak sekarang.", "This version is in force from now on.")
    messages.success(request, speech.say(done))
    return redirect("list_version", row.id)


@at_desk("lists")
@require_POST
def decline(request: DeskRequest, version_id: uuid.UUID) -> HttpResponse:
    """Put a draft away, with the reason."""
    row = lists.found(version_id, actor=request.desk.actor)
    try:
        lists.decline(row.pk, request.POST.get("reason", ""), actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, row, both(wrong), 422)
    messages.success(request, speech.say(Text("Rancangan disisihkan.", "The draft is put away.")))
    return redirect("lists")


@at_desk("lists")
@require_POST
def again(request: DeskRequest, version_id: uuid.UUID) -> HttpResponse:
    """Go on with a re-screening that a fault stopped. Raises Denied without the power."""
    row = lists.found(version_id, actor=request.desk.actor)
    if not request.desk.may(lists.EDIT):
        raise Denied
    job = _job(row)
    if job is not None:
        rescreening.again(job)
    return redirect("list_version", row.id)


def _roll(request: DeskRequest, code: str) -> Roll:
    roll = Roll.objects.filter(pk=code).first()
    if roll is None or not lists.may_see(roll, request.desk.actor):
        raise Missing
    return roll


def _note(request: DeskRequest, subject: str, asked: str, count: int) -> None:
    """Leave the trace of a look into a list."""
    actor = request.desk.actor
    access.note(
        actor, request.desk.purpose, access.READ, subject=subject, owner=actor.agency,
        question=asked, count=count,
    )  # fmt: skip
