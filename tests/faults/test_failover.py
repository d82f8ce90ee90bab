"""Failover: whatever ends or freezes the primary, what was acknowledged is on the next one."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.cluster.cluster import Cluster
from deploy.cluster.nodes import DatabaseNode
from deploy.cluster.processes import wait_for
from tests.faults import FULL
from tests.faults.ledger import Ledger
from tests.faults.servers import new_folder

PROCESS_GAP = 5.0  # seconds without an acknowledged write, when a process of a node is killed
NODE_GAP = 25.0  # when a node is lost: Patroni's ttl is 20
FREEZE = 30.0 if FULL else 22.0  # seconds that a node is gone: another replaces it after 20
WRITES = 1_600 if FULL else 200  # acknowledged before each fault and after it


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with new_folder() as folder, Cluster(folder) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def api_key(cluster: Cluster) -> str:
    return cluster.issue_api_key()


def kill_the_postmaster(cluster: Cluster, primary: DatabaseNode) -> None:
    primary.kill_postmaster()


def lose_the_node(cluster: Cluster, primary: DatabaseNode) -> None:
    primary.kill()
    time.sleep(FREEZE)
    primary.start(cluster.etcd)


def freeze_the_node(cluster: Cluster, primary: DatabaseNode) -> None:
    """Until another takes its place. It wakes up believing that it is the primary."""
    primary.signal(signal.SIGSTOP)
    try:
        wait_for(lambda: cluster.primary() not in (None, primary), "another primary", 60)
    finally:
        primary.signal(signal.SIGCONT)


def cut_off_and_lose_the_node(cluster: Cluster, primary: DatabaseNode) -> None:
    """What it takes before it ends reaches no standby."""
    hang_replication(primary)
    time.sleep(2)
    lose_the_node(cluster, primary)


def hang_replication(primary: DatabaseNode) -> None:
    for pid in primary.processes():
        if b"walsender" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGSTOP)


@dataclass(frozen=True)
class Fault:
    name: str
    happens: Callable[[Cluster, DatabaseNode], None]
    times: int  # in the full form; once in the short one
    longest_gap: float


FAULTS = [
    Fault("kill -9 of the primary's postmaster", kill_the_postmaster, 4, PROCESS_GAP),
    Fault("the primary's node is frozen, and wakes again", freeze_the_node, 3, NODE_GAP),
    Fault(
        "replication hangs, then the primary's node is lost",
        cut_off_and_lose_the_node,
        3,
        NODE_GAP + 2,
    ),
]


def healthy_primary(cluster: Cluster) -> DatabaseNode:
    cluster.wait_until_healthy()
    primary = cluster.primary()
    assert primary is not None
    return primary


@pytest.mark.parametrize("fault", FAULTS if FULL else FAULTS[:2], ids=lambda fault: fault.name)
def test_failover_loses_nothing(cluster: Cluster, api_key: str, fault: Fault) -> None:
    times = fault.times if FULL else 1
    before = healthy_primary(cluster).timeline()
    with Ledger(cluster.origin, api_key) as ledger:
        for _time in range(times):
            primary = healthy_primary(cluster)
            ledger.wait_for(WRITES)
            fault.happens(cluster, primary)
            ledger.wait_for(WRITES)
    failovers = healthy_primary(cluster).timeline() - before
    result = ledger.result(fault.name, times=times, note=f"{failovers} failovers")
    result.must_hold()
    assert failovers >= times
    # In the short form on a machine that does other things too, only that it ends.
    assert result.longest_gap <= fault.longest_gap * (1 if FULL else 2), result


@pytest.mark.full
def test_writes_go_on_without_etcd(cluster: Cluster, api_key: str) -> None:
    """`failsafe_mode`: the primary goes on while every member answers it."""
    before = healthy_primary(cluster)
    with Ledger(cluster.origin, api_key) as ledger:
        for process in cluster.etcd_processes:
            process.kill()
        time.sleep(40 if FULL else 25)  # longer than ttl, after which a primary would resign
        ledger.wait_for(WRITES)
        for process in cluster.etcd_processes:
            process.start()
        ledger.wait_for(WRITES)
    assert healthy_primary(cluster) is before
    result = ledger.result("all of etcd is lost for longer than ttl").must_hold()
    assert result.longest_gap <= PROCESS_GAP, result


# --- Controls ------------------------------------------------------------------------------------


@contextmanager
def configured(cluster: Cluster, **settings: bool) -> Iterator[None]:
    """The cluster with other values of settings that are true."""
    healthy_primary(cluster).configure(settings)
    try:
        yield
    finally:
        wait_for(lambda: cluster.primary() is not None, "a primary", 90)
        primary = cluster.primary()
        assert primary is not None
        primary.configure(dict.fromkeys(settings, True))
        cluster.wait_until_healthy()


def test_control_asynchronous_replication_loses_writes(cluster: Cluster, api_key: str) -> None:
    fault = "asynchronous; replication hangs, then the primary's node is lost"
    with configured(cluster, synchronous_mode=False, synchronous_mode_strict=False):
        wait_for(lambda: cluster.synchronous_standby() is None, "no synchronous standby")
        primary = cluster.primary()
        assert primary is not None
        with Ledger(cluster.origin, api_key, threads=2) as ledger:
            hang_replication(primary)
            ledger.wait_for(30)  # less than what Patroni accepts as lag of the next primary
            primary.kill()
            wait_for(lambda: cluster.primary() not in (None, primary), "another primary", 90)
        primary.start(cluster.etcd)
        result = ledger.result(fault, control=True)
    assert result.lost > 0, result


@pytest.mark.full
def test_control_without_failsafe_mode_writes_end_with_etcd(cluster: Cluster, api_key: str) -> None:
    with configured(cluster, failsafe_mode=False), Ledger(cluster.origin, api_key) as ledger:
        for process in cluster.etcd_processes:
            process.kill()
        time.sleep(40)
        for process in cluster.etcd_processes:
            process.start()
        ledger.wait_for(1)
    result = ledger.result("all of etcd is lost, without failsafe_mode", control=True)
    assert result.longest_gap > PROCESS_GAP, result
