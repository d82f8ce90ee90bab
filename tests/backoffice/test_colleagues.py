"""Colleagues: a manager invites and changes people, and never gives more than they have."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from customers.models import Organization
from customers.staff.models import AuthenticatorApp, PasswordLink, StaffUser
from tests import factories
from tests.backoffice.support import at, form_of, signed_in, text
from tests.stored import everything_stored

MAIL = {"EMAIL_HOST": "mail.example.org"}


def role(name: str) -> str:
    return str(Group.objects.get(name=name).pk)


def filled(*organizations: Organization, **changed: Any) -> dict[str, Any]:
    return {
        "first_name": "Nia",
        "last_name": "Okoye",
        "email": "nia@example.org",
        "username": "nia",
        "role": role("Editor"),
        "organizations": [str(row.pk) for row in organizations],
        **changed,
    }


def invited(client: Client, *organizations: Organization, **changed: Any) -> Any:
    """Invite Nia, and return the page that shows the link."""
    sent = filled(*organizations, **changed)
    return client.post(at("colleague_invite"), sent, follow=True)


def nia(acme: Organization, *groups: str, **values: Any) -> StaffUser:
    return factories.staff("nia", *groups, organizations=[acme], **values)


def groups_of(person: StaffUser) -> list[str]:
    return sorted(person.groups.values_list("name", flat=True))


def slugs_of(person: StaffUser) -> list[str]:
    return sorted(person.organizations.values_list("slug", flat=True))


# --- The list ------------------------------------------------------------------------------------


def test_the_list_shows_who_sees_the_organization(
    manager: Client, acme: Organization, globex: Organization
) -> None:
    person = nia(acme, "Editor", first_name="Nia", last_login=timezone.now())
    AuthenticatorApp.set_up(person, confirmed=True)
    person.organizations.add(globex)
    factories.staff("gus", organizations=[globex])
    StaffUser.objects.create_superuser("root")

    response: Any = manager.get(at("colleagues"))
    row = next(row for row in response.context["rows"] if row["person"] == person)
    page = text(response)

    assert {row["person"].username for row in response.context["rows"]} == {"mona", "nia", "root"}
    assert row["person"].has_second_factor
    assert [str(row) for row in row["organizations"]] == ["Acme"]
    assert "and 1 that is not yours" in page
    assert "Globex" not in page
    assert "Superuser" in page


def test_the_list_takes_as_many_queries_for_many_colleagues(
    manager: Client, acme: Organization, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        factories.staff(f"n-{number}", "Editor", organizations=[acme])

    with django_assert_max_num_queries(20):
        manager.get(at("colleagues"))


def test_a_long_list_has_pages(manager: Client, acme: Organization) -> None:
    acme.staff.add(*(StaffUser.objects.create(username=f"n-{number}") for number in range(60)))

    first: Any = manager.get(at("colleagues"))
    last: Any = manager.get(at("colleagues"), {"page": "2"})

    assert [len(page.context["rows"]) for page in (first, last)] == [50, 11]
    assert 'rel="next" href="?page=2"' in text(first)


# --- Inviting ------------------------------------------------------------------------------------


def test_who_is_invited_can_choose_a_password_and_sign_in(
    manager: Client, acme: Organization
) -> None:
    response = invited(manager, acme)
    person = StaffUser.objects.get(username="nia")
    browser = Client()

    assert "This is the only time the link is shown" in text(response)
    assert not person.has_usable_password()
    assert (person.is_superuser, groups_of(person), slugs_of(person)) == (
        False,
        ["Editor"],
        ["acme"],
    )
    page: Any = browser.get(response.context["address"], follow=True)
    assert page.redirect_chain == [("/backoffice/account/link/", 302)]
    password = {"new_password1": "a fine long phrase", "new_password2": "a fine long phrase"}
    done: Any = browser.post("/backoffice/account/link/", password, follow=True)
    assert "Sign in as nia." in text(done)
    assert factories.signs_in(browser, "nia", "a fine long phrase")
    assert browser.get(at("home")).status_code == 200


def test_the_link_is_shown_once_and_not_stored(manager: Client, acme: Organization) -> None:
    response = invited(manager, acme)
    token = response.context["address"].rstrip("/").rpartition("/")[2]
    again: Any = manager.get(response.request["PATH_INFO"])

    assert token in text(response)
    assert "no-store" in response["Cache-Control"]
    assert token not in text(again)
    assert "The link is shown only once" in text(again)
    assert token not in everything_stored()
    assert token not in str(dict(manager.session))


def test_the_link_is_shown_to_no_one_else(manager: Client, acme: Organization) -> None:
    made = manager.post(at("colleague_invite"), filled(acme))
    other = signed_in(acme, "Manager", username="max")

    assert "The link is shown only once" in text(other.get(made["Location"]))


def test_without_a_mail_server_nothing_is_sent_or_claimed(
    manager: Client, acme: Organization, django_capture_on_commit_callbacks: Any
) -> None:
    assert "has no mail server" in text(manager.get(at("colleague_invite")))
    with django_capture_on_commit_callbacks(execute=True):
        response = invited(manager, acme)

    assert mail.outbox == []
    assert "was sent" not in text(response)


def test_with_a_mail_server_the_link_is_sent(
    manager: Client,
    acme: Organization,
    settings: LazySettings,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    assert "It is sent to their email" in text(manager.get(at("colleague_invite")))
    with django_capture_on_commit_callbacks(execute=True):
        response = invited(manager, acme)

    (sent,) = mail.outbox
    assert sent.to == ["nia@example.org"]
    assert response.context["address"] in sent.body
    assert "Your user name is nia." in sent.body


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_fails_is_reported(
    transactional_db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = factories.organization("acme")
    settings.EMAIL_HOST = "mail.example.org"

    def fail(*_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("customers.staff.mail.send_mail", fail)
    response = invited(signed_in(acme, "Manager", username="mona"), acme)

    assert "The link could not be sent to nia@example.org" in text(response)
    assert response.context["address"] in text(response)


def test_a_form_sent_twice_makes_one_account(manager: Client, acme: Organization) -> None:
    sent = {**filled(acme), "once": "a-token"}
    first, second = (manager.post(at("colleague_invite"), sent) for _again in range(2))

    assert first["Location"] == second["Location"]
    assert PasswordLink.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("first_name", "", "This field is required."),
        ("first_name", "4111 1111 1111 1111", "card number"),
        ("email", "", "This field is required."),
        ("email", "nia", "Enter a valid email address."),
        ("username", "", "This field is required."),
        ("username", "n ia", "Enter a valid username."),
        ("username", "MONA", "This user name is taken."),
        ("username", "x" * 151, "at most 150 characters"),
        ("role", "", "This field is required."),
        ("role", "0", "is not one of the available choices"),
        ("organizations", [], "This field is required."),
        ("organizations", ["x"], "is not one of the available choices"),
    ],
)
def test_a_form_with_errors_makes_no_account(
    manager: Client, acme: Organization, field: str, value: object, error: str
) -> None:
    response = invited(manager, acme, **{field: value})

    assert response.status_code == 400
    assert error in text(response)
    assert StaffUser.objects.count() == 1


def test_the_name_of_the_demo_is_taken_outside_the_demo(
    manager: Client, acme: Organization, settings: LazySettings
) -> None:
    settings.DEBUG = False

    assert "This user name is taken." in text(invited(manager, acme, username="demo"))


# --- Nobody gives more than they have ------------------------------------------------------------


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


# --- Changing ------------------------------------------------------------------------------------


def test_a_role_and_organizations_are_changed(acme: Organization, globex: Organization) -> None:
    client = signed_in(acme, "Manager", username="mona")
    globex.staff.add(StaffUser.objects.get(username="mona"))
    person = nia(acme, "Viewer")
    address = at("colleague", person.pk)
    sent = form_of(client.get(address), role=role("Editor"), organizations=[str(globex.pk)])

    assert client.post(address, sent).status_code == 302
    assert (groups_of(person), slugs_of(person)) == (["Editor"], ["globex"])


def test_a_change_made_meanwhile_is_not_overwritten(manager: Client, acme: Organization) -> None:
    person = nia(acme, "Viewer")
    address = at("colleague", person.pk)
    sent = form_of(manager.get(address), role=role("Manager"))
    person.groups.set([Group.objects.get(name="Editor")])

    answer = manager.post(address, sent)

    assert answer.status_code == 409
    assert "Someone changed this colleague while you were editing" in text(answer)
    assert groups_of(person) == ["Editor"]
    assert manager.post(address, form_of(answer, role=role("Manager"))).status_code == 302
    assert groups_of(person) == ["Manager"]


def test_several_groups_stay_until_one_role_is_chosen(manager: Client, acme: Organization) -> None:
    person = nia(acme, "Viewer", "Editor")
    address = at("colleague", person.pk)

    assert "As it is: Editor, Viewer" in text(manager.get(address)).replace(
        "Viewer, Editor", "Editor, Viewer"
    )
    manager.post(address, form_of(manager.get(address)))
    assert groups_of(person) == ["Editor", "Viewer"]
    manager.post(address, form_of(manager.get(address), role=role("Viewer")))
    assert groups_of(person) == ["Viewer"]


def test_who_is_deactivated_is_signed_out_and_their_link_is_void(
    manager: Client, acme: Organization
) -> None:
    person = nia(acme, "Viewer")
    browser = Client()
    assert factories.signs_in(browser, "nia")
    _link, token = PasswordLink.issue(person)

    manager.post(at("colleague_deactivate", person.pk))

    assert browser.get(at("home")).status_code == 302
    assert not factories.signs_in(Client(), "nia")
    assert Client().get(f"/backoffice/account/link/{token}/").status_code == 404
    assert "They cannot sign in" in text(manager.get(at("colleague_new_link", person.pk)))
    assert manager.post(at("colleague_new_link", person.pk)).status_code == 409

    manager.post(at("colleague_reactivate", person.pk))
    assert factories.signs_in(Client(), "nia")


def test_a_new_link_makes_the_old_one_void_and_keeps_the_password(
    manager: Client, acme: Organization
) -> None:
    person = nia(acme, "Viewer")
    _link, old = PasswordLink.issue(person)
    response: Any = manager.post(at("colleague_new_link", person.pk), follow=True)

    assert factories.signs_in(Client(), "nia")
    assert Client().get(f"/backoffice/account/link/{old}/").status_code == 404
    assert Client().get(response.context["address"]).status_code == 302


# --- History -------------------------------------------------------------------------------------


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
