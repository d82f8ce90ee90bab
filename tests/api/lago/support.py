"""What the tests of this contract share: requests, the shape of its answers, what is stored."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from rest_framework.test import APIClient

from customers.models import Customer

PATH = "/api/v1/customers"

#: Every key of a customer but the ids and times, in the order of the answer.
FIELDS = (
    *("address_line1", "address_line2", "city", "country", "email", "legal_name", "legal_number"),
    *("logo_url", "name", "phone", "state", "url", "zipcode"),
)
KEYS = {
    *("lago_id", "customer_id", "external_id", "created_at", "updated_at", "applicable_timezone"),
    *("billing_configuration", "metadata", "sequential_id", "slug"),
    *FIELDS,
}

#: The customer of the vendor's documentation.
DINESH: dict[str, Any] = {
    "customer_id": "5eb02857-a71e-4ea2-bcf9-57d3a41bc6ba",
    "address_line1": "5230 Penfield Ave",
    "address_line2": None,
    "city": "Woodland Hills",
    "country": "US",
    "email": "dinesh@piedpiper.test",
    "legal_name": "Coleman-Blair",
    "legal_number": "49-008-2965",
    "logo_url": "http://hooli.com/logo.png",
    "name": "Gavin Belson",
    "phone": "1-171-883-3711 x245",
    "state": "CA",
    "url": "http://hooli.com",
    "zipcode": "91364",
}

BAD_REQUEST = {"status": 400, "error": "Bad Request"}
UNAUTHORIZED = {"status": 401, "error": "Unauthorized"}
CUSTOMER_NOT_FOUND = {"status": 404, "error": "Not Found", "code": "customer_not_found"}


def post(client: APIClient, customer: Any, **headers: Any) -> Any:
    """The answer to an upsert of `customer`."""
    return client.post(PATH, {"customer": customer}, format="json", **headers)


def upsert(client: APIClient, customer_id: str = "ext-1", **fields: Any) -> dict[str, Any]:
    """The customer that an upsert answers."""
    return shown(post(client, {"customer_id": customer_id, **fields}))


def at(id: object) -> str:
    """The path of the customer known by this id."""
    return f"{PATH}/{quote(str(id), safe='')}"


def shown(response: Any) -> dict[str, Any]:
    """The one customer of an answer that is as it should be."""
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    assert response["ETag"]
    body = response.json()
    assert list(body) == ["customer"]
    customer: dict[str, Any] = body["customer"]
    assert customer.keys() == KEYS
    assert customer["customer_id"] == customer["external_id"]
    return customer


def assert_error(response: Any, body: dict[str, Any]) -> None:
    """The answer is this error, in JSON."""
    assert response["Content-Type"] == "application/json", response.content
    assert response.json() == body
    assert response.status_code == body["status"]


def assert_invalid(response: Any, **codes: list[str]) -> None:
    """The answer is 422 with these codes by field."""
    assert_error(
        response,
        {
            "status": 422,
            "error": "Unprocessable entity",
            "message": "Validation error on the record",
            "error_details": codes,
        },
    )


def slug(customer: Customer) -> str:
    """The slug: the end of the organization's id, and the number."""
    end = customer.organization_id.hex.upper()[-7:]
    return f"{end[:3]}-{end[3:]}-{customer.sequential_id:03}"


def only() -> Customer:
    """The one customer that there is, archived or not."""
    return Customer.objects.get()
