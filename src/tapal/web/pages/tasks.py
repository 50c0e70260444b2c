"""Tugas: work that waits for somebody with the power to do it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tapal.core.errors import Missing, Rejected
from tapal.core.mandates import ASSIGN_TASKS
from tapal.core.text import Text
from tapal.engines.procedures import Field, Option
from tapal.flow import answer as steps
from tapal.flow import handling, takeback, tasks
from tapal.flow.alert import UNDO_MINUTES
from tapal.flow.share.seen import SeenTask
from tapal.web import speech
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.looking import door_of
from tapal.web.overtaken import MEANWHILE, STATUS
from tapal.web.pages.alerts import both
from tapal.web.pages.paper import code


@at_desk("tasks")
@require_GET
def listed(request: DeskRequest) -> HttpResponse:
    """Open tasks by what is due first; done ones on request; `cetak` lays the list out on paper."""
    state = "done" if request.GET.get("state") == "done" else "open"
    post = request.desk.post
    everywhere = request.GET.get("where") == "all" or post is None
    page = door_of(request).tasks(
        state=state,
        place=None if everywhere or post is None else post.id,
        before=request.GET.get("before"),
    )
    context = {"page": page, "state": state, "everywhere": everywhere, "current": "tasks"}
    if "cetak" in request.GET:
        drawn = code(request, reverse("tasks"))
        return render(request, "print_tasks.html", {**context, "code": drawn})
    return render(request, "tasks.html", context)


@at_desk("tasks")
@require_GET
def show(request: DeskRequest, task_id: uuid.UUID) -> HttpResponse:
    """One task: what is asked, by when, and the record it is about."""
    return page(request, task_id)


def page(
    request: DeskRequest,
    task_id: uuid.UUID,
    error: Text | None = None,
    status: int = 200,
    at: str | None = None,
) -> HttpResponse:
    """The page of a task, perhaps with what was wrong with the answer, and `at` which question."""
    seen = door_of(request).task(task_id)
    desk = request.desk
    here = desk.actor.acts_at(seen.place)
    hands_out = desk.may(ASSIGN_TASKS) and here
    free = hands_out or seen.assigned_to in ("", desk.actor.number)
    context = {
        "task": seen,
        "questions": [_question(field, request, at) for field in seen.form],
        "may_answer": seen.state == "open" and desk.may(seen.power) and here and free,
        "may_assign": hands_out,
        "may_take_back": seen.run is not None and takeback.offered(task_id, desk.actor),
        "by_act": tasks.ENDS_BY_ACT if tasks.ends_by_act(seen.kind, seen.name) else None,
        "error": error,
        "current": "tasks",
    }
    return render(request, "task.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a step's form as the page draws it."""

    field: Field
    options: tuple[Option, ...]
    given: str
    input: str
    wrong: bool


_INPUTS = {"date": "date", "number": "number"}
_YES_NO = (Option("yes", Text("Ya", "Yes")), Option("no", Text("Tidak", "No")))


def _question(field: Field, request: DeskRequest, at: str | None) -> Question:
    options = _YES_NO if field.type == "yes_no" else field.options
    given = request.POST.get(field.name, "")
    return Question(field, options, given, _INPUTS.get(field.type, "text"), field.name == at)


@at_desk("tasks")
@require_POST
def answer(request: DeskRequest, task_id: uuid.UUID) -> HttpResponse:
    """Answer a task: a procedure's by its form, another in words."""
    seen = door_of(request).task(task_id)
    if seen.run is not None:
        return _answer_step(request, task_id, seen)
    words = request.POST.get("answer", "").strip()
    if not words:
        missing = Text("Tulis apa yang sudah dikerjakan.", "Write what was done.")
        return page(request, task_id, missing, 422)
    try:
        tasks.answer_task(task_id, words, actor=request.desk.actor)
    except Missing:
        return page(request, task_id, MEANWHILE, STATUS)
    except Rejected as wrong:
        return page(request, task_id, wrong.reason, 422)
    return _done(request)


def _answer_step(request: DeskRequest, task_id: uuid.UUID, seen: SeenTask) -> HttpResponse:
    answers = {field.name: request.POST.get(field.name, "") for field in seen.form}
    try:
        steps.answer(task_id, answers, actor=request.desk.actor)
    except Missing:
        return page(request, task_id, MEANWHILE, STATUS)
    except Rejected as wrong:
        return page(request, task_id, both(wrong), 422, wrong.place)
    told = Text(
        "Tugas selesai. Salah tekan? Jawabannya dapat ditarik dari halaman tugas itu selama {n} menit.",
        "The task is done. A wrong press? Take it back on the task's page within {n} minutes.",
    )
    messages.success(request, speech.say(told.fill(n=UNDO_MINUTES)))
    return redirect("tasks")


@at_desk("tasks")
@require_POST
def take_back(request: DeskRequest, task_id: uuid.UUID) -> HttpResponse:
    """Take one's own answer to a procedure's step back."""
    door_of(request).task(task_id)
    try:
        takeback.take_back(task_id, actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, task_id, both(wrong), 422)
    messages.success(request, speech.say(Text("Jawaban ditarik.", "The answer is taken back.")))
    return redirect("task", task_id)


def _done(request: DeskRequest) -> HttpResponse:
    messages.success(request, speech.say(Text("Tugas selesai.", "The task is done.")))
    return redirect("tasks")


@at_desk("tasks")
@require_POST
def assign(request: DeskRequest, task_id: uuid.UUID) -> HttpResponse:
    """Give a task to one officer, or to all again."""
    door_of(request).task(task_id)
    try:
        handling.assign(task_id, request.POST.get("officer", ""), actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, task_id, both(wrong), 422, wrong.place)
    return redirect("task", task_id)
