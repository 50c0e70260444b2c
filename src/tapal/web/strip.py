"""The state of the post, told on every page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from tapal.core.text import Text
from tapal.flow import health
from tapal.flow.beat import beating
from tapal.flow.packs import held as packs
from tapal.web import speech

PACK_SOON = timedelta(hours=24)
# A few batches are the ordinary course of a busy minute.
BUSY_BATCHES = 5


@dataclass(frozen=True, slots=True)
class Told:
    """One thing about the post: calm, soon (amber) or late (red), always with its words."""

    text: Text
    icon: str
    tone: Literal["calm", "soon", "late"] = "calm"


def state_of_post() -> Sequence[Told]:
    """What the strip says on this node now."""
    return [Told(Text("Mandiri", "Standalone"), "database"), lists(), *pack(), *work()]


def lists() -> Told:
    """How old the watch lists are."""
    at = health.lists_at()
    if at is None:
        return Told(Text("Daftar belum diimpor", "No list imported yet"), "flag", "soon")
    age = speech.now() - at
    said = speech.say_span(age)
    tone: Literal["calm", "soon", "late"] = (
        "late" if age > health.LISTS_LATE else "soon" if age > health.LISTS_SOON else "calm"
    )
    words = Text("Daftar {n}", "Lists {n} old").fill(n=said)
    fresh = Text("Daftar baru saja diperbarui", "Lists just updated")
    return Told(words if age >= timedelta(minutes=1) else fresh, "flag", tone)


def pack() -> Iterator[Told]:
    """Until when the pack of lists holds, where this post screens from one."""
    held = packs.held()
    if held is None:
        return
    now = speech.now()
    if (ended := held.ended(now)) is not None:
        words = Text(
            "Paket daftar {n} tidak dipakai: {w}", "Pack of lists {n} is not used: {w}"
        ).fill(n=held.serial, w=ended[1])
        yield Told(words, "alert-triangle", "late")
        return
    words = Text("Paket daftar {n} berlaku {t} lagi", "Pack of lists {n} holds for {t}")
    left = held.until - now
    tone: Literal["calm", "soon"] = "soon" if left < PACK_SOON else "calm"
    yield Told(words.fill(n=held.serial, t=speech.say_span(left)), "shield-check", tone)


def work() -> Iterator[Told]:
    """What waits to be worked, and whether anybody works it."""
    waiting = health.queue()
    if waiting.batches > BUSY_BATCHES:
        words = Text("{n} kiriman menunggu disaring", "{n} batches wait to be screened")
        yield Told(words.fill(n=waiting.batches), "clock", "soon")
    if waiting.batches and not beating():
        yield Told(Text("Pekerja latar berhenti", "Worker stopped"), "alert-triangle", "late")
