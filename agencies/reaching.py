"""Where a name may lead that the portal calls: the open internet, and networks that are named.

A name is resolved before anything is sent, and the machine that was reached is asked again, since
a name may mean another by then.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

LOOPBACK = ("localhost", "127.0.0.1")
EMBEDDING = tuple(ip_network(one) for one in ("64:ff9b::/96", "2002::/16"))
"""Networks whose addresses hold another, which need not be on the internet (RFC 6052, RFC 3056)."""

ELSEWHERE = "The name leads to a machine that is not called from here."


def may_be_reached(host: str, address: str) -> bool:
    """Return whether *host* may be called at *address*: one on the internet, or in a network that
    ``SIGN_IN_NETWORKS`` names.
    """
    found = _plain(address)
    if host in LOOPBACK:
        return found.is_loopback and bool(settings.SIGN_IN_ON_LOOPBACK)
    if any(found in network for network in settings.SIGN_IN_NETWORKS):
        return True
    embeds = any(found in network for network in EMBEDDING)
    return found.is_global and not found.is_multicast and not embeds


def _plain(address: str) -> IPv4Address | IPv6Address:
    """Return an address without its zone, and the IPv4 one that it is written for."""
    found = ip_address(address.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def require_reachable(host: str, port: int | None) -> None:
    """Raise OSError unless every address of *host* may be reached."""
    for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        _require(host, str(place[0]))


def _require(host: str, address: str) -> None:
    if not may_be_reached(host, address):
        raise ConnectionRefusedError(ELSEWHERE)


class CarefulHTTP(HTTPConnection):
    """A connection to where a name may lead, and to nowhere else."""

    def _new_conn(self) -> socket.socket:
        require_reachable(self.host, self.port)
        opened = super()._new_conn()
        try:
            _require(self.host, str(opened.getpeername()[0]))
        except OSError:
            opened.close()
            raise
        return opened


class CarefulHTTPS(CarefulHTTP, HTTPSConnection):
    """The same with TLS, which begins once the machine is known to be one that may be reached."""


class CarefulPool(HTTPConnectionPool):
    """Connections without TLS, for this machine in development."""

    ConnectionCls = CarefulHTTP


class CarefulTLSPool(HTTPSConnectionPool):
    """Connections with TLS."""

    ConnectionCls = CarefulHTTPS


class CarefulAdapter(HTTPAdapter):
    """Has a session of requests connect carefully.  A proxy that is set resolves names itself."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Make the pools."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": CarefulPool, "https": CarefulTLSPool}
