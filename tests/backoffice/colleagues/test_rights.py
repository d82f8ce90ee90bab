"""Nobody gives a colleague more than they have, or changes one who has more."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from customers.models import Organization
from customers.staff.models import PasswordLink, StaffUser
from tests.backoffice.colleagues.support import groups_of, invited, nia, role, slugs_of
from tests.backoffice.support import at, form_of, signed_in, text


def test_a_manager_offers_only_their_own_roles_and_organizations(
    manager: Client, acme: Organization, globex: Organization
) -> None:
    auditors = Group.objects.create(name="Auditors")
    auditors.permissions.set(Permission.objects.filter(codename="delete_logentry"))
    form = manager.get(at("colleague_invite")).context["form"]

    assert [name for _id, name in form["role"].field.choices] == ["Viewer", "Editor", "Manager"]
    assert [name for _id, name in form["organizations"].field.choices] == ["Acme"]


def test_a_role_above_ones_own_cannot_be_given(manager: Client, acme: Organization) -> None:
    mightier = Group.objects.create(name="Auditors")
    mightier.permissions.set(Permission.objects.filter(codename="add_staffuser"))

    assert invited(manager, acme, role=str(mightier.pk)).status_code == 400
    assert not StaffUser.objects.filter(username="nia").exists()


def test_a_smaller_group_with_the_permission_gives_no_role_above_it(acme: Organization) -> None:
    clerk = Group.objects.create(name="Clerk")
    codenames = [
        "manage_colleagues",
        *Group.objects.get(name="Viewer").permissions.values_list("codename", flat=True),
    ]
    clerk.permissions.set(Permission.objects.filter(codename__in=codenames))
    client = signed_in(acme, "Clerk", username="cleo")
    form = client.get(at("colleague_invite")).context["form"]

    assert [name for _id, name in form["role"].field.choices] == ["Viewer", "Clerk"]
    assert invited(client, acme, role=role("Editor")).status_code == 400


def test_an_organization_of_others_cannot_be_given(
    manager: Client, acme: Organization, globex: Organization
) -> None:
    person = nia(acme, "Viewer")
    address = at("colleague", person.pk)
    sent = form_of(manager.get(address), organizations=[str(acme.pk), str(globex.pk)])

    assert invited(manager, acme, globex, username="new").status_code == 400
    assert manager.post(address, sent).status_code == 400
    assert slugs_of(person) == ["acme"]


@pytest.mark.parametrize("name", ["is_superuser", "is_staff", "user_permissions", "groups"])
def test_no_other_field_is_read(manager: Client, acme: Organization, name: str) -> None:
    everything = [str(row.pk) for row in Permission.objects.all()]
    invited(manager, acme, **{name: everything if name == "user_permissions" else "1"})
    person = StaffUser.objects.get(username="nia")

    assert not person.is_superuser
    assert not person.user_permissions.exists()
    assert groups_of(person) == ["Editor"]


PAGES_OF_COLLEAGUE = (
    *("colleague", "colleague_deactivate", "colleague_reactivate"),
    "colleague_new_link",
)


def beyond(kind: str, acme: Organization, globex: Organization) -> StaffUser:
    """A colleague of Acme who has more than its manager."""
    person = nia(acme, "Viewer", is_superuser=kind == "superuser")
    if kind == "permission":
        person.user_permissions.set(Permission.objects.filter(codename="add_staffuser"))
    if kind == "deactivated":  # Django says that they may do nothing
        person.user_permissions.set(Permission.objects.filter(codename="add_staffuser"))
        StaffUser.objects.filter(pk=person.pk).update(is_active=False)
    if kind == "organization":
        person.organizations.add(globex)
    return person


@pytest.mark.parametrize("name", PAGES_OF_COLLEAGUE)
@pytest.mark.parametrize("kind", ["superuser", "permission", "deactivated", "organization"])
def test_a_colleague_who_has_more_is_not_changed(
    manager: Client, acme: Organization, globex: Organization, kind: str, name: str
) -> None:
    person = beyond(kind, acme, globex)
    before = StaffUser.objects.filter(pk=person.pk).values().get()
    sent = {"role": role("Manager"), "organizations": [str(acme.pk)]}
    answer = manager.post(at(name, person.pk), sent)

    if (kind, name) != ("organization", "colleague"):  # see the next test
        assert answer.status_code == 403
        assert "You may not change this colleague" in text(answer)
    assert StaffUser.objects.filter(pk=person.pk).values().get() == before
    assert groups_of(person) == ["Viewer"]
    assert not PasswordLink.objects.exists()


def test_a_colleague_of_another_organization_too_can_be_let_out_of_ones_own(
    manager: Client, acme: Organization, globex: Organization
) -> None:
    person = nia(acme, "Viewer")
    person.organizations.add(globex)
    address = at("colleague", person.pk)
    page = manager.get(address)
    sent = form_of(page, organizations=[], role=role("Manager"))

    assert "only a superuser can change it" in text(page)
    assert manager.post(address, sent).status_code == 302
    assert (slugs_of(person), groups_of(person)) == (["globex"], ["Viewer"])


@pytest.mark.parametrize("name", PAGES_OF_COLLEAGUE)
def test_nobody_changes_themselves(manager: Client, name: str) -> None:
    mona = StaffUser.objects.get(username="mona")

    assert manager.get(at(name, mona.pk)).status_code == 403
    assert manager.post(at(name, mona.pk)).status_code == 403
    mona.refresh_from_db()
    assert mona.is_active


def test_a_superuser_lets_people_into_any_organization(
    acme: Organization, globex: Organization
) -> None:
    root = signed_in(None, username="root", is_superuser=True)
    invited(root, acme, globex, role=role("Manager"))
    person = StaffUser.objects.get(username="nia")

    assert (slugs_of(person), groups_of(person)) == (["acme", "globex"], ["Manager"])
    assert not person.is_superuser
