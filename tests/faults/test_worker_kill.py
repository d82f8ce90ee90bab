"""`kill -9` of web workers under load: nothing acknowledged is lost, and the server goes on."""

from __future__ import annotations

import os
import random
import signal
import time

from tests.faults import FULL
from tests.faults.ledger import Ledger
from tests.faults.servers import Web


def kill_a_worker(web: Web) -> None:
    os.kill(random.choice(web.workers()), signal.SIGKILL)


def test_killed_workers_lose_and_double_nothing(web: Web) -> None:
    kills = 20 if FULL else 5
    with Ledger(web.origin, web.api_key) as ledger:
        for _kill in range(kills):
            ledger.wait_for(100)
            kill_a_worker(web)
            time.sleep(0.5)
    ledger.result("kill -9 of a web worker", times=kills).must_hold()


def test_ten_crashes_in_a_row_do_not_end_the_server(web: Web) -> None:
    with Ledger(web.origin, web.api_key) as ledger:
        for _crash in range(10):
            while not (workers := web.workers()):
                web.process.check()
                time.sleep(0.02)
            os.kill(workers[0], signal.SIGKILL)
            time.sleep(0.2)
        ledger.wait_for(100)
    ledger.result("ten crashes of web workers in a row", times=10).must_hold()
    web.process.check()
