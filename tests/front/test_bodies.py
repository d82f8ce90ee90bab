"""Bodies of requests: their parts, their limits of time and size, and their place."""

from __future__ import annotations

import asyncio
import io

import pytest

from billing.front import bodies
from billing.front.bodies import Bodies, Body, BodyTooLarge, BodyTooSlow, ClientGone
from tests.front.support import GONE, Client, part


def read(client: Client, keep: int = 1000, reader: Bodies | None = None) -> Body:
    return asyncio.run((reader or Bodies()).read(client.receive, keep))


def test_a_body_in_parts_arrives_whole() -> None:
    body = read(Client(part(b"one "), part(b"two "), part(b"three", more=False)))

    assert body.file.read() == b"one two three"
    assert body.length == 13


def test_of_a_body_that_is_too_large_the_beginning_is_kept_and_all_is_counted() -> None:
    body = read(Client(part(b"12345"), part(b"67890", more=False)), keep=7)

    assert body.file.read() == b"1234567"
    assert body.length == 10


def test_a_small_body_is_in_memory_and_a_large_one_on_disk() -> None:
    small = read(Client(part(b"x" * bodies.IN_MEMORY, more=False)), keep=10**6)
    large = read(Client(part(b"ab" * 20_000), part(b"c" * 50_000, more=False)), keep=10**6)

    assert isinstance(small.file, io.BytesIO)
    assert not isinstance(large.file, io.BytesIO)
    assert large.file.read() == b"ab" * 20_000 + b"c" * 50_000
    large.file.close()


def test_a_body_that_is_late_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SECONDS", 0.05)

    with pytest.raises(BodyTooSlow):
        read(Client(part(b"the beginning")))


def test_each_part_earns_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large body may take longer than a small one, at the rate that is asked of it."""
    monkeypatch.setattr(bodies, "SECONDS", 0.2)
    monkeypatch.setattr(bodies, "BYTES_PER_SECOND", 10)
    parts = [part(b"ten bytes!") for _number in range(6)]

    assert read(Client(*parts, part(b"", more=False), pause=0.05)).length == 60
    with pytest.raises(BodyTooSlow):
        read(Client(*(part(b"") for _number in range(20)), pause=0.05))


def test_a_client_that_goes_is_noticed() -> None:
    with pytest.raises(ClientGone):
        read(Client(part(b"the beginning"), GONE))


def test_a_body_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "READ_AT_MOST", 100)

    with pytest.raises(BodyTooLarge):
        read(Client(*(part(b"x" * 60) for _number in range(5))))


def test_all_bodies_share_the_space_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "ON_DISK", 150_000)
    reader = Bodies()

    def large() -> Client:
        return Client(part(b"x" * 70_000), part(b"x" * 30_000, more=False))

    first = read(large(), 10**6, reader)
    with pytest.raises(BodyTooLarge):
        read(large(), 10**6, reader)
    reader.close(first)
    second = read(large(), 10**6, reader)
    reader.close(second)

    assert (first.file.closed, second.length) == (True, 100_000)
