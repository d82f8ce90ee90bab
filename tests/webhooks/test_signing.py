"""Signatures are those of the Standard Webhooks specification."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from customers.webhooks.models import WebhookEndpoint
from customers.webhooks.signing import generate_secret, headers
from tests.factories import customer
from tests.webhooks.receiver import Receiver
from tests.webhooks.support import deliver


def test_the_public_test_vector() -> None:
    signed = headers(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        '{"test": 2432232314}',
    )

    assert signed == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_is_new_each_time_and_of_the_length_that_the_specification_allows() -> None:
    first, second = generate_secret(), generate_secret()

    assert first != second
    assert 24 <= len(Webhook(first)._whsecret) <= 64


def test_what_is_sent_verifies_with_the_library(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    customer(endpoint.organization, name="Zoë 云海")
    deliver()

    (received,) = receiver.received
    (secret,) = endpoint.secrets(datetime.now(UTC))
    sent = Webhook(secret).verify(received.body, received.headers)
    assert sent["type"] == "customer.created"
    assert sent["data"]["record"]["name"] == "Zoë 云海"
    with pytest.raises(WebhookVerificationError):
        Webhook(generate_secret()).verify(received.body, received.headers)


def test_after_a_rotation_both_secrets_verify_until_the_overlap_is_over(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    (old,) = endpoint.secrets(datetime.now(UTC))
    new = endpoint.rotate(timedelta(hours=24))
    customer(endpoint.organization, name="Ada")
    deliver()

    (received,) = receiver.received
    for secret in (old, new):
        Webhook(secret).verify(received.body, received.headers)
    assert endpoint.secrets(datetime.now(UTC) + timedelta(hours=25)) == [new]


def test_a_rotation_without_overlap_ends_the_old_secret(endpoint: WebhookEndpoint) -> None:
    new = endpoint.rotate(timedelta())

    assert endpoint.secrets(datetime.now(UTC)) == [new]


def test_no_secret_is_stored_in_clear(endpoint: WebhookEndpoint) -> None:
    (secret,) = endpoint.secrets(datetime.now(UTC))
    endpoint.rotate(timedelta(hours=1))

    stored = WebhookEndpoint.objects.values("secret", "former_secret").get(pk=endpoint.pk)
    assert secret[6:] not in str(stored)
