"""The wheel in a new environment, and the suite of another project there that uses the plugin."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.copies import ROOT
from tests.wheels import build, install

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("double")]

PAGE = (ROOT / "docs" / "test-double.md").read_text("utf-8")

# The project is a Django project that has the registry's names, and settings that it would refuse.
SETTINGS = (
    'SECRET_KEY = "shop"\nDATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}\n'
)
USES_BOTH = """
import billing


def test_the_project_has_its_own_packages_and_settings(customer_registry, settings):
    assert (billing.NAME, settings.SECRET_KEY) == ("of the shop", "shop")
    assert customer_registry.ask("GET", "health") == {"status": "ok"}


def test_each_worker_has_a_registry_of_its_own(customer_registry, worker_id):
    print(f"{worker_id}: {customer_registry.url}")
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plugin")
    return install(build(folder), folder / "environment")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose suite is that of the documentation."""
    (suite,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "test_shop.py").write_text(suite, "utf-8")
    return tmp_path


def run(python: Path, project: Path, caches: Path, *options: str) -> str:
    done = subprocess.run(
        [python, "-m", "pytest", "-v", "-p", "no:randomly", *options],
        check=False,
        cwd=project,
        env={"PATH": "/usr/bin:/bin", "HOME": str(project), "XDG_CACHE_HOME": str(caches)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_suite_of_the_documentation_passes(python: Path, project: Path, caches: Path) -> None:
    assert "2 passed" in run(python, project, caches, "-p", "no:django", "-p", "no:xdist")


def test_a_django_project_of_the_same_names_uses_it_with_two_workers(
    python: Path, project: Path, caches: Path
) -> None:
    (project / "billing").mkdir()
    (project / "billing" / "__init__.py").write_text('NAME = "of the shop"\n')
    (project / "shop_settings.py").write_text(SETTINGS)
    (project / ".env").write_text("DATABASE_URL=mysql://shop@db/shop\nDEBUG=perhaps\n")
    (project / "test_both.py").write_text(USES_BOTH)

    printed = run(
        *(python, project, caches, "--ds", "shop_settings"),
        *("-n", "2", "--dist", "each", "-rP", "test_both.py"),
    )

    assert "4 passed" in printed
    urls = dict(re.findall(r"^(gw\d): (http://\S+)$", printed, re.MULTILINE))
    assert set(urls) == {"gw0", "gw1"}
    assert urls["gw0"] != urls["gw1"]
