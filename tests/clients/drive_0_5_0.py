"""Drives `lago-python-client` 0.5.0, which is of 2022 and says `customer_id`.

    python drive_0_5_0.py API_URL API_KEY < STEPS

STEPS is a JSON list of `[verb, argument]`. A JSON list of what each gave is printed.
"""

import json
import sys

from lago_python_client import LAGO_VERSION, Client
from lago_python_client.clients.base_client import LagoApiError
from lago_python_client.models import BillingConfiguration, Customer


def take(customers, verb, argument):
    """What the client makes of one step."""
    if verb == "version":
        return LAGO_VERSION
    if verb == "create":
        billing = argument.pop("billing_configuration", None)
        if billing is not None:
            argument["billing_configuration"] = BillingConfiguration(**billing)
        return customers.create(Customer(**argument)).dict()
    if verb == "find_all":
        found = customers.find_all(argument)
        return {**found, "customers": [each.dict() for each in found["customers"]]}
    return getattr(customers, verb)(argument).dict()


def main():
    _, url, key = sys.argv
    customers = Client(api_key=key, api_url=url).customers()
    results = []
    for verb, argument in json.load(sys.stdin):
        try:
            results.append(take(customers, verb, argument))
        except LagoApiError as error:
            results.append({"refused": str(error)})
    json.dump(results, sys.stdout)


main()
