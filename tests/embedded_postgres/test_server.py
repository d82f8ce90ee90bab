"""The private PostgreSQL: started, shared, stopped and started again, by root and by others."""

from __future__ import annotations

import os
import shutil
import signal
import stat
from pathlib import Path

import psycopg
import pytest

from customers.checks import REQUIRED_EXTENSIONS
from tests.checkouts import (
    NOBODY,
    Checkout,
    Make,
    Refused,
    by_one_user,
    by_root_if_possible,
    eventually,
    needs_programs,
)

pytestmark = [needs_programs, pytest.mark.slow]


def test_a_used_server_answers_and_a_second_use_changes_nothing(checkout: Checkout) -> None:
    user = checkout.user()
    user.do("use")
    first = checkout.postmaster()

    user.do("use")
    checkout.user().do("use")

    assert checkout.postmaster() == first
    assert checkout.query("SELECT current_database() || ' ' || current_user") == "billing billing"
    assert user.do("is_listening") == "True"


def test_the_server_is_closed_to_all_others(checkout: Checkout, uid: int) -> None:
    checkout.user().do("use")

    assert checkout.query("SHOW listen_addresses") == ""
    assert stat.S_IMODE(checkout.runtime.stat().st_mode) == 0o700
    assert stat.S_IMODE(checkout.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((checkout.path / ".postgres").stat().st_mode) == 0o700
    owner = Path(f"/proc/{checkout.postmaster()}").stat().st_uid
    assert owner == checkout.runtime.stat().st_uid != 0
    links = [str(fd.readlink()) for fd in Path(f"/proc/{checkout.postmaster()}/fd").iterdir()]
    inodes = {link[len("socket:[") : -1] for link in links if link.startswith("socket:[")}
    for table in ("tcp", "tcp6"):
        listed = Path("/proc/net", table)
        lines = listed.read_text().splitlines()[1:] if listed.exists() else []
        assert not inodes & {line.split()[9] for line in lines}
    assert inodes


def test_processes_that_start_at_once_end_with_one_server(checkout: Checkout) -> None:
    users = [checkout.user() for _ in range(4)]
    for user in users:
        user.ask("use")

    assert [user.answer() for user in users] == ["None"] * 4
    assert checkout.is_listening()
    assert checkout.log.read_text().count("database system is ready to accept connections") == 1


@by_one_user
def test_two_checkouts_have_two_servers(make: Make) -> None:
    one, two = make("one"), make("two")
    for checkout in (one, two):
        checkout.user().do("use")
    one.query("CREATE TABLE mine (id int)")

    assert one.postmaster() != two.postmaster()
    assert one.runtime != two.runtime
    assert two.query("SELECT to_regclass('mine')") == "None"


@by_one_user
def test_the_server_stops_when_its_last_user_ends_and_keeps_its_data(checkout: Checkout) -> None:
    first, second, killed = checkout.user(), checkout.user(), checkout.user()
    for user in (first, second, killed):
        user.do("use")
    checkout.query("CREATE TABLE kept AS SELECT 42 AS answer")

    killed.kill()
    first.end()
    assert checkout.is_listening()
    second.end()

    assert eventually(lambda: not checkout.is_listening())
    assert not (checkout.data / "postmaster.pid").exists()
    checkout.user().do("use")
    assert checkout.query("SELECT answer FROM kept") == "42"


def test_a_killed_server_is_started_again_with_its_data(checkout: Checkout) -> None:
    user = checkout.user()
    user.do("use")
    checkout.query("CREATE TABLE kept AS SELECT 42 AS answer")
    killed = checkout.postmaster()

    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: not checkout.is_listening())
    user.do("use")

    assert checkout.postmaster() != killed
    assert checkout.query("SELECT answer FROM kept") == "42"


@by_one_user
def test_a_started_server_stays_until_it_is_stopped(checkout: Checkout) -> None:
    assert checkout.do("start") == "None"
    user = checkout.user()
    user.do("use")
    user.end()
    assert checkout.is_listening()

    checkout.do("stop")

    assert not checkout.is_listening()
    checkout.do("stop")  # what is stopped may be stopped again


