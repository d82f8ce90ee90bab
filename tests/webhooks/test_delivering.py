"""Events are delivered at least once, in order per customer, however an endpoint behaves."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import Settings

from customers.models import Organization
from customers.webhooks.models import Attempt, Delivery, WebhookEndpoint
from customers.webhooks.models.endpoint import MOST_ENDPOINTS
from customers.webhooks.schedule import INTERVALS
from tests.factories import customer, tenant
from tests.threads import race
from tests.webhooks.receiver import Received, Receiver, receiving
from tests.webhooks.support import deliver, delivering, dispatch, states, work_off


def test_an_event_is_delivered_with_its_id_and_its_body(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    made = customer(endpoint.organization, name="Ada")
    deliver()

    (received,) = receiver.received
    assert received.event["type"] == "customer.created"
    assert UUID(received.event["data"]["customer_id"]) == made.pk
    assert received.headers["content-type"] == "application/json"
    delivery = Delivery.objects.to(endpoint).get()
    assert (delivery.state, delivery.event_id) == ("delivered", received.id)
    attempt = Attempt.objects.get(delivery=delivery)
    assert (attempt.status, attempt.error) == (204, "")
    assert 0 < attempt.duration < 5


def test_what_happened_before_the_endpoint_is_not_sent(
    transactional_db: None, acme: Organization, receiver: Receiver
) -> None:
    customer(acme, name="Before")
    WebhookEndpoint.create(tenant(acme), {"url": receiver.url})
    customer(acme, name="After")
    deliver()

    assert [received.record["name"] for received in receiver.received] == ["After"]


def test_events_of_other_tenants_are_not_sent(
    endpoint: WebhookEndpoint, globex: Organization, receiver: Receiver
) -> None:
    customer(globex, name="Another organization's")
    customer(endpoint.organization, "test", name="Test data")
    deliver()

    assert receiver.received == []


def test_an_endpoint_gets_only_the_types_that_it_names(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    endpoint.revise({"types": ["customer.updated"]})
    customer(endpoint.organization, name="Ada").revise({"name": "Ada L."})
    deliver()

    assert [received.event["type"] for received in receiver.received] == ["customer.updated"]


def test_a_type_that_no_event_has_is_refused(endpoint: WebhookEndpoint) -> None:
    with pytest.raises(ValidationError):
        endpoint.revise({"types": ["customer.updated", "customer.exploded"]})


def test_a_tenant_has_at_most_so_many_endpoints(endpoint: WebhookEndpoint) -> None:
    for _number in range(MOST_ENDPOINTS - 1):
        WebhookEndpoint.create(endpoint.tenant, {"url": endpoint.url})

    with pytest.raises(ValidationError):
        WebhookEndpoint.create(endpoint.tenant, {"url": endpoint.url})


def test_two_dispatchers_make_one_delivery_and_one_ticket(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    for number in range(50):
        customer(endpoint.organization, name=str(number))

    race(*[dispatch] * 4)

    assert len(states(endpoint)) == 50
    work_off()
    assert len(receiver.received) == 50


def test_one_customer_is_told_in_order_and_a_failure_holds_up_no_other_customer(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    first, second = (customer(endpoint.organization, name=name) for name in ("First", "Second"))
    first.revise({"name": "First again"})
    receiver.answer = lambda got: (500 if got.record["name"] == "First" else 200, b"")
    second.revise({"name": "Second again"})
    deliver()

    names = [received.record["name"] for received in receiver.received]
    assert sorted(names) == ["First", "Second", "Second again"]
    assert names.index("Second") < names.index("Second again")
    assert states(endpoint) == ["waiting", "delivered", "waiting", "delivered"]


def test_what_is_new_of_a_customer_waits_behind_what_failed(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    made = customer(endpoint.organization, name="One")
    receiver.answer = lambda _: (503, b"")
    deliver()
    receiver.answer = lambda _: (200, b"")
    made.revise({"name": "Two"})
    deliver()
    assert len(receiver.received) == 1

    Delivery.objects.to(endpoint).update(due_at=timezone.now())
    deliver()
    names = [received.record["name"] for received in receiver.received]
    assert names == ["One", "One", "Two"]


def test_retries_are_made_over_three_days_and_then_the_endpoint_is_switched_off(
    endpoint: WebhookEndpoint, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.answer = lambda _: (500, b"Sorry, " * 1000)
    customer(endpoint.organization, name="Ada")
    waited = timedelta()
    for interval in INTERVALS:
        deliver()
        delivery = Delivery.objects.to(endpoint).get()
        left = delivery.due_at - timezone.now()
        assert interval * 0.85 < left < interval * 1.15
        waited += left
        Delivery.objects.to(endpoint).update(due_at=timezone.now())
    deliver()

    assert timedelta(days=2.5) < waited < timedelta(days=4)
    assert states(endpoint) == ["failed"]
    endpoint.refresh_from_db()
    assert not endpoint.is_enabled
    assert endpoint.given_up_at is not None
    assert "has failed for three days: it is off." in caplog.text
    assert len(receiver.received) == len(INTERVALS) + 1
    assert len({received.id for received in receiver.received}) == 1
    assert {len(text) for text in Attempt.objects.values_list("answer", flat=True)} == {1024}


def test_a_receiver_that_is_gone_switches_its_endpoint_off(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.answer = lambda _: (410, b"")
    customer(endpoint.organization, name="Ada")
    deliver()

    endpoint.refresh_from_db()
    assert not endpoint.is_enabled


def test_an_endpoint_that_is_switched_on_again_gets_what_has_happened_meanwhile(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    endpoint.give_up()
    customer(endpoint.organization, name="Meanwhile")
    deliver()
    assert receiver.received == []

    endpoint.revise({"is_enabled": True})
    deliver()
    assert [received.record["name"] for received in receiver.received] == ["Meanwhile"]
    assert endpoint.given_up_at is None


def test_a_removed_endpoint_gets_nothing(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    customer(endpoint.organization, name="Ada")
    dispatch()
    endpoint.remove()
    work_off()

    assert receiver.received == []
    assert not WebhookEndpoint.objects.visible_to(endpoint.tenant).exists()


def test_what_was_delivered_can_be_delivered_again_with_the_same_id(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    customer(endpoint.organization, name="Ada")
    deliver()
    assert Delivery.objects.to(endpoint).redeliver() == 1
    deliver()

    first, second = receiver.received
    assert (first.id, first.body) == (second.id, second.body)
    assert Attempt.objects.count() == 2


def test_a_test_event_is_delivered(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    Delivery.send_test(endpoint)
    deliver()

    assert [received.event["type"] for received in receiver.received] == ["webhook.test"]


def test_a_slow_and_a_dead_endpoint_hold_up_no_other(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    """The command delivers to the third while the others are waited for."""
    with receiving() as slow:
        slow.delay = 30
        WebhookEndpoint.create(endpoint.tenant, {"url": slow.url})
        WebhookEndpoint.create(endpoint.tenant, {"url": "http://127.0.0.1:9/"})
        with delivering():
            began = timezone.now()
            for number in range(60):
                customer(endpoint.organization, name=str(number))
            receiver.wait_for(60, 20)
            took = timezone.now() - began
            slow.delay = 0

    assert took < timedelta(seconds=20)


def test_the_order_holds_while_the_receiver_fails_at_random(
    endpoint: WebhookEndpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("customers.webhooks.schedule.INTERVALS", [timedelta(milliseconds=50)] * 20)
    accepted: list[Received] = []

    def answer(got: Received) -> tuple[int, bytes]:
        if hash((got.id, len(receiver.received))) % 3 == 0:
            return 500, b""
        accepted.append(got)
        return 200, b""

    receiver.answer = answer
    made = [customer(endpoint.organization, name=str(number)) for number in range(5)]
    with delivering():
        for version in range(8):
            for row in made:
                row.revise({"name": f"Version {version}"})
        receiver.wait_for(45)
        while Delivery.objects.to(endpoint).waiting().exists():
            receiver.wait_for(len(receiver.received))
    for row in made:
        versions = [
            got.event["data"]["version"]
            for got in accepted
            if got.event["data"]["customer_id"] == str(row.pk)
        ]
        assert versions == list(range(1, 10))


def test_sweep_keeps_what_waits_and_deletes_what_was_done_long_ago(
    endpoint: WebhookEndpoint, receiver: Receiver, settings: Settings
) -> None:
    customer(endpoint.organization, name="Done")
    deliver()
    long_ago = timezone.now() - timedelta(days=settings.WEBHOOK_KEPT_DAYS + 1)
    Delivery.objects.update(finished_at=long_ago)
    receiver.answer = lambda _: (500, b"")
    customer(endpoint.organization, name="Waits")
    deliver()
    Delivery.objects.update(created_at=long_ago)

    assert Delivery.sweep() == 1
    assert states(endpoint) == ["waiting"]
    assert Attempt.objects.get().status == 500

    endpoint.remove()
    WebhookEndpoint.objects.update(removed_at=long_ago)
    assert Delivery.sweep() == 1
    assert not WebhookEndpoint.objects.exists()
