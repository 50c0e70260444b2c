"""Compile every loop of screening once and keep it: `python -m tapal.engines.screening.loops`."""

from __future__ import annotations

from tapal.engines.screening.index import Index
from tapal.engines.screening.lean import prepared
from tapal.engines.screening.model import Listed, Query

_DOCUMENTS = (("C0608811", "TLS"),)
# One of each family, with every property that a loop compares.
_LISTED = (
    Listed(
        "1",
        "Person",
        ("MARIA BERE SOARES",),
        aliases=("王小明",),
        birth_dates=("1990-01-02",),
        nationalities=("TLS",),
        documents=_DOCUMENTS,
        gender="female",
    ),
    Listed("2", "Company", ("PT LAUT JAYA",), nationalities=("IDN",)),
    Listed("3", "Vessel", ("KM SINAR LAUT",), documents=(("9123456", None),)),
)


def compile_all() -> None:
    """Ask an index of three what uses every loop."""
    index = Index.build(_LISTED)
    for listed in _LISTED:
        day = listed.birth_dates[0] if listed.birth_dates else None
        asked = Query(
            listed.schema,
            listed.names,
            birth_date=day,
            nationalities=listed.nationalities,
            documents=listed.documents,
            gender=listed.gender,
        )
        index.match(asked)
        index.match(Query(listed.schema, listed.names))
    index.documents("C0608811")
    index.near("MARIA BERE")
    index.add(Listed("4", "Person", ("SITI RAHMAWATI",)))
    index.match(Query("Person", ("SITI RAHMAWATI",)))


if __name__ == "__main__":
    compile_all()
    prepared()
