"""Which server a read goes to: a replica that has what the caller wrote, or the primary."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError
from pytest_django import Settings

from customers.models import ApiKey, LastWrite, Organization, replicas
from tests import factories

CALLER = "api_key 1"


@pytest.fixture(autouse=True)
def one_replica(settings: Settings) -> Iterator[None]:
    settings.REPLICAS = ["replica-1"]
    replicas._avoided_until.clear()
    replicas._unsure_until.clear()
    yield
    replicas._unsure_until.clear()
    replicas._avoided_until.clear()


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> dict[str, int | None]:
    """How far the replica is; None if it cannot be asked."""
    state: dict[str, int | None] = {"position": 2**62}

    def replayed(_name: str) -> int:
        if state["position"] is None:
            raise OperationalError("gone")
        return state["position"]

    monkeypatch.setattr(replicas, "replayed", replayed)
    return state


def where(caller: str = CALLER) -> str:
    with replicas.reading(caller):
        return replicas.alias()


@pytest.mark.django_db
def test_a_reader_who_never_wrote_reads_from_a_replica(far: dict[str, int | None]) -> None:
    far["position"] = 0

    assert where() == "replica-1"
    assert replicas.alias() == DEFAULT_DB_ALIAS


@pytest.mark.django_db
def test_who_wrote_reads_from_the_primary_until_the_replica_has_it(
    far: dict[str, int | None],
) -> None:
    replicas.written(CALLER)
    position = LastWrite.position_of(CALLER)

    far["position"] = position - 1
    before = where()
    other = where("api_key 2")
    far["position"] = position

    assert position > 0
    assert (before, other, where()) == (DEFAULT_DB_ALIAS, "replica-1", "replica-1")


@pytest.mark.django_db
def test_a_later_write_moves_the_position() -> None:
    replicas.written(CALLER)
    first = LastWrite.position_of(CALLER)
    factories.organization("more", "More")
    replicas.written(CALLER)

    assert LastWrite.position_of(CALLER) > first


@pytest.mark.django_db
def test_a_replica_that_is_gone_is_left_alone_for_a_while(far: dict[str, int | None]) -> None:
    far["position"] = None
    assert where() == DEFAULT_DB_ALIAS
    far["position"] = 2**62
    assert where() == DEFAULT_DB_ALIAS

    replicas._avoided_until.clear()
    assert where() == "replica-1"


@pytest.mark.django_db
def test_a_server_that_is_no_standby_is_no_replica() -> None:
    assert replicas.replayed(DEFAULT_DB_ALIAS) == -1


@pytest.mark.django_db
def test_a_write_is_not_undone_by_a_position_that_cannot_be_kept(
    far: dict[str, int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_caller: str) -> None:
        raise OperationalError("planted")

    monkeypatch.setattr(LastWrite, "note", fail)

    replicas.written(CALLER)

    assert where() == DEFAULT_DB_ALIAS
    assert where("api_key 2") == "replica-1"


@pytest.mark.django_db
def test_without_replicas_nothing_is_kept(settings: Settings) -> None:
    settings.REPLICAS = []
    replicas.written(CALLER)

    assert LastWrite.position_of(CALLER) == 0
    assert where() == DEFAULT_DB_ALIAS


@pytest.mark.django_db
def test_a_write_of_an_api_is_kept_for_its_credential(acme: Organization) -> None:
    key, secret = ApiKey.issue(acme, "live")
    client = factories.bearer(secret)

    client.post("/customers", {"name": "New"}, format="json")

    assert LastWrite.position_of(key.credential.owner) > 0
