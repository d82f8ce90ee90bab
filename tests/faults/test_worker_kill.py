"""`kill -9` of web workers under load: nothing acknowledged is lost, and the server goes on."""

from __future__ import annotations

import os
import random
import signal
import sys
import time

from tests.faults import FULL
from tests.faults.ledger import Ledger
from tests.faults.results import Result
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


def test_control_granian_by_itself_ends(web: Web) -> None:
    web.stop()
    web.process.command = [
        *(sys.executable, "-m", "granian", "--interface", "asginl", "--http", "1", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(web.port), "--workers", "2"),
        *("--respawn-failed-workers", "billing.asgi:application"),
    ]
    web.start()
    crashes = 0
    while web.process.is_running() and crashes < 10:
        if workers := web.workers():
            os.kill(workers[-1], signal.SIGKILL)
            crashes += 1
        time.sleep(1.5)
    fault = "crashes of web workers, granian without our supervisor"
    note = "the server has ended"
    Result(fault, times=crashes, control=True, note=note).record()
    assert not web.process.is_running()
