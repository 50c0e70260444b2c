"""Tugas: work that waits for somebody with the power to do it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.flow import tasks
from tapal.web import speech
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.looking import door_of
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
    request: DeskRequest, task_id: uuid.UUID, error: Text | None = None, status: int = 200
) -> HttpResponse:
    """The page of a task, perhaps with what was wrong with the answer."""
    seen = door_of(request).task(task_id)
    desk = request.desk
    mine = seen.state == "open" and desk.may(seen.power) and desk.actor.acts_at(seen.place)
    by_act = tasks.ENDS_BY_ACT if tasks.ends_by_act(seen.kind, seen.name) else None
    context = {"task": seen, "may_answer": mine, "by_act": by_act, "error": error}
    context["current"] = "tasks"
    return render(request, "task.html", context, status=status)


@at_desk("tasks")
@require_POST
def answer(request: DeskRequest, task_id: uuid.UUID) -> HttpResponse:
    """Answer a task by hand, in words."""
    door_of(request).task(task_id)
    words = request.POST.get("answer", "").strip()
    if not words:
        missing = Text("Tulis apa yang sudah dikerjakan.", "Write what was done.")
        return page(request, task_id, missing, 422)
    try:
        tasks.answer_task(task_id, words, actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, task_id, wrong.reason, 422)
    messages.success(request, speech.say(Text("Tugas selesai.", "The task is done.")))
    return redirect("tasks")
