"""Which requests meet a fault, and how a fault is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from billing.double.faults import Fault, Faults, Kind, UnknownFault

SLUGS = ["lago", "vatly"]


def test_a_fault_is_for_the_next_request_of_any_contract() -> None:
    fault = Fault.read("unavailable", SLUGS)

    assert fault == Fault(Kind.UNAVAILABLE)
    assert fault.is_for("lago", "POST", "/api/v1/customers")


def test_a_fault_is_read_with_all_that_it_is_for() -> None:
    fault = Fault.read("slow-body:contract=lago,method=post,path=/api,times=3,seconds=0.5", SLUGS)

    assert fault == Fault(Kind.SLOW_BODY, "lago", "POST", "/api", 3, 0.5)


@pytest.mark.parametrize(
    ("request_", "meets"),
    [
        (("lago", "POST", "/api/v1/customers"), True),
        (("lago", "POST", "/api/v1/customers/x"), True),
        (("lago", "GET", "/api/v1/customers"), False),
        (("vatly", "POST", "/api/v1/customers"), False),
        (("lago", "POST", "/api/v1/other"), False),
    ],
)
def test_a_request_meets_it_by_contract_method_and_the_beginning_of_its_path(
    request_: tuple[str, str, str],
    meets: bool,  # noqa: FBT001
) -> None:
    fault = Fault(Kind.TIMEOUT, "lago", "POST", "/api/v1/customers")

    assert fault.is_for(*request_) is meets


def test_a_fault_comes_as_often_as_asked_and_those_asked_for_first_come_first() -> None:
    faults = Faults()
    faults.add(Fault(Kind.UNAVAILABLE, "lago", times=2))
    faults.add(Fault(Kind.TIMEOUT))

    met = [faults.take(slug, "GET", "/") for slug in ("lago", "vatly", "lago", "lago")]

    assert [fault and fault.kind for fault in met] == [
        Kind.UNAVAILABLE,
        Kind.TIMEOUT,
        Kind.UNAVAILABLE,
        None,
    ]


def test_faults_are_forgotten() -> None:
    faults = Faults()
    faults.add(Fault(Kind.UNAVAILABLE))
    faults.clear()

    assert faults.described() == []
    assert faults.take("lago", "GET", "/") is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "The kind of a fault is one of rate-limited, "),
        ({"kind": "explosion"}, "The kind of a fault is one of rate-limited, "),
        ({"kind": "timeout", "contract": "stripe"}, "The contract is one of lago, vatly."),
        ({"kind": "timeout", "often": 2}, "A fault has no 'often', but contract, kind, "),
        ({"kind": "timeout", "method": 1}, "The method is a text."),
        ({"kind": "timeout", "path": ["/"]}, "The path is a text."),
        ({"kind": "timeout", "times": 0}, "The times are a whole number, 1 or more."),
        ({"kind": "timeout", "times": True}, "The times are a whole number, 1 or more."),
        ({"kind": "timeout", "seconds": -1}, "The seconds are a number from 0 to 3600."),
        ({"kind": "timeout", "seconds": "1"}, "The seconds are a number from 0 to 3600."),
    ],
)
def test_what_is_no_fault_is_refused_with_what_would_be_one(
    given: dict[str, Any], said: str
) -> None:
    with pytest.raises(UnknownFault) as refused:
        Fault.of(given, SLUGS)

    assert str(refused.value).startswith(said)


@pytest.mark.parametrize("text", ["", "timeout:times=two", "timeout:seconds=soon", "timeout:lago"])
def test_a_text_is_refused_as_an_object_is(text: str) -> None:
    with pytest.raises(UnknownFault):
        Fault.read(text, SLUGS)
