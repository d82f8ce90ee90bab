"""Drives `lago-python-client` 1.55.0, which is of today and says `external_id`.

    python drive_1_55_0.py API_URL API_KEY < STEPS

STEPS is a JSON list of `[verb, argument]`. A JSON list of what each gave is printed.
"""

import json
import sys

from lago_python_client import LAGO_VERSION, Client
from lago_python_client.exceptions import LagoApiError
from lago_python_client.models import Customer, CustomerBillingConfiguration, Metadata, MetadataList


def customer(fields):
    """The client's own object, with objects of the client's in it."""
    if "billing_configuration" in fields:
        billing = CustomerBillingConfiguration(**fields.pop("billing_configuration"))
        fields["billing_configuration"] = billing
    if "metadata" in fields:
        pairs = [Metadata(**pair) for pair in fields.pop("metadata")]
        fields["metadata"] = MetadataList(__root__=pairs)
    return Customer(**fields)


def take(customers, verb, argument):
    """What the client makes of one step."""
    if verb == "version":
        return LAGO_VERSION
    if verb == "create":
        return customers.create(customer(argument)).dict()
    if verb == "find_all":
        found = customers.find_all(argument)
        return {**found, "customers": [each.dict() for each in found["customers"]]}
    return getattr(customers, verb)(argument).dict()


def main():
    _, url, key = sys.argv
    customers = Client(api_key=key, api_url=url).customers
    results = []
    for verb, argument in json.load(sys.stdin):
        try:
            results.append(take(customers, verb, argument))
        except LagoApiError as error:
            results.append({"refused": error.status_code, "response": error.response})
    json.dump(results, sys.stdout)


main()
