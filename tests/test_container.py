"""The Containerfile and compose.yaml fit the tree, the settings and the server they start.

No image is built here; what they name is checked to be there and to mean what they take it for.
"""

from __future__ import annotations

import ast
import importlib.metadata
import json
import re
import shlex
import tomllib
from functools import cache
from typing import Any

import yaml
from django.test import Client
from django.utils.module_loading import import_string

from billing import healthcheck
from billing.management.commands import serve
from billing.server import server
from tests.copies import ROOT, project_files

# Of the official image of PostgreSQL.
POSTGRES = {"POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"}
README = (ROOT / "README.md").read_text("utf-8")


def settings_variables() -> set[str]:
    """What settings.py reads: the first argument of each `env.….("NAME", …)`."""
    tree = ast.parse((ROOT / "billing" / "settings.py").read_text("utf-8"))
    return {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


@cache
def stages() -> list[list[tuple[str, str]]]:
    """The instructions of each stage of the Containerfile, with their arguments."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Containerfile").read_text("utf-8"), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    instructions = [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines if line.strip()]
    starts = [at for at, (word, _) in enumerate(instructions) if word == "FROM"]
    ends = [*starts[1:], len(instructions)]
    return [instructions[start:end] for start, end in zip(starts, ends, strict=True)]


def last(word: str) -> list[str]:
    """The arguments of an instruction in the stage that becomes the image."""
    return [arguments for found, arguments in stages()[-1] if found == word]


def copied() -> set[str]:
    """What the first stage takes from the tree."""
    sources: set[str] = set()
    for word, arguments in stages()[0]:
        if word == "COPY":
            sources.update(arguments.split()[:-1])
    return sources


@cache
def compose() -> Any:
    return yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def command() -> list[str]:
    (arguments,) = last("CMD")
    words: list[str] = json.loads(arguments)  # the form that starts no shell
    return words


# --- The image -----------------------------------------------------------------------------------


def test_what_it_copies_is_in_the_tree_and_not_ignored() -> None:
    tops = {name.split("/")[0] for name in project_files()}
    lines = (ROOT / ".containerignore").read_text("utf-8").splitlines()
    admitted = {line.removeprefix("!") for line in lines if line.startswith("!")}

    assert "*" in lines
    assert copied() <= tops
    assert copied() == admitted


def test_all_that_the_wheel_is_made_of_is_copied() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]["include"]
    needed = {path.strip("/").split("/")[0] for path in wheel}

    assert needed | {"pyproject.toml", project["project"]["readme"]} <= copied()


def test_the_requirements_it_installs_are_copied_and_have_hashes() -> None:
    runs = " ".join(arguments for word, arguments in stages()[0] if word == "RUN")
    files = re.findall(r"(?:-r|--build-constraint) (\S+)", runs)

    assert files == ["requirements.txt", "requirements-dev.txt"]
    assert set(files) <= copied()
    assert "--require-hashes" in runs
    for file in files:
        assert "--hash=sha256:" in (ROOT / file).read_text("utf-8")


def test_the_build_backend_and_what_it_needs_are_pinned_with_hashes() -> None:
    lock = (ROOT / "requirements-dev.txt").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (backend,) = project["build-system"]["requires"]
    name = re.split(r"\W", backend)[0]
    needed = [
        re.split(r"[^\w.-]", requirement)[0]
        for requirement in importlib.metadata.requires(name) or []
        if ";" not in requirement
    ]

    assert len(needed) >= 3
    for each in (name, *needed):
        assert re.search(rf"^{each}==\S+ (?:; \S.*)?\\\n +--hash=sha256:", lock, re.MULTILINE), each


def test_the_image_has_no_compiler_and_runs_as_nobody_in_particular() -> None:
    runs = " ".join(last("RUN"))

    assert len(stages()) == 2
    assert not re.search(r"\b(apt|apt-get|gcc|pip)\b", runs)
    (user,) = last("USER")
    assert int(user) > 999
    assert f"--uid {user}" in runs
    assert last("STOPSIGNAL") == ["SIGTERM"]


def test_its_command_is_the_readmes_and_the_server_understands_it() -> None:
    program, name, *options = command()
    (line,) = [line for line in README.splitlines() if line.startswith("manage.py serve")]
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    asked = serve.Command().create_parser(program, name).parse_args(options)

    made = server(asked.host, asked.port, asked.workers)

    assert command()[1:] == shlex.split(line)[1:]
    assert scripts.keys() == {program}
    assert (made.bind_addr, made.workers) == ("0.0.0.0", 4)
    assert [str(made.bind_port)] == last("EXPOSE")
    assert made.bind_port == healthcheck.PORT


def test_its_files_are_where_the_build_collects_them() -> None:
    (variables,) = last("ENV")
    set_here = dict(pair.split("=", 1) for pair in variables.split())
    (collecting,) = [run for word, run in stages()[0] if word == "RUN" and "collectstatic" in run]
    set_there = dict(pair.split("=", 1) for pair in collecting.split() if "=" in pair)

    assert set_here.keys() - {"PATH", "PYTHONUNBUFFERED"} == {"STATIC_ROOT"}
    assert set_there.keys() <= settings_variables()
    assert set_here["STATIC_ROOT"] == set_there["STATIC_ROOT"]


def test_its_health_check_asks_for_what_reads_no_database(client: Client) -> None:
    (arguments,) = last("HEALTHCHECK")
    words = json.loads(arguments.partition("CMD ")[2])

    assert words == ["python", "-m", healthcheck.__name__]
    assert client.get(healthcheck.PATH).status_code == 200


# --- compose.yaml --------------------------------------------------------------------------------


def services_of_the_image() -> dict[str, Any]:
    return {name: service for name, service in compose()["services"].items() if "build" in service}


def test_its_services_are_the_database_the_migration_the_server_and_the_webhooks() -> None:
    services = compose()["services"]

    assert services.keys() == {"database", "migrate", "web", "webhooks"}
    assert services_of_the_image().keys() == {"migrate", "web", "webhooks"}
    for service in services_of_the_image().values():
        assert (ROOT / service["build"]["dockerfile"]).is_file()
    for name in ("web", "webhooks"):
        assert services[name]["depends_on"] == {
            "database": {"condition": "service_healthy"},
            "migrate": {"condition": "service_completed_successfully"},
        }
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["database"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert services["migrate"]["restart"] == "no"


def test_every_variable_is_one_that_is_read() -> None:
    for service in services_of_the_image().values():
        assert service["environment"].keys() <= settings_variables()
    assert compose()["services"]["database"]["environment"].keys() == POSTGRES
    used = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text("utf-8")))
    assert used <= settings_variables() | POSTGRES


def test_without_a_secret_it_does_not_start() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")

    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "POSTGRES_PASSWORD"):
        uses = re.findall(rf"\$\{{{name}\b(..)", text)
        assert uses, name
        assert set(uses) == {":?"}, name
    for service in services_of_the_image().values():
        assert {"SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"} <= service["environment"].keys()
        assert "DEBUG" not in service["environment"]


def test_its_database_is_the_one_it_makes() -> None:
    services = compose()["services"]
    made = services["database"]["environment"]
    password = made["POSTGRES_PASSWORD"]

    url = f"postgresql://{made['POSTGRES_USER']}:{password}@database:5432/{made['POSTGRES_DB']}"
    assert services["web"]["environment"]["DATABASE_URL"] == url
    assert "ports" not in services["database"]
    (volume,) = services["database"]["volumes"]
    assert volume.split(":")[0] in compose()["volumes"]


def test_it_is_published_to_this_machine_only() -> None:
    (published,) = compose()["services"]["web"]["ports"]
    host, _, rest = published.partition(":")

    assert host == "127.0.0.1"
    assert [rest.rpartition(":")[2]] == last("EXPOSE")


def test_the_migration_is_a_command_of_the_product() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    name, *arguments = compose()["services"]["migrate"]["command"]

    assert callable(import_string(project["project"]["scripts"][name].replace(":", ".")))
    assert arguments == ["migrate"]


# --- Settings ------------------------------------------------------------------------------------


def test_the_documentation_lists_every_variable_that_the_settings_read() -> None:
    page = (ROOT / "docs/settings.md").read_text("utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)

    assert sorted(listed) == sorted(settings_variables())
