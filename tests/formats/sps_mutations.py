"""Seeded damage to an SPSCertificate, of its bytes and of its tree."""

from __future__ import annotations

import random

from lxml import etree


def mutate(data: bytes, rng: random.Random) -> bytes:
    """Change one to four places: bytes, slices, tags, repeated parts."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(changed))
        match rng.randrange(6):
            case 0:
                changed[at] = rng.randrange(256)
            case 1:
                del changed[at : at + rng.randint(1, 80)]
            case 2:
                part = changed[at : at + rng.randint(1, 200)]
                where = rng.randrange(len(changed))
                changed[where:where] = part
            case 3:
                changed[at:at] = rng.choice([b"&lt;", b"<x>", b"</x>", b"\x00", b"]]>", b"\xff"])
            case 4:
                cut = changed.find(b">", at)
                end = changed.find(b"<", cut)
                if 0 < cut < end:
                    changed[cut + 1 : end] = rng.choice([b"", b"-1", b"NaN", b"9" * 50, b"?"])
            case _:
                start, stop = changed.find(b"<ram:", at), changed.find(b"<ram:", at + 40)
                if 0 < start < stop:
                    element = changed[start:stop]
                    del changed[start:stop]
                    changed[rng.randrange(len(changed)) : 0] = element
        if not changed:
            return b""
    return bytes(changed)


def mutate_tree(root: etree._Element, rng: random.Random) -> bytes:
    """Change a well-formed tree: drop, move, rename, refill elements."""
    tree = etree.fromstring(etree.tostring(root))
    nodes = [node for node in tree.iter() if node.getparent() is not None]
    for node in rng.sample(nodes, rng.randint(1, 5)):
        parent = node.getparent()
        if parent is None:
            continue
        match rng.randrange(5):
            case 0:
                parent.remove(node)
            case 1:
                rng.choice(nodes[: nodes.index(node)] or [tree]).append(etree.Element("new"))
                node.text = "lost words"
            case 2:
                node.tag = rng.choice(nodes).tag
            case 3:
                node.text = rng.choice(["", "1E9999", "2026-13-40", "Ω" * 300, "-0", "£"])
            case _:
                node.set("odd", "1")
    return etree.tostring(tree)
