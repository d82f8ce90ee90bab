"""Which addresses may be connected to: those of the public internet, and nothing inside.

A name is resolved once, all of its addresses are checked, and the connection is made to one of
these. A name that would resolve to another address the next time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from customers.values.validators import validate_web_url

# Beyond what `is_global` refuses, in every version of Python.
_REFUSED = [
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # IPv4-compatible, local NAT64, discard, Teredo, ORCHID, documentation, 6to4, unique local,
        # link-local, site-local, multicast.
        *("::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16"),
        *("3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
]
_NAT64 = IPv6Network("64:ff9b::/96")

# Names are resolved in threads of their own: one that takes long keeps no other from its turn.
_resolvers = ThreadPoolExecutor(64, thread_name_prefix="names")


class Refused(Exception):
    """Nothing is sent there. The text says why."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the public internet."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return False  # no name needs it, and it would be connected to as IPv4
        if address in _NAT64:
            return is_public(IPv4Address(address.packed[-4:]))
    if any(address in network for network in _REFUSED if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def may_be_reached(address: IPv4Address | IPv6Address) -> bool:
    """Whether something may be sent to an address: a public one, or this machine's if allowed."""
    return is_public(address) or (settings.WEBHOOK_ALLOW_LOOPBACK and address.is_loopback)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a URL leads to: the host and path that the request names, and addresses of the host."""

    is_encrypted: bool
    host: str
    port: int
    authority: str  # as `Host` has it
    path: str
    addresses: tuple[str, ...]


def validate_endpoint_url(url: str) -> None:
    """Refuse a URL to which nothing would be sent, as far as the URL itself tells (code `url`)."""
    validate_web_url(url)
    try:
        _split(url)
    except Refused as refused:
        raise ValidationError(str(refused), code="url") from None


async def find(url: str) -> Place:
    """Resolve the host of a URL, and check every address. Raises Refused."""
    is_encrypted, host, port, authority, path = _split(url)
    try:
        found = await asyncio.get_running_loop().run_in_executor(_resolvers, _resolve, host, port)
    except OSError as error:
        raise Refused(f"The name cannot be resolved: {error.strerror}.") from None
    addresses = tuple(dict.fromkeys(found))
    if not addresses or not all(may_be_reached(ip_address(address)) for address in addresses):
        raise Refused("The name leads to an address that is not public.")
    return Place(is_encrypted, host, port, authority, path, addresses)


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # A zone index would name an interface of this machine.
    return [str(place[0]) for *_rest, place in found if "%" not in str(place[0])]


def _split(url: str) -> tuple[bool, str, int, str, str]:
    """Scheme, host, port, authority and path of a URL. Raises Refused."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        is_encrypted = parts.scheme == "https"
        port = parts.port or (443 if is_encrypted else 80)
    except (UnicodeError, ValueError):
        raise Refused("This is not a URL.") from None
    if not host or parts.username is not None or parts.password is not None:
        raise Refused("This is not a URL without credentials.")
    if not is_encrypted and not (settings.WEBHOOK_ALLOW_HTTP and parts.scheme == "http"):
        raise Refused(str(_("Give an https URL.")))
    try:
        address = ip_address(host)
    except ValueError:
        address = None
    if address is not None and not may_be_reached(address):
        raise Refused(str(_("This address is not public.")))
    authority = f"[{host}]" if ":" in host else host
    if parts.port:
        authority += f":{parts.port}"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or not path.isprintable() or " " in path:
        raise Refused("This URL has characters that must be percent-encoded.")
    return is_encrypted, host, port, authority, path
