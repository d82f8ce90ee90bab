"""Nothing secret and no personal value of a recording is in the report."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from customers.replay.masking import form_only
from tests.replay.conftest import Replayed
from tests.replay.recordings import ID, SECRET, Entry, exchange, written

PERSON = {
    "email": "augusta.byron@ockham-park.example",
    "name": "Augusta Ada Byron",
    "legal_name": "Byron & Töchter Nachfolger",
    "legal_number": "HRB-7741-0923",
    "phone": "+49 171 8833711",
    "address_line1": "Sackville Street 12b",
    "city": "Marylebone",
    "zipcode": "W1S-3DG",
    "url": "https://ockham-park.example/~byron",
    "customer_id": "byron-1815",
}
METADATA = {"4917188337110": "Annabella", "godmother's name": "Mary Somerville"}
TOKEN = "kJ8sQw2LzP0vNn4RtY6uB1cX3dF5gH7a"


def differing(value: Any) -> Any:
    """A value of the same type that is another one."""
    if isinstance(value, dict):
        return {name: differing(member) for name, member in value.items()}
    return value[::-1] if isinstance(value, str) else value


def recording() -> list[Entry]:
    """Every value is answered otherwise than it was recorded, and so is every name of a member."""
    recorded = differing({name: text for name, text in PERSON.items() if name != "customer_id"})
    lists = [{"key": key, "value": value[::-1]} for key, value in METADATA.items()]
    answer = {
        **recorded,
        "lago_id": ID,
        "customer_id": "byron-1815",
        "metadata": lists,
        "extra": PERSON["email"],
        PERSON["email"]: PERSON["name"],
        "api_token": TOKEN,
        "note": f"Bearer {SECRET}",
        "number": 4917188337110,
    }
    body = {
        "customer": {
            **PERSON,
            "metadata": [{"key": key, "value": value} for key, value in METADATA.items()],
        }
    }
    email = PERSON["email"]
    return [
        exchange("POST", "/api/v1/customers", body, answer={"customer": answer}),
        exchange(
            "GET", f"/api/v1/customers?search_term={email}&api_key={SECRET}&{email}=1", answer={}
        ),
        exchange("GET", "/api/v1/customers/byron-1815", status=410, answer={"error": email}),
        exchange("GET", f"/api/v1/wallets/{email}", answer=f"<p>{email}</p>"),
        exchange("GET", "/api/v1/customers", answer={}, headers={"Location": f"/x/{email}"}),
    ]


def originals() -> Iterator[str]:
    yield from (SECRET, TOKEN, ID, *PERSON.values(), *METADATA, *METADATA.values())
    yield from (text[::-1] for text in (PERSON["email"], PERSON["name"], *METADATA.values()))
    for text in (*PERSON.values(), *METADATA, *METADATA.values()):
        yield from re.findall(r"\w{5,}", text)


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_secret_or_personal_is_printed(
    form: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file, out = written(tmp_path, recording()), StringIO()

    with pytest.raises(CommandError) as error:
        call_command("replay", str(file), "--contract=lago", f"--format={form}", stdout=out)

    printed = "".join([out.getvalue(), *capfd.readouterr(), str(error.value)])
    common = {"https", "example", "email", "street", "customers"}
    left = {text for text in originals() if text in printed and text.lower() not in common}
    assert left == set()
    assert "(secret)" in printed
    assert "xxxxxxx.xxxxx@xxxxxx-xxxx.xxxxxxx" in printed  # the email's form


def test_control_the_recording_has_them_all() -> None:
    text = json.dumps(recording(), ensure_ascii=False)

    assert [one for one in originals() if one not in text] == []


def test_a_vatly_metadata_key_is_masked_where_it_is_a_member(replayed: Replayed) -> None:
    answer = {"id": "cus_abc123def456", "email": "a@example.org", "metadata": METADATA}
    report = replayed(
        "vatly",
        [exchange("POST", "/v1/customers", {"email": "a@example.org"}, status=201, answer=answer)],
    )

    pointers = {one.pointer for one in report.found if "metadata" in one.pointer}
    assert pointers == {"/metadata/9999999999999", "/metadata/xxxxxxxxx'x xxxx"}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("ada@example.org", "xxx@xxxxxxx.xxx"),
        ("+49 (0)171-88 33", "+99 (9)999-99 99"),
        ("Straße Ⅻ", "Xxxxxx 9"),
        ("محمد", "xxxx"),
        ("李小龙", "xxx"),
        ("a\u202eb\n", "x?x?"),
    ],
)
def test_a_value_is_shown_by_its_form(text: str, form: str) -> None:
    assert form_only(text) == form
    assert len(form_only(text)) == len(text)
