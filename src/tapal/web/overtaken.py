"""What another officer did first: said on the page of the thing itself, with what was typed in vain."""

from __future__ import annotations

from django.http import HttpRequest

from tapal.core.text import Text

MEANWHILE = Text(
    "Sudah diselesaikan petugas lain sejak Anda membuka halaman ini. Jawaban Anda tidak tersimpan.",
    "Another officer has dealt with it since you opened this page. Your answer is not kept.",
)
STATUS = 409
# Never shown again, whatever page they were typed on.
_SECRETS = ("password", "pin", "csrf", "code", "secret")


def typed_words(request: HttpRequest) -> list[str]:
    """The sentences that were posted, so that nobody has to think of them again; no secrets, no codes."""
    return [
        words
        for name, given in request.POST.lists()
        if not any(secret in name.lower() for secret in _SECRETS)
        for value in given
        if " " in (words := str(value).strip())
    ]
