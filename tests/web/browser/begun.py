"""Begin a procedure in a home, as the road does: `python -m tests.web.browser.begun REASON AGENCY`.

Prints the id of the run. The record is one of the agency's at PLBN-11 that has not begun such a run.
"""

from __future__ import annotations

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tapal.web.settings"


def main(reason: str, agency: str) -> None:
    """Open an alert of this reason, or begin by the act that it names."""
    import django

    django.setup()
    from bench.procedures import begin
    from tapal.store.models import Record

    here = Record.objects.filter(owner=agency, place="PLBN-11", worked=True)
    free = here.exclude(alerts__reason=reason).exclude(runs__isnull=False)
    record = free.exclude(findings__rule=reason.partition(":")[0]).latest("id")
    print(begin(record, reason).id)


if __name__ == "__main__":
    main(*sys.argv[1:])
