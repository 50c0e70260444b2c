"""Example profiles that ship: drafts of nobody, not in force, there to be looked at and drafted from."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from tapal.core.marking import Sensitivity
from tapal.core.profiles import Table, check_whole, level_of, usable
from tapal.core.text import Text
from tapal.data import document
from tapal.flow.events import SYSTEM
from tapal.flow.profiles.fields import bounds, fields_of
from tapal.flow.profiles.life import fingerprint
from tapal.flow.share.compile import today
from tapal.kinds import KINDS
from tapal.store.models import Profile

FILE = "example_profiles.json"


def seed() -> None:
    """Bring the examples that are not here yet; what an agency made of one is never touched."""
    for each in document(FILE):
        if not Profile.objects.filter(name=each["name"]).exists():
            _bring(each)


# Any: JSON.
def _bring(each: dict[str, Any]) -> None:
    day = today(timezone.now())
    table = Table.of(each["table"])
    fields = usable(fields_of(KINDS[each["kind"]]), bounds(day), Sensitivity.RESTRICTED)
    check_whole(table, fields, bounds(day))
    Profile.objects.create(
        name=each["name"],
        version=1,
        seed=True,
        owner_id=each["owner"],
        kind=each["kind"],
        label=Text.of(each["label"]).json(),
        ground=Text.of(each["ground"]).json(),
        table=table.json(),
        sensitivity=int(level_of(table, fields)),
        sha256=fingerprint(each["kind"], "", table),
        changed_by=SYSTEM,
        changed_at=timezone.now(),
    )
