"""What is called on behalf of an agency's own sign-in: https by name, and nothing beside us."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from requests.exceptions import ConnectionError as NotReached
from requests.exceptions import InvalidURL, RequestException
from urllib3.exceptions import HTTPError

from agencies.calling import careful_session, may_be_called
from agencies.reaching import CarefulPool, may_be_reached

REFUSED = (
    "http://id.alpha.example/",
    "https://intranet/",
    "https://169.254.169.254/latest",
    "https://[fd00::1]/",
    "https://127.1/",
    "https://user@id.alpha.example/",
    "https://:pass@id.alpha.example/",
    "https://[broken/",
    "ftp://id.alpha.example/",
    "",
)


@pytest.mark.parametrize("address", REFUSED)
def test_what_may_not_be_called(address: str) -> None:
    assert may_be_called(address) is False
    assert may_be_called("https://id.alpha.example/x?y=z") is True


@pytest.mark.parametrize(("loopback", "called"), [(True, True), (False, False)])
def test_this_machine_is_called_in_development_alone(
    settings: Any, loopback: bool, called: bool
) -> None:
    settings.SIGN_IN_ON_LOOPBACK = loopback
    assert may_be_called("http://localhost:9/") is called
    assert may_be_called("https://127.0.0.1/") is called


def test_a_session_calls_nothing_that_may_not_be_called() -> None:
    with pytest.raises(InvalidURL):
        careful_session(1).get("http://169.254.169.254/latest/meta-data")


NAME = "id.alpha.example"
BESIDE_US = (
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104  (an address that is refused)
    "224.0.0.1",
    "240.0.0.1",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:10.1.2.3",
    "::ffff:127.0.0.1",
    "64:ff9b::a01:203",
    "2002:a01:203::1",
)
ON_THE_INTERNET = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8")


@pytest.mark.parametrize("address", BESIDE_US)
def test_a_name_that_leads_beside_us_is_not_reached(settings: Any, address: str) -> None:
    settings.SIGN_IN_ON_LOOPBACK = True
    assert may_be_reached(NAME, address) is False
    plain = address.partition("%")[0].removeprefix("::ffff:")
    settings.SIGN_IN_NETWORKS = [ip_network(plain)]
    assert may_be_reached(NAME, address) is True


@pytest.mark.parametrize("address", ON_THE_INTERNET)
def test_a_name_that_leads_to_the_internet_is_reached(address: str) -> None:
    assert may_be_reached(NAME, address) is True
    assert may_be_reached("localhost", address) is False


@pytest.mark.parametrize("loopback", [True, False])
def test_this_machine_s_own_name_leads_to_it_in_development_alone(
    settings: Any, loopback: bool
) -> None:
    settings.SIGN_IN_ON_LOOPBACK = loopback
    assert may_be_reached("localhost", "127.0.0.1") is loopback
    assert may_be_reached("localhost", "::1") is loopback
    assert may_be_reached("localhost", "10.1.2.3") is False


class Machine:
    """A machine beside us that hears who connects and what they say, and a name that leads there.

    What the name leads to is one address for each time that it is resolved, the last ever after.
    """

    def __init__(self, names: Callable[[list[str]], None]) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        self.door.settimeout(5)
        self.leads_to = names
        self.port = int(self.door.getsockname()[1])

    def heard(self) -> bytes:
        """Return what the next caller says before leaving; nothing from one who says nothing."""
        caller, _ = self.door.accept()
        with caller:
            caller.settimeout(5)
            return caller.recv(1)

    def nobody_waits(self) -> bool:
        """Return whether nobody has connected."""
        self.door.settimeout(0)
        try:
            self.door.accept()[0].close()
        except BlockingIOError:
            return True
        return False


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """Give a machine on loopback; the names of the tests lead where they say."""

    def names(addresses: list[str]) -> None:
        left = list(addresses)

        def resolved(host: Any, port: Any, *more: Any, **options: Any) -> Any:
            assert host == NAME
            address = left.pop(0) if len(left) > 1 else left[0]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

        monkeypatch.setattr(socket, "getaddrinfo", resolved)

    monkeypatch.setenv("NO_PROXY", "*")
    made = Machine(names)
    yield made
    made.door.close()


def test_a_name_that_leads_to_a_machine_beside_us_is_not_even_connected_to(
    machine: Machine, settings: Any
) -> None:
    machine.leads_to(["127.0.0.1"])
    address = f"https://{NAME}:{machine.port}/.well-known/openid-configuration"
    with pytest.raises(NotReached, match="not called from here"):
        careful_session(1).get(address)
    assert machine.nobody_waits()


def test_a_network_that_is_named_is_called_into(machine: Machine, settings: Any) -> None:
    settings.SIGN_IN_NETWORKS = [ip_network("127.0.0.0/8")]
    machine.leads_to(["127.0.0.1"])
    address = f"https://{NAME}:{machine.port}/"
    with pytest.raises(RequestException) as failure:
        careful_session(0.2).get(address)
    assert "not called from here" not in str(failure.value)
    assert machine.heard() == b"\x16"


@pytest.mark.parametrize(("named", "said"), [(False, b""), (True, b"G")])
def test_a_name_that_means_another_machine_a_moment_later_is_told_nothing(
    machine: Machine, settings: Any, named: bool, said: bytes
) -> None:
    settings.SIGN_IN_NETWORKS = [ip_network("127.0.0.0/8")] if named else []
    machine.leads_to(["93.184.215.14", "127.0.0.1"])
    pool = CarefulPool(NAME, machine.port, timeout=0.2, retries=False)
    with pool, pytest.raises(HTTPError):
        pool.request("GET", "/")
    assert machine.heard() == said
