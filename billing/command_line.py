"""Django's command line, as `manage.py`, `python -m billing` and `customer-registry` run it."""

import os
import sys
from pathlib import Path
from typing import NoReturn

from django.core.management import execute_from_command_line


def only_prints_help(arguments: list[str]) -> bool:
    """Whether Django, given these, only prints a help text or a version.

    An option counts only directly after the command: there it cannot be another option's value
    (`shell --command --help`), and the parser acts on it before it reads on.
    """
    match arguments:
        case [] | ["help" | "version", *_] | ["--help" | "-h" | "--version"]:
            return True
        case [_, "--help" | "-h" | "--version", *_]:
            return True
        case _:
            return False


def become_double(arguments: list[str]) -> NoReturn:
    """Go on as the test double, which takes nothing from the folder that it is started in.

    There is another project, with settings, and perhaps packages of these names, of its own.
    """
    double = [sys.executable, "-P", "-m", "billing.double", *arguments]
    here = str(Path(__file__).resolve().parent.parent)
    os.execve(double[0], double, {**os.environ, "PYTHONPATH": here})  # noqa: S606 (no shell)


def main() -> None:
    """Run the command that the process's arguments name."""
    program, *arguments = sys.argv
    if arguments[:1] == ["double"]:
        become_double(arguments[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing.settings")
    if only_prints_help(arguments):
        # Django needs settings to find the commands, and with DEBUG each has a default.
        os.environ["DEBUG"] = "1"
    if Path(program).name == "__main__.py":
        program = "python -m billing"  # Django would call it `python -m django`
    execute_from_command_line([program, *arguments])
