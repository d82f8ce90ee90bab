"""A colleague's role and organizations are changed; they are deactivated, and get a new link."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from customers.models import Organization
from customers.staff.models import PasswordLink, StaffUser
from tests import factories
from tests.backoffice.colleagues.support import groups_of, nia, role, slugs_of
from tests.backoffice.support import at, form_of, page, signed_in, text


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

    done: Any = manager.post(at("colleague_deactivate", person.pk), follow=True)

    assert f'<a href="{at("colleague_reactivate", person.pk)}">Undo</a>' in page(done)
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
