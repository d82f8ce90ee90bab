"""What `lago-python-client` does when something goes wrong: a suite of its user's, for unittest.

It runs in the client's environment, which has neither pytest nor anything of this project.

    REGISTRY=http://127.0.0.1:8123 python lago_python.py
"""

import json
import os
import time
import unittest
from urllib.request import Request, urlopen

import httpx
from lago_python_client import Client
from lago_python_client.exceptions import LagoApiError, LagoRateLimitError
from lago_python_client.models import Customer

REGISTRY = os.environ["REGISTRY"]


def ask(method, name, body=None):
    """What the control address of the double answers."""
    content = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"{REGISTRY}/_double/{name}", content, method=method)) as answer:
        return json.loads(answer.read() or "null")


def meet(kind, **more):
    """Have the next requests to Lago's contract meet a fault."""
    ask("POST", "faults", {"kind": kind, "contract": "lago", **more})


KEY = ask("GET", "keys/empty")["key"]


class WhenSomethingGoesWrong(unittest.TestCase):
    def setUp(self):
        ask("POST", "reset")

    def customers(self, **options):
        return Client(api_key=KEY, api_url=f"{REGISTRY}/", **options).customers

    def create(self, **options):
        return self.customers(**options).create(Customer(external_id="new", name="New"))

    def stored(self):
        return [each.external_id for each in self.customers().find_all()["customers"]]

    def statuses(self):
        return [each["status"] for each in ask("GET", "requests")]

    def test_it_waits_as_long_as_it_is_told_to_and_tries_again(self):
        meet("rate-limited", seconds=1)
        began = time.monotonic()
        created = self.create()
        self.assertEqual((created.external_id, self.statuses()), ("new", [429, 200]))
        self.assertGreaterEqual(time.monotonic() - began, 1)

    def test_it_gives_up_after_so_many_tries_and_tells_the_limit(self):
        meet("rate-limited", seconds=1, times=2)
        with self.assertRaises(LagoRateLimitError) as raised:
            self.create(max_retries=1)
        told = raised.exception
        self.assertEqual((told.limit, told.remaining, told.reset), (120, 0, 1))
        self.assertEqual(self.statuses(), [429, 429])

    def test_it_raises_at_once_if_it_is_not_to_try_again(self):
        meet("rate-limited", seconds=60)
        with self.assertRaises(LagoRateLimitError) as raised:
            self.create(retry_on_rate_limit=False)
        self.assertEqual((raised.exception.reset, self.statuses()), (60, [429]))

    def test_it_does_not_try_again_after_an_outage(self):
        meet("unavailable")
        with self.assertRaises(LagoApiError) as raised:
            self.create()
        self.assertEqual(raised.exception.status_code, 503)
        self.assertEqual(raised.exception.response["status"], 503)
        self.assertEqual(raised.exception.headers["retry-after"], "1")
        self.assertEqual(self.statuses(), [503])

    def test_it_raises_what_httpx_raises_when_an_answer_is_lost_and_an_upsert_is_safe(self):
        meet("lost-answer", method="POST")
        with self.assertRaises(httpx.RemoteProtocolError):
            self.create()
        self.assertEqual((self.statuses(), self.stored()), ([None], ["new"]))
        self.create()
        self.assertEqual(self.stored(), ["new"])

    def test_it_raises_what_httpx_raises_when_the_connection_is_reset(self):
        meet("connection-reset")
        with self.assertRaises(httpx.ReadError):
            self.create()
        self.assertEqual((self.statuses(), self.stored()), ([None], []))

    def test_its_timeout_ends_a_request_that_is_not_answered(self):
        meet("timeout")
        with self.assertRaises(httpx.ReadTimeout):
            self.customers().find("new", timeout=httpx.Timeout(0.3))
        self.assertEqual(self.statuses(), [None])

    def test_its_timeout_does_not_end_an_answer_that_comes_bit_by_bit(self):
        self.create()
        meet("slow-body", seconds=1)
        began = time.monotonic()
        found = self.customers().find("new", timeout=httpx.Timeout(0.8))
        self.assertEqual(found.name, "New")
        self.assertGreaterEqual(time.monotonic() - began, 1)


if __name__ == "__main__":
    unittest.main()
