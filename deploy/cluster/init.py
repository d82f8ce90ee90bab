"""The first process of a database node: starts Patroni, again if it ends, and reaps every orphan.

It needs nothing but Python, because it runs in Patroni's environment and as its user. PostgreSQL
leaves Patroni's process tree; here it becomes a child of the node, which is one tree of processes.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36
RESTART_SECONDS = 5  # as in deploy/systemd/patroni.service

asked_to_end = False


def end(_number: int, _frame: object) -> None:
    global asked_to_end  # noqa: PLW0603 (a signal handler's only way)
    asked_to_end = True
    patroni.terminate()


ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
patroni = subprocess.Popen(sys.argv[1:])
signal.signal(signal.SIGTERM, end)
while True:
    try:
        ended, _status = os.wait()
    except ChildProcessError:
        break
    if ended == patroni.pid and not asked_to_end:
        time.sleep(RESTART_SECONDS)
        if not asked_to_end:
            patroni = subprocess.Popen(sys.argv[1:])
