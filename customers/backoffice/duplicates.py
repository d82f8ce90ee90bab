"""The queue of possible duplicates: two customers side by side, and whether they are the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from customers.backoffice.customer_page import DETAILS
from customers.backoffice.pages import Page, read_uuid
from customers.insights.duplicates import next_pair, reasons
from customers.insights.figures import figures_of
from customers.models import Customer, NotDuplicate
from customers.models.base import label
from customers.values.addresses import address_lines

MANY = 100  # users or payment methods; they are not counted further


@dataclass(frozen=True, slots=True)
class Compared:
    """A field of both customers."""

    label: str
    older: str
    newer: str

    @property
    def differs(self) -> bool:
        return self.older != self.newer


class DuplicatesPage(Page):
    permission = "customers.view_customer"
    section = "duplicates"


class Queue(DuplicatesPage):
    """Redirects to the next pair: the first one, or the one after that of the query."""

    template_name = "backoffice/duplicates.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        figures = figures_of(self.scope.tenant)
        newer, older = (read_uuid(request.GET.get(name, "")) for name in ("newer", "older"))
        pair = next_pair(self.scope.tenant, newer, older) if figures else None
        if pair is not None:
            return self.go("duplicate", pair.newer.pk, pair.older.pk)
        is_start = newer is None
        return self.render(title=_("Possible duplicates"), figures=figures, is_start=is_start)


class ComparePair(DuplicatesPage):
    """Shows a pair field by field, and remembers that the two are not duplicates, or forgets it."""

    template_name = "backoffice/duplicate.html"

    def get(self, request: HttpRequest, id: UUID, other_id: UUID) -> HttpResponse:
        newer, older = self.pair(id, other_id)
        said = newer.not_duplicates.filter(other=older).first()
        return self.render(
            title=_("Are these the same customer?"),
            newer=newer,
            older=older,
            reasons=reasons(newer, older),
            fields=compare(older, newer),
            said=said,
        )

    def pair(self, id: UUID, other_id: UUID) -> tuple[Customer, Customer]:
        """Return the customers, the newer one first. Raises Http404."""
        if id == other_id:
            raise Http404
        one, other = self.customer(id), self.customer(other_id)
        return (one, other) if one.pk > other.pk else (other, one)


class NotDuplicates(ComparePair):
    """Remembers that a pair is not the same customer, and goes on to the next one."""

    permission = "customers.change_customer"

    def get(self, request: HttpRequest, id: UUID, other_id: UUID) -> HttpResponse:
        newer, older = self.pair(id, other_id)
        return self.go("duplicate", newer.pk, older.pk)  # signing in again ends here

    def post(self, request: HttpRequest, id: UUID, other_id: UUID) -> HttpResponse:
        newer, older = self.pair(id, other_id)
        here = self.scope.address("duplicate", newer.pk, older.pk)
        if "take_back" in request.POST:
            NotDuplicate.take_back(newer, older)
            self.succeed(_("They are possible duplicates again."))
            return self.go("duplicate", newer.pk, older.pk)
        NotDuplicate.say(newer, older, by=self.scope.user)
        names = {"one": newer, "other": older}
        self.succeed(_("%(one)s and %(other)s are not duplicates.") % names, undo=here)
        response = self.go("duplicates")
        response["Location"] += f"?newer={newer.pk}&older={older.pk}"
        return response


def compare(older: Customer, newer: Customer) -> list[Compared]:
    """Return each field that one of them has."""
    one, other = _shown(older), _shown(newer)
    fields = [Compared(name, one.get(name, ""), other.get(name, "")) for name in {**one, **other}]
    return [field for field in fields if field.older or field.newer]


def _shown(customer: Customer) -> dict[str, str]:
    """The fields of a customer by their labels."""
    metadata = label(Customer, "metadata")
    return {
        **{label(Customer, name): getattr(customer, name) or "" for name in DETAILS},
        _("Address"): "\n".join(address_lines(customer)),
        _("Users"): _count(customer.users),
        _("Payment methods"): _count(customer.payment_methods),
        _("Created"): date_format(localtime(customer.created_at), "j M Y"),
        **{f"{metadata}: {key}": text for key, text in customer.metadata.items()},
    }


def _count(rows: Any) -> str:
    found = len(rows.values("pk")[: MANY + 1])
    return f"{MANY}+" if found > MANY else str(found)
