"""`manage.py demo`, over real HTTP: what it prints works."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from customers.rest.contract import Contract, contracts
from customers.values.demo_credentials import STAFF_LOGIN, STAFF_PASSWORD
from tests.live_demo import Demo

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]


def curl_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("curl ")]


def line_with(demo: Demo, part: str) -> str:
    (line,) = [line for line in curl_lines(demo.printed) if part in line]
    return line


def test_it_prints_how_to_get_a_token_and_how_to_create_a_customer(demo: Demo) -> None:
    token = json.loads(demo.run(line_with(demo, "/oauth/token")))
    creation = json.loads(demo.run(line_with(demo, "Hooli")))

    assert token["token_type"] == "bearer"
    assert (creation["name"], creation["country"]) == ("Hooli", "USA")


@pytest.mark.parametrize("contract", contracts(), ids=lambda contract: contract.slug)
def test_it_prints_a_line_for_each_contract_that_lists_customers(
    demo: Demo, contract: Contract
) -> None:
    listing = json.loads(demo.run(line_with(demo, f"{demo.port}{contract.list_path}?")))

    assert len(listing.get("data") or listing["customers"]) == 2


def after(demo: Demo, heading: str) -> str:
    """The line below a heading that it prints."""
    lines = demo.printed.splitlines()
    (found,) = [number for number, line in enumerate(lines) if heading in line]
    return lines[found + 1]


def test_a_caller_of_the_api_has_something_to_do_next(demo: Demo) -> None:
    found = json.loads(demo.run(after(demo, "Next, if you call the API")))
    assert found["name"] == "Meridian Instruments"
    assert len(found["users"]["data"]) == len(found["payment_methods"]["data"]) == 2


def test_someone_who_works_with_customers_has_something_to_do_next(demo: Demo) -> None:
    address = after(demo, "Next, if you work with customers")
    cookies = CookieJar()
    browser = build_opener(HTTPCookieProcessor(cookies))
    with browser.open(address) as sign_in:
        (token,) = [cookie.value for cookie in cookies if cookie.name == "csrftoken"]
        typed = {"username": STAFF_LOGIN, "password": STAFF_PASSWORD, "csrfmiddlewaretoken": token}
        with browser.open(sign_in.url, urlencode(typed).encode()) as home:
            assert home.url == address
            assert "customers have a card that is expired" in home.read().decode()


def test_a_developer_has_something_to_do_next(demo: Demo) -> None:
    line = after(demo, "Next, if you develop")
    done = subprocess.run(
        ["bash", "-c", line.replace("1000000", "100")],
        check=True,
        cwd=settings.BASE_DIR,
        env=demo.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert "100 customers" in done.stdout


def test_its_token_opens_the_same_data(demo: Demo) -> None:
    token = json.loads(demo.run(line_with(demo, "/oauth/token")))["access_token"]
    found = demo.run(
        f'curl -H "Authorization: Bearer {token}" '
        '"http://127.0.0.1:8000/customers?company_name=Acme"'
    )

    assert [customer["name"] for customer in json.loads(found)["data"]] == ["Acme Corp"]


def test_a_chunked_body_is_read(demo: Demo) -> None:
    creation = line_with(demo, "Hooli").replace("curl ", 'curl -H "Transfer-Encoding: chunked" ', 1)

    assert json.loads(demo.run(creation))["name"] == "Hooli"


def test_every_link_it_prints_answers(demo: Demo) -> None:
    links = re.findall(r"http://[\d.:]+/(?:admin/|backoffice/|docs/(?:[\w-]+/)?|\s)", demo.printed)

    assert len(links) >= 9
    for link in links:
        status = demo.run(f"curl -s -L -o /dev/null -w '%{{http_code}}' {link.strip()}")
        assert status == "200", link


def test_a_second_one_on_the_same_port_says_so(demo: Demo) -> None:
    second = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        check=False,
        cwd=settings.BASE_DIR,
        env=demo.environment,
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert second.returncode != 0
    assert f"Port {demo.port} is taken." in second.stderr
    assert "Traceback" not in second.stderr


def test_without_debug_there_is_no_demo() -> None:
    assert not settings.DEBUG  # pytest-django turns it off
    with pytest.raises(CommandError, match="DEBUG=1 only"):
        call_command("demo")
