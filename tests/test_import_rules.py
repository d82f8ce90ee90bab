"""The import rules of pyproject.toml hold."""

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_imports_point_down_and_contracts_never_meet() -> None:
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS
