"""The import rules of pyproject.toml hold."""

import logging.config

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_imports_point_down_and_contracts_never_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    # Its own logging would disable every logger there is, for all tests that follow.
    monkeypatch.setattr(logging.config, "dictConfig", lambda _config: None)

    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS
