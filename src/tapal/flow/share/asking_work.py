"""The door's questions about what waits for a person: alerts, tasks and rejects."""

from __future__ import annotations

import uuid
from dataclasses import replace

from tapal.core.errors import Missing
from tapal.core.mandates import READ_REJECTS
from tapal.flow.share import access, cursors, lists, runs
from tapal.flow.share.asking import Asking, bounded
from tapal.flow.share.seen import Page, SeenAlert, SeenReject, SeenRun, SeenTask
from tapal.store.queries import wall


class AskingWork(Asking):
    """What waits for the reader or his agency."""

    __slots__ = ()

    def alerts(
        self,
        *,
        state: str | None = "open",
        place: str | None = None,
        before: str | None = None,
        limit: int = 50,
    ) -> Page[SeenAlert]:
        """Alerts of one state by what is due first, or of all states newest first."""
        of = f"alerts.{self._salt}.{state}"
        with wall.narrowed(self.reach.by_scope):
            page = lists.alerts(
                self.reach, state, place, cursors.take(before, of=of), bounded(limit), of
            )
        self._note(access.LIST, subject="alerts", count=len(page.rows))
        return page

    def alert(self, alert_id: uuid.UUID | str) -> SeenAlert:
        """One alert with its visible findings. Raises Missing, hidden and absent alike."""
        with wall.narrowed(self.reach.by_scope):
            seen = lists.alert(self.reach, alert_id)
        if seen is None:
            self._note(access.DENIED, subject=str(alert_id))
            raise Missing
        self._note(access.READ, subject=seen.id, owner=seen.owner, count=1)
        return seen

    def tasks(
        self,
        *,
        state: str = "open",
        place: str | None = None,
        before: str | None = None,
        limit: int = 50,
    ) -> Page[SeenTask]:
        """Tasks of the reader's own agency that he may do or hand out, by what is due first."""
        of = f"tasks.{self._salt}.{state}"
        start = cursors.take(before, of=of)
        page = lists.tasks(self.actor, self.now, state, place, start, bounded(limit), of)
        with wall.narrowed(self.reach.by_scope):
            page = replace(page, rows=lists.titled(self.reach, page.rows))
        self._note(access.LIST, subject="tasks", count=len(page.rows))
        return page

    def task(self, task_id: uuid.UUID | str) -> SeenTask:
        """One task. Raises Missing, hidden and absent alike."""
        seen = lists.task(self.actor, self.now, task_id)
        if seen is None:
            self._note(access.DENIED, subject=str(task_id))
            raise Missing
        with wall.narrowed(self.reach.by_scope):
            (seen,) = lists.titled(self.reach, [seen])
        self._note(access.READ, subject=seen.id, owner=seen.owner, count=1)
        return seen

    def run(self, run_id: uuid.UUID | str) -> SeenRun:
        """One run of a procedure. Raises Missing, hidden and absent alike."""
        seen = runs.run(self.actor, self.now, run_id)
        if seen is None:
            self._note(access.DENIED, subject=str(run_id))
            raise Missing
        self._note(access.READ, subject=seen.id, owner=seen.owner, count=1)
        return seen

    def looked_through(self, subject: str) -> frozenset[int]:
        """The scopes of the reader's own agency, for a trial that goes through all that lies in them."""
        self._note(access.COUNT, subject=subject)
        return lists.own_scopes(self.actor, self.now)

    def runs_of_alert(self, alert_id: uuid.UUID | str) -> list[SeenRun]:
        """The runs that an alert began, the newest first; only those that the reader may see."""
        found = runs.runs_of_alert(self.actor, self.now, alert_id)
        self._note(access.LIST, subject="runs", count=len(found))
        return found

    def rejects(
        self, *, state: str = "open", before: str | None = None, limit: int = 50
    ) -> Page[SeenReject]:
        """Rejected parts of what the reader's own agency handed in, newest first.

        Raises Denied without the power.
        """
        self._need(READ_REJECTS)
        of = f"rejects.{self._salt}.{state}"
        start = cursors.take(before, of=of)
        page = lists.rejects(self.actor, self.now, state, start, bounded(limit), of)
        self._note(access.LIST, subject="rejects", count=len(page.rows))
        return page

    def reject(self, reject_id: uuid.UUID | str) -> SeenReject:
        """One reject. Raises Denied without the power, Missing, hidden and absent alike."""
        self._need(READ_REJECTS)
        seen = lists.reject(self.actor, self.now, reject_id)
        if seen is None:
            self._note(access.DENIED, subject=str(reject_id))
            raise Missing
        self._note(access.READ, subject=seen.id, count=1)
        return seen
