"""`make lint` holds the OpenAPI documents against the rules of Redocly and of Spectral."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import lint_openapi
from tests.clients.environments import node_modules
from tests.lint_openapi import DOCUMENTS, LOCK


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_without_node_it_says_so_and_fails_in_ci_alone(
    ci: str,
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", ci)

    assert lint_openapi.main() == status
    assert "were not linted: there is no Node.js with npm" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.xdist_group("clients")
def test_control_what_is_wrong_with_a_document_is_found_by_both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    node_modules(str(LOCK.with_suffix("")))  # skips where they cannot be had
    vatly = json.loads((DOCUMENTS / "vatly.json").read_text("utf-8"))
    del vatly["servers"], vatly["tags"]
    (tmp_path / "vatly.json").write_text(json.dumps(vatly), "utf-8")

    assert lint_openapi.main(tmp_path) == 1
    found = capsys.readouterr().err
    assert "no-empty-servers" in found  # Redocly's
    assert "operation-tag-defined" in found  # Spectral's
