"""What happens to accounts is in the history, which superusers see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from customers.models import Organization
from customers.staff.models import PasswordLink, StaffUser
from tests import factories
from tests.backoffice.colleagues.support import invited, nia, role
from tests.backoffice.support import at, form_of, signed_in, text


def events_of(*models: Any) -> list[tuple[str, str, str]]:
    return [
        (model._meta.model_name, event.pgh_label, event.pgh_context["actor"]["label"])
        for model in models
        for event in model._meta.get_field("events").related_model.objects.order_by("pgh_id")
        if event.pgh_context and "actor" in event.pgh_context
    ]


def test_everything_is_in_the_history(manager: Client, acme: Organization) -> None:
    through = StaffUser.groups.through
    address = invited(manager, acme).context["address"]
    person = StaffUser.objects.get(username="nia")
    browser = Client()
    browser.get(address)
    password = {"new_password1": "a fine long phrase", "new_password2": "a fine long phrase"}
    browser.post("/backoffice/account/link/", password)
    page = at("colleague", person.pk)
    manager.post(page, form_of(manager.get(page), role=role("Viewer")))
    manager.post(at("colleague_deactivate", person.pk))

    assert events_of(StaffUser, through, acme.staff.through, PasswordLink) == [
        ("staffuser", "insert", "mona"),
        ("staffuser", "update", "mona"),
        ("groupmembership", "insert", "mona"),
        ("groupmembership", "delete", "mona"),
        ("groupmembership", "insert", "mona"),
        ("membership", "insert", "mona"),
        ("passwordlink", "insert", "mona"),
        ("passwordlink", "update", "nia"),
        ("passwordlink", "delete", "mona"),
    ]


def test_the_history_has_no_password_and_no_sign_ins(acme: Organization) -> None:
    person = nia(acme)
    factories.signs_in(Client(), "nia")
    event: Any = person.events.get()  # type: ignore[attr-defined]

    assert not hasattr(event, "password")
    assert not hasattr(event, "last_login")


def test_only_superusers_see_it_in_the_admin(acme: Organization, client: Client) -> None:
    nia(acme, "Viewer")
    person = signed_in(acme, "Manager", username="mona")
    root = signed_in(None, username="root", is_superuser=True)

    for name in ("staffuserevent", "groupmembershipevent", "passwordlinkevent"):
        assert person.get(f"/admin/staff/{name}/").status_code == 403
        assert root.get(f"/admin/staff/{name}/").status_code == 200
    assert "nia in Viewer" in text(root.get("/admin/staff/groupmembershipevent/"))


def test_links_older_than_72_hours_are_swept(acme: Organization) -> None:
    link, _token = PasswordLink.issue(nia(acme))
    PasswordLink.objects.update(created_at=timezone.now() - timedelta(hours=73))

    assert PasswordLink.sweep() == 1
    assert not PasswordLink.objects.filter(pk=link.pk).exists()


def test_its_lists_take_as_many_queries_for_many_rows(
    acme: Organization, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    root = signed_in(None, username="root", is_superuser=True)
    for number in range(20):
        PasswordLink.issue(factories.staff(f"n-{number}", "Viewer", organizations=[acme]))

    for name in ("staffuserevent", "groupmembershipevent", "passwordlinkevent"):
        with django_assert_max_num_queries(12):
            root.get(f"/admin/staff/{name}/")
