"""Drives `lago-billing` 1.0.1, which another maker generated from the vendor's published schema.

    python drive_billing.py API_URL API_KEY < STEPS

STEPS is a JSON list of `[verb, argument]`. A JSON list of what each gave is printed.
"""

import dataclasses
import json
import sys
from importlib.metadata import version

from lago import Lago
from lago.models import operations, shared


def request(verb, argument):
    """The client's own object for a verb."""
    if verb == "create":
        if "metadata" in argument:
            pairs = argument["metadata"]
            argument["metadata"] = [shared.CustomerInputCustomerMetadata(**pair) for pair in pairs]
        return shared.CustomerInput(shared.CustomerInputCustomer(**argument))
    if verb == "find":
        return operations.FindCustomerRequest(argument)
    if verb == "destroy":
        return operations.DeleteCustomerRequest(argument)
    return operations.FindAllCustomersRequest(**argument)


def take(customers, verb, argument):
    """What the client makes of one step: the member of its response that is set."""
    if verb == "version":
        return version("lago-billing")
    response = getattr(customers, verb)(request(verb, argument))
    if response.status_code != 200:
        return {"refused": response.status_code}
    found = response.customers if verb == "find_all" else response.customer.customer
    return dataclasses.asdict(found)


def main():
    _, url, key = sys.argv
    security = shared.Security(bearer_auth=f"Bearer {key}")
    customers = Lago(security=security, server_url=f"{url}api/v1").customers
    results = [take(customers, verb, argument) for verb, argument in json.load(sys.stdin)]
    json.dump(results, sys.stdout, default=str)


main()
