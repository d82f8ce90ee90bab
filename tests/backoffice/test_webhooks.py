"""The pages of webhooks."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from customers.insights.figures import count
from customers.models import Organization
from customers.webhooks.models import Attempt, Delivery, WebhookEndpoint
from tests import factories
from tests.backoffice.support import CARD, at, edited, text
from tests.factories import tenant

URL = "https://hooks.example/in"


@pytest.fixture
def delivery(acme: Organization) -> Delivery:
    return factories.delivery(acme)


@pytest.fixture
def endpoint(delivery: Delivery) -> WebhookEndpoint:
    return delivery.endpoint


def attempt(delivery: Delivery, **values: Any) -> Attempt:
    return Attempt.objects.create(
        **delivery.tenant.columns,
        endpoint=delivery.endpoint,
        delivery=delivery,
        made_at=timezone.now(),
        duration=0.25,
        **values,
    )


def test_a_new_endpoint_shows_its_secret_once(acme: Organization, manager: Client) -> None:
    form = {"url": URL, "description": "Ledger", "types": ["customer.updated"], "is_enabled": "on"}
    made: Any = manager.post(at("webhook_new"), form)

    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.description, endpoint.types) == ("Ledger", ["customer.updated"])
    assert made.url == at("webhook_secret", endpoint.pk)
    (secret,) = endpoint.secrets(timezone.now())
    assert secret in text(manager.get(made.url))
    assert "whsec_" not in text(manager.get(made.url))


def test_a_form_that_is_sent_twice_makes_one_endpoint(acme: Organization, manager: Client) -> None:
    shown = text(manager.get(at("webhook_new")))
    once = re.search(r'name="once" value="(\w+)"', shown)
    assert once
    for _time in range(2):
        manager.post(at("webhook_new"), {"url": URL, "is_enabled": "on", "once": once[1]})

    assert WebhookEndpoint.objects.count() == 1


@pytest.mark.parametrize(
    "url", ["", "http//x", "https://10.0.0.1/", f"https://hooks.example/{CARD}"]
)
def test_what_is_no_address_is_refused(manager: Client, acme: Organization, url: str) -> None:
    answer: Any = manager.post(at("webhook_new"), {"url": url})

    assert answer.status_code == 400
    assert CARD not in text(answer)
    assert not WebhookEndpoint.objects.exists()


def test_an_endpoint_is_changed_only_as_it_was_seen(
    manager: Client, endpoint: WebhookEndpoint
) -> None:
    edited(manager, at("webhook_edit", endpoint.pk), description="Mine")
    endpoint.refresh_from_db()
    assert (endpoint.description, endpoint.version) == ("Mine", 2)

    stale = {"url": endpoint.url, "description": "Stale", "version": "1"}
    answer = manager.post(at("webhook_edit", endpoint.pk), stale, follow=True)
    assert "Nothing was saved" in text(answer)
    endpoint.refresh_from_db()
    assert endpoint.description == "Mine"


def test_an_endpoint_is_switched_off_and_removed(
    manager: Client, endpoint: WebhookEndpoint
) -> None:
    form = {"url": endpoint.url, "version": "1"}  # the box is not ticked
    manager.post(at("webhook_edit", endpoint.pk), form)
    endpoint.refresh_from_db()
    assert not endpoint.is_enabled

    manager.post(at("webhook_remove", endpoint.pk))
    assert at("webhook", endpoint.pk) not in text(manager.get(at("webhooks")))
    assert manager.get(at("webhook", endpoint.pk)).status_code == 404


def test_a_new_secret_signs_beside_the_former(manager: Client, endpoint: WebhookEndpoint) -> None:
    (old,) = endpoint.secrets(timezone.now())
    for _time in range(2):  # also before the first was looked at
        answer: Any = manager.post(at("webhook_rotate", endpoint.pk), {"overlap": "24"})

    endpoint.refresh_from_db()
    newest, former = endpoint.secrets(timezone.now())
    assert newest in text(manager.get(answer.url))
    assert old not in (newest, former)


def test_a_delivery_is_shown_with_its_attempts_and_nothing_of_the_answer_is_markup(
    manager: Client, delivery: Delivery
) -> None:
    attempt(delivery, status=500, answer="<script>alert(1)</script>")
    attempt(delivery, error="Connection refused.")

    shown = text(manager.get(at("webhook_delivery", delivery.endpoint_id, delivery.pk)))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "Connection refused." in shown
    assert "0.250 s" in shown
    assert delivery.event_id in shown


def test_one_click_sends_a_delivery_again(manager: Client, delivery: Delivery) -> None:
    Delivery.objects.update(state="failed")
    manager.post(at("webhook_redeliver", delivery.endpoint_id, delivery.pk))

    delivery.refresh_from_db()
    assert delivery.state == "waiting"


def test_a_range_is_sent_again(manager: Client, delivery: Delivery) -> None:
    Delivery.objects.update(state="delivered")
    address = at("webhook_redeliver_range", delivery.endpoint_id)
    form = manager.get(address).context["form"]
    span = {
        "since": f"{form['since'].value():%Y-%m-%dT%H:%M}",
        "until": f"{timezone.now() + timedelta(days=2):%Y-%m-%dT%H:%M}",
    }

    assert "There is none" in text(
        manager.post(address, {**span, "only_failed": "on"}, follow=True)
    )
    assert "1 delivery is sent again." in text(manager.post(address, span, follow=True))
    turned = {"since": span["until"], "until": span["since"]}
    assert manager.post(address, turned).status_code == 400


def test_deliveries_are_paged_and_chosen_by_state(
    manager: Client, endpoint: WebhookEndpoint, django_assert_max_num_queries: Any
) -> None:
    for _number in range(60):
        Delivery.send_test(endpoint)
    address = at("webhook", endpoint.pk)
    manager.get(address)
    with django_assert_max_num_queries(12):
        first = manager.get(address)
    assert len(first.context["deliveries"]) == 50
    rest = manager.get(f"{address}?{first.context['links']['next']}")
    assert len(rest.context["deliveries"]) == 11
    assert not manager.get(f"{address}?state=failed").context["deliveries"]


def test_home_tells_of_an_endpoint_that_was_given_up(
    manager: Client, viewer: Client, endpoint: WebhookEndpoint, acme: Organization
) -> None:
    endpoint.give_up()
    count(tenant(acme))
    told = "webhook endpoint is off: deliveries failed for days"

    assert told in text(manager.get(at("home")))
    assert told not in text(viewer.get(at("home")))
    assert "given up" in text(manager.get(at("webhooks")))
