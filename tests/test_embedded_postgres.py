"""The private PostgreSQL: started, shared, stopped and started again, by root and by others."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from tests.checkouts import NOBODY, Checkout, Refused, eventually, installed, users

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(installed() is None, reason="the private PostgreSQL is not installed"),
]

Make = Callable[..., Checkout]
# What is the same for all is tried with one.
by_one_user = pytest.mark.parametrize("uid", users()[:1], indirect=True)
by_root_if_possible = pytest.mark.parametrize("uid", users()[-1:], indirect=True)


@pytest.fixture(params=users())
def uid(request: pytest.FixtureRequest) -> int:
    return 0 if request.param == "root" else os.geteuid() or NOBODY


@pytest.fixture
def make(uid: int) -> Iterator[Make]:
    """Makes checkouts, and removes them with their servers."""
    made: list[Checkout] = []
    # pytest's own folders are closed to other users than the one who runs it.
    folder = Path(tempfile.mkdtemp(prefix="checkouts-"))
    os.chown(folder, uid, -1)

    def make(name: str = "checkout") -> Checkout:
        made.append(Checkout(folder / name, uid))
        return made[-1]

    try:
        yield make
    finally:
        for checkout in reversed(made):
            checkout.remove()
        shutil.rmtree(folder)


@pytest.fixture
def checkout(make: Make) -> Checkout:
    return make()


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


# --- The command ----------------------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """A checkout that the management command is pointed to; it runs as whoever runs the tests."""
    checkout = Checkout(tmp_path / "checkout", os.geteuid())
    settings.BASE_DIR = checkout.path
    monkeypatch.setitem(django_settings.DATABASES["default"], "ENGINE", "billing.embedded_postgres")
    return checkout


def command(action: str) -> str:
    output = StringIO()
    call_command("embedded_postgres", action, stdout=output)
    return output.getvalue().strip()


def test_the_command_starts_shows_stops_and_deletes(copy: Checkout) -> None:
    try:
        assert command("status") == "stopped"
        assert command("start") == "running"
        assert command("status") == "running"
        with psycopg.connect(command("url")) as connection:
            assert connection.execute("SELECT 42").fetchone() == (42,)
        assert command("stop") == "stopped"
        assert command("status") == "stopped"
        assert command("start") == "running"
        assert command("reset") == "deleted"
        assert command("status") == "stopped"
    finally:
        copy.remove()


def test_the_command_shows_in_a_sentence_what_is_in_the_way(copy: Checkout) -> None:
    copy.runtime.mkdir(mode=0o755)
    try:
        with pytest.raises(CommandError, match="only this user can enter"):
            command("start")
    finally:
        copy.remove()


def test_the_command_leaves_another_database_alone(
    copy: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = "django.db.backends.postgresql"
    monkeypatch.setitem(django_settings.DATABASES["default"], "ENGINE", engine)

    with pytest.raises(CommandError, match="DATABASE_URL"):
        command("reset")