@by_one_user
def test_a_reset_deletes_the_server_with_its_data(checkout: Checkout) -> None:
    checkout.do("start")

    checkout.do("reset")

    assert not checkout.runtime.exists()
    assert not (checkout.path / ".postgres").exists()
    checkout.do("reset")  # nothing is left to delete
    assert list(checkout.path.iterdir()) == []


@by_one_user
def test_a_half_made_data_folder_is_made_anew(checkout: Checkout, uid: int) -> None:
    checkout.do("start")
    checkout.do("stop")
    partial = checkout.data.with_name("data.partial")
    checkout.data.rename(partial)

    checkout.user().do("use")

    assert checkout.is_listening()
    assert not partial.exists()


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o707])
def test_a_runtime_folder_that_others_can_enter_is_refused(checkout: Checkout, mode: int) -> None:
    checkout.runtime.mkdir()
    owner = checkout.uid or NOBODY
    os.chown(checkout.runtime, owner, -1)
    checkout.runtime.chmod(mode)

    with pytest.raises(Refused, match="only this user can enter"):
        checkout.do("use")
    assert list(checkout.runtime.iterdir()) == []


def test_a_runtime_folder_that_is_a_link_is_refused(checkout: Checkout, tmp_path: Path) -> None:
    target = checkout.path / "elsewhere"
    target.mkdir(mode=0o700)
    os.chown(target, checkout.uid or NOBODY, -1)
    checkout.runtime.symlink_to(target)
    try:
        with pytest.raises(Refused, match="only this user can enter"):
            checkout.do("use")
        assert list(target.iterdir()) == []
    finally:
        checkout.runtime.unlink()


if os.geteuid() == 0:  # only root gives a folder to another user

    def test_a_runtime_folder_of_another_user_is_refused(checkout: Checkout) -> None:
        checkout.runtime.mkdir(mode=0o700)
        os.chown(checkout.runtime, 12345, -1)
        try:
            with pytest.raises(Refused, match="only this user can enter"):
                checkout.do("use")
        finally:
            checkout.runtime.rmdir()


@by_root_if_possible
def test_data_of_another_checkout_at_the_same_path_is_not_taken_over(checkout: Checkout) -> None:
    checkout.do("start")
    checkout.query("CREATE TABLE mine (id int)")
    checkout.do("stop")
    shutil.rmtree(checkout.path / ".postgres")

    checkout.user().do("use")

    assert checkout.query("SELECT to_regclass('mine')") == "None"


@by_root_if_possible
def test_a_checkout_in_a_closed_folder_is_served(make: Make) -> None:
    parent = make("closed").path
    parent.chmod(0o700)

    make("closed/checkout").user().do("use")

    assert stat.S_IMODE(parent.stat().st_mode) == 0o700


@by_one_user
def test_who_owns_a_database_may_create_the_extensions(checkout: Checkout) -> None:
    checkout.do("start")
    checkout.query("CREATE ROLE shopkeeper LOGIN")
    checkout.query("CREATE DATABASE shop OWNER shopkeeper")
    url = checkout.url.replace("//billing@/billing?", "//shopkeeper@/shop?")

    with psycopg.connect(url, autocommit=True) as connection:
        for name in REQUIRED_EXTENSIONS:
            connection.execute(f"CREATE EXTENSION {name}".encode())
        found = connection.execute("SELECT unaccent('Zoë')").fetchone()

    assert found == ("Zoe",)


@by_one_user
def test_a_trigram_search_finds_chinese_names(checkout: Checkout) -> None:
    checkout.do("start")
    checkout.query("CREATE EXTENSION pg_trgm")
    checkout.query("CREATE TABLE names AS SELECT '北京科技有限公司' AS name")
    checkout.query("INSERT INTO names VALUES ('上海贸易公司')")

    assert checkout.query("SELECT cardinality(show_trgm('北京'))") == "3"
    assert checkout.query("SELECT name FROM names WHERE '北京' <% name") == "北京科技有限公司"
