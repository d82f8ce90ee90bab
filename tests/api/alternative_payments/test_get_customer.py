"""GET /customers/{id}"""

from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories


def test_answers_the_customer_with_its_version_as_etag(api: APIClient, customer: Customer) -> None:
    response = api.get(f"/customers/{customer.pk}")

    assert response.status_code == 200
    assert response["ETag"] == '"1"'
    assert response.json()["id"] == str(customer.pk)
    assert response.json()["name"] == "Coleman-Blair"


def test_an_archived_customer_is_still_answered(api: APIClient, customer: Customer) -> None:
    customer.archive()

    assert api.get(f"/customers/{customer.pk}").status_code == 200


def test_a_customer_of_others_is_told_as_one_that_does_not_exist(
    api: APIClient, globex: Organization
) -> None:
    theirs = factories.customer(globex, name="Theirs")
    missing = theirs.pk.hex[:-4] + "0000"

    elsewhere = api.get(f"/customers/{theirs.pk}")
    nowhere = api.get(f"/customers/{missing}")

    assert elsewhere.status_code == nowhere.status_code == 404
    assert elsewhere.json() == nowhere.json()
