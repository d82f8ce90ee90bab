"""Drives `lago-python-client` 0.1.3, which is of the documentation's summer and can only create.

    python drive_0_1_3.py API_URL API_KEY < STEPS

STEPS is a JSON list of `[verb, argument]`. A JSON list of what each gave is printed.
"""

import json
import sys
from importlib.metadata import version

from lago_python_client.client import Client
from lago_python_client.clients.base_client import LagoApiError
from lago_python_client.models import Customer


def take(customers, verb, argument):
    """What the client makes of one step."""
    if verb == "version":
        return version("lago-python-client")
    return getattr(customers, verb)(Customer(**argument)).dict()


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
