"""The text of a program's key: signed, and of no use once its number, its account or its password ends."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from tapal.core.actions import Actor
from tapal.core.errors import Denied
from tapal.flow import keys
from tapal.flow.officers import actor_of
from tapal.store.models import Officer

SALT = "tapal.api"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a key speaks for now, and what the key itself allows."""

    actor: Actor
    key: keys.Key
    language: str


def give_token(officer: Officer, actor: Actor) -> str:
    """A key with which a program hands messages in as the officer at the actor's agency and post."""
    return token_of(officer, keys.give_key(officer, actor))


def token_of(officer: Officer, key: keys.Key) -> str:
    """The text of a key, to be shown once."""
    return signing.dumps([officer.pk, key.serial, _tie(officer)], salt=SALT, compress=True)


def holder_of(token: str) -> Holder:
    """Whom a key speaks for, as his mandates stand now. Raises Denied."""
    try:
        pk, serial, tie = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise Denied from None
    officer = Officer.objects.filter(pk=pk, is_active=True).first()
    key = keys.key_held(pk, serial)
    if officer is None or key is None or not constant_time_compare(tie, _tie(officer)):
        raise Denied
    return Holder(actor_of(officer, key.post, agency=key.agency), key, officer.language)


def _tie(officer: Officer) -> str:
    """What changes with the password, so that a changed password ends every key."""
    return salted_hmac(SALT, officer.password).hexdigest()[:16]
