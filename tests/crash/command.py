"""What the commands that kill have in common: their options."""

from __future__ import annotations

import argparse


def options(kills: int, *, a_store: int | None = 25) -> argparse.ArgumentParser:
    """Seed, kills in all and, where a store is killed many times over, how often each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", default="1")
    parser.add_argument("--kills", type=int, default=kills)
    if a_store is not None:
        parser.add_argument("--a-store", type=int, default=a_store)
    return parser
