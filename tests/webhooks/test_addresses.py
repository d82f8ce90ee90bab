"""Nothing inside is reachable by a webhook."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from pytest_django import Settings

from customers.webhooks.addresses import Refused, find, is_public, validate_endpoint_url
from customers.webhooks.sender import post
from tests.webhooks.receiver import receiving

INSIDE = [
    *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254"),
    *("172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1"),
    *("198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1"),
    *("2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254"),
    *("fe80::1", "fec0::1", "ff02::1"),
]
OUTSIDE = ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::101:101"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.fixture
def production(settings: Settings) -> None:
    settings.WEBHOOK_ALLOW_HTTP = settings.WEBHOOK_ALLOW_LOOPBACK = False


REFUSED_URLS = [
    *("http://example.com/", "ftp://example.com/", "//example.com", "example.com", ""),
    *("https://user@example.com/", "https://user:word@example.com/", "https:///path"),
    *("https://127.0.0.1/", "https://10.0.0.1:8443/", "https://169.254.169.254/latest/meta-data/"),
    *("https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[fd00::1]/", "https://[::1%25lo]/"),
    *("https://2130706433/", "https://0x7f.1/", "https://example.com:99999/"),
    *("https://example.com/a b", "https://example.com/ü"),
]


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize("url", REFUSED_URLS)
def test_a_url_that_leads_inside_or_is_not_https_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        validate_endpoint_url(url)


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(
    "url", ["https://example.com", "https://example.com:8443/a?b=c", "https://1.1.1.1/"]
)
def test_a_public_https_url_is_accepted(url: str) -> None:
    validate_endpoint_url(url)


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let each look-up of a name have the next of these answers; returns the names asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *args: Any, **options: Any) -> list[Any]:
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(
    "answer", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["169.254.169.254"], []]
)
def test_a_name_with_any_address_inside_is_refused(
    monkeypatch: pytest.MonkeyPatch, answer: list[str]
) -> None:
    resolving(monkeypatch, answer)

    with pytest.raises(Refused):
        asyncio.run(find("https://rebinding.example/"))


def test_a_name_is_resolved_once_and_the_address_that_was_checked_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second answer of a rebinding name, which would lead elsewhere, is never asked for."""
    with receiving() as receiver:
        asked = resolving(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
        url = receiver.url.replace("127.0.0.1", "rebinding.example")

        async def send() -> None:
            place = await find(url)
            monkeypatch.undo()
            result = await post(place, {}, b"{}")
            assert result.status == 204

        asyncio.run(send())

    assert asked == ["rebinding.example"]
    (received,) = receiver.received
    assert received.headers["host"].startswith("rebinding.example:")
