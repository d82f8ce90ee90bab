"""One link, used twice at once, sets one password; with a control."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from customers.staff.models import PasswordLink, StaffUser
from tests import factories
from tests.threads import both_at_once, race

pytestmark = pytest.mark.django_db(transaction=True)

CHOOSE = "/backoffice/account/link/"
PASSWORDS = ("a fine long phrase", "another long phrase")


@pytest.fixture
def ada(transactional_db: None) -> StaffUser:
    return factories.staff("ada")


@pytest.fixture
def choices(ada: StaffUser) -> list[Callable[[], Any]]:
    """Two browsers that have opened one link, each with a password of its own to choose."""
    _link, token = PasswordLink.issue(ada)

    def browser(password: str) -> Callable[[], Any]:
        client = Client()
        client.get(f"{CHOOSE}{token}/")
        form = {"new_password1": password, "new_password2": password}
        return lambda: client.post(CHOOSE, form)

    return [browser(password) for password in PASSWORDS]


def test_a_link_used_twice_at_once_sets_one_password(
    choices: list[Callable[[], Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    both_at_once(monkeypatch, StaffUser, "lock")  # both have found the link in order

    statuses = [answer.status_code for answer in race(*choices)]

    assert Counter(statuses) == {302: 1, 404: 1}
    works = [factories.signs_in(Client(), "ada", password) for password in PASSWORDS]
    assert works == [status == 302 for status in statuses]


def test_control_without_the_lock_both_are_told_that_theirs_is_set(
    choices: list[Callable[[], Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StaffUser, "lock", lambda _person: None)
    both_at_once(monkeypatch, PasswordLink, "use")

    assert [answer.status_code for answer in race(*choices)] == [302, 302]
