"""A certificate is its issuer's by country and number, whoever delivers it and in whatever wrapping."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Final

from tapal.core.reading import ReadContext, Sent
from tapal.formats.sps import Problem
from tapal.kinds.phyto.naming import certificate_key
from tapal.kinds.phyto.quarantine import PhytoBody

ISSUER: Final = "ippc"


def issued_as(body: PhytoBody, problems: Iterable[Problem], context: ReadContext) -> Sent:
    """The certificate's number with a digest of all it says, the delivery left out.

    Other line ends, charsets, prefixes and envelopes say nothing new. At another post it is used
    again, and said otherwise (withdrawn) it is another statement: both are records of their own.
    """
    head = body.certificate
    key = certificate_key(head.issuing_country or "", head.number)
    place = context.post.id if context.post else ""
    return Sent(f"{key.value} {place}", _digest(body, problems), issuer=ISSUER, corrects=False)


def _digest(body: PhytoBody, problems: Iterable[Problem]) -> str:
    said = body.model_dump(mode="json", exclude_none=True, exclude={"envelope"})
    for one in said.get("unplaced", ()):
        # Where in the certificate, not in what it was wrapped in.
        one["place"] = one["place"].rpartition("/SPSCertificate")[2]
    differs = sorted(p.detail for p in problems if p.code == "envelope_differs")
    text = json.dumps([said, differs], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
