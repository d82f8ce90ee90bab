"""Memory does not grow with the rows of a file."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterable

import pytest
from django.conf import settings

from customers.imports.apply import apply
from customers.imports.check import check
from customers.imports.export import export
from customers.models import Customer, CustomerImport, Organization
from tests.imports.support import SARA, uploaded

pytestmark = pytest.mark.slow


def peak(work: Callable[[], Iterable[object]]) -> int:
    tracemalloc.start()
    try:
        for _part in work():
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def file(count: int) -> bytes:
    rows = (f"x-{count}-{number},Company {number},Berlin,DE\n" for number in range(count))
    return ("external_id,name,city,country\n" + "".join(rows)).encode()


def checking(found: CustomerImport) -> int:
    return peak(lambda: check(found.pk))


def applying(found: CustomerImport) -> int:
    list(check(found.pk))
    return peak(lambda: apply(found.pk, SARA))


def exporting(found: CustomerImport) -> int:
    list(check(found.pk))
    list(apply(found.pk, SARA))
    return peak(lambda: export(Customer.objects.filter(external_id__startswith=found.file_name)))


@pytest.mark.parametrize(("step", "few"), [(checking, 5000), (applying, 2000), (exporting, 2000)])
def test_four_times_the_rows_take_no_more_memory(
    acme: Organization, step: Callable[[CustomerImport], int], few: int
) -> None:
    assert not settings.DEBUG  # or Django would keep every query

    small, large = (
        step(uploaded(acme, file(count), name=f"x-{count}")) for count in (few, 4 * few)
    )

    assert large < small * 1.3
