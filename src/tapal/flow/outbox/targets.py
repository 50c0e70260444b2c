"""Where a webhook may go: never into the node's own network, unless its operator named that part of it."""

from __future__ import annotations

import ipaddress
import os
import socket
from urllib.parse import SplitResult, urlsplit

from tapal.core.errors import Rejected
from tapal.core.text import Text

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST = 400
# NAT64 and 6to4 carry an IPv4 address inside: through them the inner network is reached as well.
_CARRIERS = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))


def inside() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The inner networks that the operator opened to webhooks (`TAPAL_HOOK_NETWORKS`)."""
    named = os.environ.get("TAPAL_HOOK_NETWORKS", "")
    return [ipaddress.ip_network(each.strip()) for each in named.split(",") if each.strip()]


def checked(url: str) -> SplitResult:
    """The parts of a webhook's address. Raises Rejected for one that is never sent to."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    plain = all(33 <= ord(c) < 127 for c in url) and len(url) <= LONGEST
    if not plain or not host or port == 0 or parts.username or parts.fragment:
        raise _refused(
            Text("Alamat itu bukan URL yang dapat dikirimi.", "That is no URL to send to.")
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and inside()):
        raise _refused(Text("Hanya https:// yang dikirimi.", "Only https:// is sent to."))
    return parts


def addresses(parts: SplitResult) -> list[str]:
    """The addresses of a host, looked up now, each of which may be sent to.

    They are what is connected to: a name that answers otherwise a moment later changes nothing.
    Raises Rejected where one of them may not be sent to, OSError where the name is not known.
    """
    assert parts.hostname
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    told = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not told or not all(may_reach(each, plain=parts.scheme == "http") for each in told):
        raise _refused(
            Text(
                "Alamat itu berada di jaringan dalam mesin ini.",
                "That address lies in this node's inner network.",
            )
        )
    return told


def may_reach(address: str, *, plain: bool = False) -> bool:
    """True for an address of the open Internet, or of a part that the operator opened.

    `plain`: without TLS only what the operator opened.
    """
    found: Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if any(found in network for network in inside() if network.version == found.version):
        return True
    carried = any(found in each for each in _CARRIERS if each.version == found.version)
    return not plain and found.is_global and not found.is_multicast and not carried


def _refused(reason: Text) -> Rejected:
    mend = Text(
        "Pakai alamat https:// yang dapat dicapai dari luar, atau minta pengelola mesin membuka "
        "jaringannya (TAPAL_HOOK_NETWORKS).",
        "Use an https:// address that is reached from outside, or ask the node's operator to open "
        "its network (TAPAL_HOOK_NETWORKS).",
    )
    return Rejected(reason, mend, place="target")
