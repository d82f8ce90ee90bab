"""What people read in place of a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.template.loader import get_template
from django.test import Client
from django.views.defaults import bad_request, server_error

from customers.models import Organization
from customers.staff.models import StaffUser
from tests import factories


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so(client: Client) -> None:
    response = client.get("/backoffice/nothing/")

    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


@pytest.mark.django_db
def test_a_refusal_says_what_is_lacking_and_whom_to_ask(client: Client, acme: Organization) -> None:
    StaffUser.objects.create_superuser("grace")
    client.force_login(factories.staff("ada", "Viewer", organizations=[acme]))

    response = client.get("/admin/customers/apikey/")
    page = response.content.decode()

    assert response.status_code == 403
    assert "signed in as ada" in page
    assert "Your groups: Viewer." in page
    assert "Ask grace" in page


@pytest.mark.django_db
def test_a_form_of_another_site_is_refused_with_a_way_out() -> None:
    response = Client(enforce_csrf_checks=True).post("/backoffice/login/", {"username": "ada"})

    assert response.status_code == 403
    sentence = "This form is out of date. Go back, reload the page and try again."
    assert sentence in response.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_cookie_says_what_to_do(settings: LazySettings) -> None:
    browser = Client(enforce_csrf_checks=True)

    def page(**headers: str) -> str:
        response = browser.post("/backoffice/login/", {"username": "ada"}, **headers)  # type: ignore[arg-type]
        assert response.status_code == 403
        return str(response.content.decode())

    assert "Your browser sent no cookie. Allow cookies for this site." in page()
    settings.CSRF_COOKIE_SECURE = True
    assert "Open the address that begins with https://." in page()
    elsewhere = page(HTTP_ORIGIN="https://registry.example.org")
    assert "It was sent from https://registry.example.org" in " ".join(elsewhere.split())
    assert "own address for http://testserver. If both" in " ".join(elsewhere.split())


@pytest.mark.django_db
def test_without_https_one_signs_in_through_the_form_if_cookies_are_plain(
    settings: LazySettings,
) -> None:
    factories.staff("ada")
    signed_in = {}
    for is_secure in (True, False):
        settings.CSRF_COOKIE_SECURE = settings.SESSION_COOKIE_SECURE = is_secure
        browser = Client(enforce_csrf_checks=True)
        token = browser.get("/backoffice/login/").context["csrf_token"]
        sent = {
            name: cookie.value
            for name, cookie in browser.cookies.items()
            if not cookie["secure"]  # what a browser sends to an http:// address
        }
        browser.cookies.clear()
        browser.cookies.load(sent)
        form = {"username": "ada", "password": factories.PASSWORD, "csrfmiddlewaretoken": token}
        signed_in[is_secure] = browser.post("/backoffice/login/", form).status_code

    assert signed_in == {True: 403, False: 302}


def test_pages_of_faults_need_neither_request_nor_database(rf: Any) -> None:
    broken = server_error(rf.get("/"))
    bad = bad_request(rf.get("/"), Exception())

    assert (broken.status_code, bad.status_code) == (500, 400)
    assert "Something went wrong" in broken.content.decode()
    assert "Bad request" in bad.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_they_are_the_same_with_nothing_known(name: str) -> None:
    assert "<h1>" in get_template(name).render()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/customers/a/b/c/d", "/v1/customers/a/b"])
def test_the_contracts_render_their_errors_themselves(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert response["Content-Type"].startswith("application/json")
