"""Keys with which a program hands messages in as an officer at a post.

Nothing is stored: a key is signed, lasts `DAYS`, and stops with the officer's password, account or
mandate.
"""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from tapal.core.actions import Actor
from tapal.core.errors import Denied
from tapal.flow.officers import actor_of
from tapal.store.models import Officer

DAYS = 90
SALT = "tapal.api"


def give_token(officer: Officer, actor: Actor) -> str:
    """A key for the officer at the actor's agency and post."""
    content = [officer.pk, actor.agency, actor.post or "", _tie(officer)]
    return signing.dumps(content, salt=SALT, compress=True)


def actor_by(token: str) -> Actor:
    """Whom a key speaks for, as his mandates stand now. Raises Denied."""
    try:
        pk, agency, post, tie = signing.loads(token, salt=SALT, max_age=timedelta(days=DAYS))
    except (signing.BadSignature, ValueError):
        raise Denied from None
    officer = Officer.objects.filter(pk=pk, is_active=True).first()
    if officer is None or not constant_time_compare(tie, _tie(officer)):
        raise Denied
    return actor_of(officer, post or None, agency=agency)


def _tie(officer: Officer) -> str:
    """What changes with the password, so that a changed password ends every key."""
    return salted_hmac(SALT, officer.password).hexdigest()[:16]
