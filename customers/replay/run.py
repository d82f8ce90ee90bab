"""Replays a recording: prepares, sends in order, compares, and reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from secrets import token_hex

from django.db import transaction
from django.utils import timezone

from customers.models import Mode, Organization
from customers.models.credential import Actor, Tenant
from customers.models.history import acting
from customers.replay.comparing import Comparison
from customers.replay.ids import Ids
from customers.replay.masking import Mask
from customers.replay.preparing import Before, Preparation, resource_at, shown_before
from customers.replay.report import Report
from customers.replay.selection import LeftOut, select
from customers.replay.sending import Sender, undisturbed
from customers.rest.contract import Contract
from customers.rest.traffic import Exchange

_ACTOR = Actor("command", "replay", "manage.py replay")


def replay(
    recording: Iterable[Exchange],
    contract: Contract,
    *,
    organization: str | None = None,
    dry_run: bool = False,
    base: str | None = None,
) -> Report:
    """Replay a recording, which is read twice, in the test data of an organization.

    It is a new one if none is named. With `dry_run` all is one transaction that is rolled back.
    """
    before = shown_before(contract, _selected(recording, contract, base))  # reads the whole file
    with undisturbed(), transaction.atomic() if dry_run else nullcontext():
        report = Report(contract, _named(organization), dry_run)
        _replay(recording, before, report, base)
        if dry_run:
            transaction.set_rollback(True)
    return report


def _named(slug: str | None) -> Organization:
    """The organization of this slug, or a new one."""
    if slug is None:
        slug = f"replay-{timezone.now():%Y%m%d-%H%M%S}-{token_hex(3)}"
    found = Organization.objects.filter(slug=slug).first()
    if found is None:
        found = Organization(slug=slug, name=slug.replace("-", " ").title())
        found.full_clean()
        with acting(_ACTOR):
            found.save(force_insert=True)
    return found


def _replay(
    recording: Iterable[Exchange], before: Iterable[Before], report: Report, base: str | None
) -> None:
    contract, organization = report.contract, report.organization
    ids = Ids(contract.traffic)
    preparation = Preparation(contract, Tenant(organization.pk, Mode.TEST), ids)
    with acting(_ACTOR):
        preparation.store(before)
        sender = Sender(contract, organization, ids)
    report.prepared, report.not_prepared = preparation.stored, preparation.refused
    try:
        comparison, mask = Comparison(contract, ids), Mask(contract)
        for exchange in recording:
            chosen = _known(select(exchange, contract, base), contract, ids)
            if isinstance(chosen, LeftOut):
                report.left_out[chosen] += 1
                continue
            answer = sender.send(chosen)
            report.sent += 1
            for difference in comparison.differences(chosen, answer):
                report.add(chosen, difference, mask)
    finally:
        if not report.dry_run:  # it takes them back with all else
            with acting(_ACTOR):
                sender.revoke()


def _selected(
    recording: Iterable[Exchange], contract: Contract, base: str | None
) -> Iterator[Exchange]:
    for exchange in recording:
        if not isinstance(chosen := select(exchange, contract, base), LeftOut):
            yield chosen


def _known(chosen: Exchange | LeftOut, contract: Contract, ids: Ids) -> Exchange | LeftOut:
    """The exchange, unless it succeeded with something that cannot be here."""
    if isinstance(chosen, LeftOut) or chosen.status >= 300:
        return chosen
    place = resource_at(contract, chosen.path)
    named = [place[1].get(name) for name in ("id", "customer")] if place else []
    return chosen if all(id is None or ids.is_known(id) for id in named) else LeftOut.UNKNOWN
