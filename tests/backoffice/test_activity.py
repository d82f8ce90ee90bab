"""The page of activity."""

from __future__ import annotations

import pytest
from django.test import Client

from customers.models import ApiKey, Organization
from customers.models.history import acting
from tests import factories
from tests.backoffice.support import at, text
from tests.imports.support import applied


@pytest.fixture
def by_key(acme: Organization) -> ApiKey:
    """A key through which Hooli was created and then changed."""
    key, _secret = ApiKey.issue(acme, "live", name="Billing sync")
    with acting(key.actor, contract="lago"):
        hooli = factories.customer(acme, name="Hooli")
        hooli.revise({"city": "Kyiv"})
    return key


def test_it_shows_who_changed_what_through_which_api(viewer: Client, by_key: ApiKey) -> None:
    shown = text(viewer.get(at("activity")))

    assert "Hooli</bdi></a>" in shown
    assert "Kyiv" in shown
    assert f"API key {by_key.actor.label} through Lago" in shown


def test_filters_leave_the_others_out(viewer: Client, acme: Organization, by_key: ApiKey) -> None:
    factories.customer(acme, name="By hand")
    who = f"{by_key.actor.kind}:{by_key.actor.id}"
    shown = text(viewer.get(at("activity"), {"who": who, "done": "changed"}))

    assert "Kyiv" in shown
    assert "By hand" not in shown
    assert f'<option value="{who}" selected>Billing sync {by_key}</option>' in shown


def test_an_author_who_is_no_choice_is_found(viewer: Client, acme: Organization) -> None:
    shown = text(viewer.get(at("activity"), {"who": "staff:999"}))

    assert "No changes match these filters." in shown
    assert '<option value="staff:999" selected>999</option>' in shown


def test_the_changes_of_an_import(manager: Client, acme: Organization) -> None:
    factories.customer(acme, name="Another")
    done = applied(acme, [["external_id", "name"], ["x-1", "Raviga"]])
    shown = text(manager.get(at("activity"), {"of_import": str(done.pk)}))

    assert "Raviga</bdi></a>" in shown
    assert "Another" not in shown


@pytest.mark.parametrize(
    "asked",
    [
        {"who": "nobody"},
        {"done": "eaten"},
        {"what": "invoice"},
        {"through": "stripe"},
        {"since": "yesterday"},
        {"customer": "1"},
        {"reason": "x" * 256},
        {"who": "staff:" + "\x00"},
    ],
)
def test_a_filter_that_is_none_is_refused(viewer: Client, asked: dict[str, str]) -> None:
    assert viewer.get(at("activity"), asked).status_code == 400


@pytest.mark.parametrize("before", ["x", "2026-01-01T00:00:00+00:00_0_" + "9" * 30, "\x00_0_1"])
def test_a_position_that_is_none_shows_the_latest(
    viewer: Client, by_key: ApiKey, before: str
) -> None:
    shown = viewer.get(at("activity"), {"before": before})

    assert shown.status_code == 200
    assert "Kyiv" in text(shown)


def test_older_changes_keep_the_filters(viewer: Client, acme: Organization) -> None:
    for number in range(51):
        factories.customer(acme, name=f"Customer {number}")
    first = viewer.get(at("activity"), {"done": "created"})
    older = text(viewer.get(f"{at('activity')}?{first.context['older']}"))

    assert "Customer 0</bdi>" in older
    assert "Customer 1</bdi>" not in older
    assert '<option value="created" selected>' in older
