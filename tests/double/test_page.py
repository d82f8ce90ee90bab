"""The page of the documentation names everything that a double has, and nothing else."""

from __future__ import annotations

import re
from dataclasses import fields

from billing.double.credentials import API_KEYS, OAUTH_CLIENTS
from billing.double.faults import Fault, Kind
from billing.double.personas import CAST
from customers.rest.contract import contracts
from tests.copies import ROOT

PAGE = (ROOT / "docs" / "test-double.md").read_text("utf-8")


def section(title: str) -> str:
    """What stands below a heading."""
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def quoted(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def test_the_page_names_every_persona() -> None:
    named = quoted(section("Personas").partition("\n- ")[2])

    assert named - {"…_2", "…_5"} == {name for name in CAST if not name[-1].isdigit()}


def test_the_page_names_every_key_and_every_oauth_client() -> None:
    table, _, below = section("Credentials").rpartition("|\n")

    assert quoted(table) == API_KEYS.keys()
    assert quoted(below) - {"id", "secret"} == OAUTH_CLIENTS.keys()


def test_the_page_names_every_fault_and_what_it_can_be_for() -> None:
    faults = section("Faults")

    assert set(re.findall(r"^\| `([^`]+)`", faults, re.MULTILINE)) == set(Kind)
    assert {field.name for field in fields(Fault)} <= quoted(faults)
    assert {contract.slug for contract in contracts()} <= quoted(faults)
