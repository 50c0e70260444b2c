"""Officers by their mandates: who he is at this post today, and what he may do there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Q
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing
from tapal.core.mandates import Role, powers_of_roles
from tapal.core.text import Text
from tapal.data import table
from tapal.flow.share.compile import agencies_on, today
from tapal.store.models import Mandate, Officer


@lru_cache(maxsize=1)
def roles() -> Mapping[str, Role]:
    """Every role with its powers."""
    return {
        row["code"]: Role(
            row["code"],
            Text(row["label_id"], row["label_en"]),
            frozenset(p for p in row["powers"].split(";") if p),
        )
        for row in table("roles.csv")
    }


def actor_of(
    officer: Officer,
    post: str | None = None,
    *,
    agency: str | None = None,
    now: datetime | None = None,
) -> Actor:
    """The officer as he may act at a post, or without one, now.

    A mandate without a place holds at every post; without a post all his mandates count only when
    they have no place. `agency` chooses where he has mandates from several. Raises Denied when no
    mandate holds.
    """
    day = today(now or timezone.now())
    held = [m for m in valid_mandates(officer, day) if m.place_id in (None, post)]
    chosen = [m for m in held if agency in (None, m.agency_id)]
    if not officer.is_active or not chosen:
        raise Denied
    code = agency or min(m.agency_id for m in chosen)
    powers = powers_of_roles((m.role for m in chosen if m.agency_id == code), roles())
    name = officer.get_full_name() or officer.username
    return Actor(str(officer.pk), officer.number, name, code, post, powers)


def valid_mandates(officer: Officer, day: date) -> list[Mandate]:
    """The mandates that hold on a day, of agencies that exist on it."""
    return list(
        officer.mandates.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
        .filter(Q(agency__valid_to=None) | Q(agency__valid_to__gte=day))
        .select_related("agency", "place")
        .order_by("agency_id", "place_id", "id")
    )


def posts_of(officer: Officer, now: datetime | None = None) -> Sequence[str | None]:
    """The posts at which he may sit down; None among them where a mandate holds everywhere."""
    found = {m.place_id for m in valid_mandates(officer, today(now or timezone.now()))}
    return sorted(found, key=lambda post: post or "")


def powers_of(officer: Officer, post: str | None, now: datetime | None = None) -> frozenset[str]:
    """His powers at a post, none where he has no mandate."""
    try:
        return actor_of(officer, post, now=now).powers
    except Denied:
        return frozenset()


def powers_held(officer: Officer, day: date) -> frozenset[str]:
    """Every power that he holds at one or another post of one or another agency, whether he is at work or not."""
    return powers_of_roles((m.role for m in valid_mandates(officer, day)), roles())


OTHER_POST = Text(
    "Mandat Anda di pos ini tidak mencakup pos lain.", "Your mandate at this post covers no other."
)


def must_reach(actor: Actor, *places: str | None) -> None:
    """Raises Denied for a mandate elsewhere: who is administrator of one post is so of that one alone."""
    if not reaches(actor, *places):
        raise Denied(OTHER_POST)


OTHER_AGENCY = Text(
    "Petugas itu bermandat di instansi lain: pengelola di sana atau operator mesin yang berwenang.",
    "That officer has a mandate of another agency: its administrator or the machine's operator may.",
)


def must_share_agency(actor: Actor, mandates: Iterable[Mandate], day: date) -> None:
    """Raises Denied for mandates of another agency than the actor's, or what it has become."""
    if not shares_agency(actor, mandates, day):
        raise Denied(OTHER_AGENCY)


def shares_agency(actor: Actor, mandates: Iterable[Mandate], day: date) -> bool:
    """True where every mandate is of the actor's own agency, or of one that it came from."""
    owners = agencies_on(day).owners(actor.agency)
    return all(mandate.agency_id in owners for mandate in mandates)


def reaches(actor: Actor, *places: str | None) -> bool:
    """True where his own mandate holds at each place; None, every post, is more than any one."""
    return actor.post is None or all(place == actor.post for place in places)


def holders(power: str, day: date) -> list[Officer]:
    """Those who may come in and hold a power today, at one or another post."""
    active = Officer.objects.filter(is_active=True, mandates__role__in=roles_with(power)).distinct()
    return [each for each in active.order_by("number") if power in powers_held(each, day)]


def roles_with(power: str) -> list[str]:
    """The roles that give a power."""
    return sorted(code for code, role in roles().items() if power in role.powers)


def open_mandates(officer: Officer, day: date) -> list[Mandate]:
    """His mandates that hold on a day or will hold later."""
    return list(officer.mandates.filter(Q(valid_to=None) | Q(valid_to__gte=day)).order_by("id"))


def find_officer(number: str) -> Officer:
    """An officer by his service number. Raises Missing."""
    officer = Officer.objects.filter(number=number).first()
    if officer is None:
        raise Missing
    return officer
