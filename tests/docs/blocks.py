"""The fenced blocks of README.md and docs/, and the commands in them.

A block of `sh` has commands. In a block of `console` lines that begin with `$` are commands, and
what each prints stands below it. A block that cannot run in the tests begins with `# Not tested:`
and why; one that another test runs, with `# Tested elsewhere:` and which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCED = re.compile(r"^( *)```([^\n]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
NOT_TESTED = re.compile(r"# (?:Not tested|Tested elsewhere): (\S.*\.)\n")


@dataclass(frozen=True)
class Block:
    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def has_commands(self) -> bool:
        return self.language in {"sh", "console"}

    @property
    def not_tested(self) -> str | None:
        """Why it is not tested here, if it says so."""
        said = NOT_TESTED.match(self.text)
        return said[1] if said else None

    def commands(self) -> Iterator[tuple[str, str]]:
        """Each command, and what it prints as far as that is shown."""
        text = self.text.replace("\\\n", " ")
        if self.language == "sh":
            for line in text.splitlines():
                if line and not line.startswith("#"):
                    yield line, ""
        else:
            for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                yield command, shown.strip()


def blocks() -> list[Block]:
    return [
        Block(
            str(page.relative_to(ROOT)),
            text[: found.start()].count("\n") + 1,
            found[2].strip(),
            dedent(found[3]),
        )
        for page in PAGES
        for text in [page.read_text("utf-8")]
        for found in FENCED.finditer(text)
    ]
