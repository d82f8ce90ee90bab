"""Clients that are generated from the OpenAPI documents type-check, and the registry's work."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from customers.rest.contract import contracts
from tests.clients.conftest import LiveServer
from tests.clients.environments import HERE, environment, node_modules
from tests.copies import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("clients")]

DOCUMENTS = {each.slug: ROOT / "fixtures" / "openapi" / f"{each.slug}.json" for each in contracts()}
TSCONFIG = {
    "compilerOptions": {
        "strict": True,
        "exactOptionalPropertyTypes": True,
        "noUncheckedIndexedAccess": True,
        "module": "nodenext",
        "target": "es2022",
        "lib": ["es2022", "dom", "dom.iterable"],
        "types": [],
    }
}


def run(*command: str | Path, cwd: Path, **variables: str) -> str:
    """What a command prints; it must succeed."""
    done = subprocess.run(
        command,
        check=False,
        cwd=cwd,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def each_document(generate: Callable[[str, Path], str]) -> list[str]:
    """What `generate` gave for each contract."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(generate, DOCUMENTS, DOCUMENTS.values()))


@pytest.fixture(scope="module")
def python_clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package for each contract, and the driver of the registry's."""
    folder = tmp_path_factory.mktemp("python")
    programs = environment("openapi-python-client-0.28.3").parent
    # As it comes from the generator: its default is to have ruff mend and format it.
    (folder / "config.yaml").write_text("post_hooks: []", "utf-8")

    def generate(slug: str, document: Path) -> str:
        target = f"{slug.replace('-', '_')}_client"
        options = ("--meta", "none", "--config", "config.yaml", "--path", document)
        command = (programs / "openapi-python-client", "generate", *options)
        return run(*command, "--output-path", target, cwd=folder)

    told = each_document(generate)
    assert not any("arning" in text for text in told), told
    driver = folder / "drive_generated.py"
    driver.write_bytes((HERE / driver.name).read_bytes())
    return folder


@pytest.fixture(scope="module")
def typescript_clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the types of each contract, and the driver of the registry's."""
    folder = tmp_path_factory.mktemp("typescript")
    modules = node_modules("openapi-typescript-7.13.0")
    (folder / "node_modules").symlink_to(modules)
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    (folder / "tsconfig.json").write_text(json.dumps(TSCONFIG), "utf-8")

    def generate(slug: str, document: Path) -> str:
        program = modules / ".bin" / "openapi-typescript"
        return run(program, document, "--output", f"{slug}.ts", cwd=folder)

    each_document(generate)
    driver = folder / "drive_generated.ts"
    driver.write_bytes((HERE / driver.name).read_bytes())
    run(modules / ".bin" / "tsc", cwd=folder)  # checks, and writes JavaScript
    return folder


def test_python_clients_of_all_contracts_type_check(python_clients: Path) -> None:
    mypy = environment("openapi-python-client-0.28.3").with_name("mypy")

    run(mypy, "--strict", "--cache-dir", os.devnull, ".", cwd=python_clients)


def test_control_a_wrong_type_is_found(python_clients: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("from registry_client.models import CustomerWrite\nCustomerWrite(name=5)\n")
    mypy = environment("openapi-python-client-0.28.3").with_name("mypy")

    with pytest.raises(AssertionError, match='"name" to "CustomerWrite" has incompatible type'):
        run(mypy, "--strict", wrong, cwd=tmp_path, MYPYPATH=str(python_clients))


@pytest.fixture(params=["python", "typescript"])
def program(request: pytest.FixtureRequest) -> Sequence[str | Path]:
    """What runs the driver of a client."""
    folder: Path = request.getfixturevalue(f"{request.param}_clients")
    if request.param == "python":
        return (environment("openapi-python-client-0.28.3"), folder / "drive_generated.py")
    return ("node", folder / "drive_generated.js")


def test_it_creates_patches_lists_and_pages(
    program: Sequence[str | Path], live: LiveServer, key: str, tmp_path: Path
) -> None:
    seen = json.loads(run(*program, f"{live.url}/", key, cwd=tmp_path))

    assert seen == {
        "created": ["One", 1, True],
        "changed": ["Ulm", None, 2],
        "found": ["Ulm", 2],
        "rehearsed": ["updated", "Bonn"],
        "refused": [412, 422, "#/country"],
        "listed": ["Five", "Four", "Three", "Two"],
        "pages": [["Five", "Four"], ["Three", "Two"], ["One"]],
    }
