"""Recordings as browsers, proxies and people write them."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from customers.models import Organization
from customers.replay import recordings
from customers.replay.recordings import Recording, Unreadable
from customers.replay.run import replay
from customers.replay.selection import LeftOut, path_of
from tests.replay.conftest import places
from tests.replay.recordings import Entry, contract, own_session, written

JSON = json.dumps({"success": True})


def har(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"log": {"version": "1.2", "creator": {"name": "test"}, "entries": list(entries)}}


def entry(url: str = "https://api.example/customers", **changes: Any) -> dict[str, Any]:
    """An entry as Chrome exports it."""
    request = {"method": "GET", "url": url, "httpVersion": "h2", "headers": [], "queryString": []}
    content = {"size": len(JSON), "mimeType": "application/json", "text": JSON, "compression": -11}
    response = {"status": 200, "headers": [], "content": content, "bodySize": 22}
    whole = {
        "_initiator": {"type": "script"},
        "_priority": "High",
        "startedDateTime": "2024-01-15T10:30:00.000Z",
        "request": request,
        "response": response,
        "cache": {},
        "timings": {"wait": 12.5},
    }
    return {**whole, **changes}


def read(tmp_path: Path, text: str | bytes, name: str = "recording") -> list[Any]:
    file = tmp_path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(Recording(file))


@pytest.mark.parametrize("indent", [None, 2], ids=["on one line", "on many lines"])
def test_har_is_read(indent: int | None, tmp_path: Path) -> None:
    (one,) = read(tmp_path, "\ufeff" + json.dumps(har(entry()), indent=indent))

    assert (one.number, one.method, one.status) == (1, "GET", 200)
    assert one.shown == {"success": True}
    assert one.at.isoformat() == "2024-01-15T10:30:00+00:00"


def test_json_lines_are_read_with_blank_lines_between(tmp_path: Path) -> None:
    lines = [
        {"request": {"method": "post", "path": "/customers", "body": {"name": "Åsa"}}},
        {"request": {"method": "PUT", "path": "/customers", "body": "name=%C3%85sa"}},
    ]

    first, second = read(tmp_path, "\n".join(["", *map(json.dumps, lines), "", ""]))

    assert (first.method, json.loads(first.body)) == ("POST", {"name": "Åsa"})
    assert (second.number, second.body, second.answer) == (2, b"name=%C3%85sa", None)


def test_bodies_in_base64_are_decoded(tmp_path: Path) -> None:
    content = {"size": 3, "text": b64encode(JSON.encode()).decode(), "encoding": "base64"}

    (one,) = read(tmp_path, json.dumps(har(entry(response={"status": 200, "content": content}))))

    assert one.shown == {"success": True}


def test_a_form_may_be_recorded_by_its_parameters(tmp_path: Path) -> None:
    params = [{"name": "grant_type", "value": "client_credentials"}, {"name": "scope"}]
    request = {"method": "POST", "url": "https://api.example/oauth/token"}

    (one,) = read(
        tmp_path, json.dumps(har(entry(request={**request, "postData": {"params": params}})))
    )

    assert one.body == b"grant_type=client_credentials&scope="


def test_a_body_that_was_not_kept_is_not_an_empty_one(tmp_path: Path) -> None:
    kept_not, empty = read(
        tmp_path,
        json.dumps(
            har(
                entry(response={"status": 200, "content": {"size": 512}}),
                entry(response={"status": 204, "content": {"size": 0}}),
            )
        ),
    )

    assert (kept_not.answer, empty.answer) == (None, "")


def test_names_of_headers_are_in_lower_case_and_those_of_http2_left_out(tmp_path: Path) -> None:
    headers = [{"name": ":authority", "value": "api.example"}, {"name": "X-API-Key", "value": "k"}]
    request = {"method": "GET", "url": "https://api.example/customers", "headers": headers}

    (one,) = read(tmp_path, json.dumps(har(entry(request=request))))

    assert one.headers == {"x-api-key": "k"}


LINE = '{"request": {"method": "GET", "path": "/customers"}}'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "There are no requests in the file."),
        ("\n\n", "There are no requests in the file."),
        ("date,amount\n", "Line 1, column 1: Expecting value."),
        (f"{LINE}\n\n{LINE[:-1]}\n", "Line 3, column 52: Expecting ',' delimiter."),
        (f"{LINE}\n[]\n", "Line 2: this is no request with its response."),
        (LINE.replace("GET", "BREW"), "Line 1: the method is unknown."),
        (LINE.replace('"/customers"', "7"), "Line 1: a text is expected where there is none."),
        (LINE.replace("/customers", "http://[half"), "Line 1: the address is no URL."),
        (
            f'{LINE[:-1]}, "response": {{"status": 99}}}}',
            "Line 1: the status is no status of HTTP.",
        ),
        (b"\xff\xfe{}", "Line 1 is not JSON in UTF-8."),
        ('{"n": ' + "9" * 5000 + "}", "Line 1 is not JSON in UTF-8."),
        ('{"log": 7}', "The file is no HAR: it has no list at log.entries."),
        ('{\n"page": 1\n}', "The file is no HAR: it has no list at log.entries."),
        ('{"log": {"entries": []}}', "There are no requests in the file."),
        ('{"log": {"entries": [{}]}}', "Entry 1: this is no request with its response."),
        ('{\n"log": {"entries": [\n}', "Line 3: Expecting value."),
    ],
)
def test_what_cannot_be_read_says_where(text: str | bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as error:
        read(tmp_path, text)

    assert str(error.value) == message


def test_a_file_that_is_not_there_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="No such file"):
        Recording(tmp_path / "nothing.har")


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [
        ("MAX_LINE_BYTES", 20, "Line 1 is longer than 0 MiB."),
        ("MAX_EXCHANGES", 1, "There are more than 1 requests."),
        ("MAX_URL", 5, "Line 1: the address has more than 5 characters."),
    ],
)
def test_files_have_limits(
    limit: str, value: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings, limit, value)

    with pytest.raises(Unreadable) as error:
        read(tmp_path, f"{LINE}\n{LINE}\n")

    assert str(error.value) == message


def test_a_har_has_a_limit_for_it_is_read_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings, "MAX_HAR_BYTES", 10)

    with pytest.raises(Unreadable, match="Use JSON Lines"):
        read(tmp_path, json.dumps(har(entry())))


# --- What is sent, and what is not ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "slug", "found"),
    [
        ("/api/v1/customers", "lago", "/api/v1/customers"),
        ("/eu/billing/api/v1/customers/a%2Fb", "lago", "/api/v1/customers/a%2Fb"),
        ("//customers//x", "alternative-payments", "/customers/x"),
        ("/api/v1/customer", "billabear", "/api/v1/customer"),
        ("/api/v1/customer", "lago", None),
        ("/api/v1/customers", "billabear", None),
        ("/login", "vatly", None),
        ("", "vatly", None),
    ],
)
def test_only_the_path_below_the_base_matters(path: str, slug: str, found: str | None) -> None:
    assert path_of(path, contract(slug)) == found


def test_what_is_not_sent_is_counted_by_its_reason(acme: Organization, tmp_path: Path) -> None:
    ours = own_session("lago", acme)
    url = "https://api.getlago.com/api/v1/customers"
    unsent: list[Entry] = [
        {"request": {"method": method, "path": path}, "response": {"status": status}}
        for method, path, status in [
            ("GET", "https://example.org/pixel.gif", 200),
            ("OPTIONS", url, 204),
            ("GET", url, 0),
            ("GET", url, 301),
            ("POST", url, 429),
            ("GET", url, 502),
            ("GET", f"{url}/never-shown", 200),
        ]
    ]

    report = replay(Recording(written(tmp_path, [*unsent, *ours])), contract("lago"), dry_run=True)

    assert report.left_out == dict.fromkeys(LeftOut, 1)
    assert (report.sent, places(report)) == (len(ours), [])


def test_a_har_of_a_session_is_replayed(acme: Organization, tmp_path: Path) -> None:
    entries = []
    for each in own_session("billabear", acme):
        request, response = each["request"], each["response"]
        named = [{"name": name, "value": value} for name, value in request["headers"].items()]
        body = {"text": json.dumps(request["body"])} if request["body"] else {}
        url = f"https://billing.example{request['path']}"
        content = {"text": json.dumps(response["body"])}
        entries.append(
            entry(
                request={**request, "url": url, "headers": named, "postData": body},
                response={**response, "headers": [], "content": content},
            )
        )
    file = tmp_path / "session.har"
    file.write_text(json.dumps(har(*entries)))

    report = replay(Recording(file), contract("billabear"), dry_run=True)

    assert (report.sent, report.found) == (4, [])
