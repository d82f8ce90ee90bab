"""The list of customers: search, filters, pages, and what is done to several at once."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.backoffice.columns import COLUMNS, chosen, remember
from customers.backoffice.curl import same_rows
from customers.backoffice.filters import CustomerFilters
from customers.backoffice.scope import Page
from customers.insights.figures import figures_of
from customers.models import Customer, Organization
from customers.models.keyset import Page as Cut
from customers.models.keyset import get_page
from customers.models.querysets import CustomerQuerySet, read_id
from customers.models.search import heading

ROWS = 50
SORTS = {
    "": gettext_lazy("Newest first"),
    "created": gettext_lazy("Oldest first"),
    "name": gettext_lazy("Name, A to Z"),
    "-name": gettext_lazy("Name, Z to A"),
}
ELSEWHERE = 20


class CustomerList(Page):
    permission = "customers.view_customer"
    template_name = "backoffice/customers.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        filters = CustomerFilters(request.GET, self.scope)
        readable = filters.is_valid()
        # Which are duplicates is looked for with the figures, and so may be an old answer.
        figures = figures_of(self.scope.tenant) if "duplicates" in filters.asked else None
        rows: CustomerQuerySet = filters.qs if readable else self.scope.customers.none()
        typed = (filters.form.cleaned_data.get("q") or "").strip()
        if typed and (found := self._by_id(typed)):
            return redirect("backoffice:anywhere", found)
        page = self._cut(rows)
        links = self._links(page)
        response = self.render(
            status=200 if readable else 400,
            title=_("Customers"),
            q=typed,
            form=filters.form,
            filters={name: value for name, value in filters.asked.items() if name != "q"},
            page=page,
            links=links,
            elsewhere=self._elsewhere(typed) if typed and not page.rows else [],
            in_archive=self._in_archive(typed) if typed and page.rows else 0,
            figures=figures,
            without_month=self._query(month=None),
            columns={name: COLUMNS[name] for name in chosen(request)},
            all_columns=COLUMNS,
            sorts=SORTS,
            sort=self._sort,
            first_query=self._query(),
            export_query=self._query(sort=None, column=None),
            curl=same_rows(None if links else filters.asked, page.rows, ROWS)
            if readable and page.rows
            else [],
        )
        remember(request, response)
        return response

    @property
    def _sort(self) -> str:
        asked = self.request.GET.get("sort", "")
        return asked if asked in SORTS else ""

    def _cut(self, rows: CustomerQuerySet) -> Cut[Customer]:
        return get_page(
            rows.select_related("default_payment_method"),
            limit=ROWS,
            after=self._cursor("after"),
            before=self._cursor("before"),
            newest_first=self._sort in ("", "-name"),
            by=heading() if self._sort.endswith("name") else None,
        )

    def _cursor(self, name: str) -> UUID | None:
        """The id in a parameter; nothing where it is none, which is the first page."""
        try:
            id = UUID(self.request.GET.get(name, ""))
        except ValueError:
            return None
        if self._sort.endswith("name") and not self.scope.customers.filter(pk=id).exists():
            return None  # the place of a name is its customer's, who must be one of ours
        return id

    def _links(self, page: Cut[Customer]) -> dict[str, str]:
        """The pages to either side, with search, filters and order as they are."""
        links = {}
        if page.rows and page.has_previous:
            links["previous"] = self._query(before=str(page.rows[0].pk))
        if page.rows and page.has_next:
            links["next"] = self._query(after=str(page.rows[-1].pk))
        return links

    def _query(self, **changed: str | None) -> str:
        """The query of this page with some of it changed, from its first page on."""
        query = self.request.GET.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        for name, value in changed.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return query.urlencode()

    def _by_id(self, typed: str) -> UUID | None:
        """The customer whose id was typed, in whichever organization and mode it is."""
        id = read_id(typed)
        if id is None:
            return None
        mine = Organization.objects.visible_to_staff(self.scope.user)
        return id if Customer.objects.filter(organization__in=mine, pk=id).exists() else None

    def _in_archive(self, typed: str) -> int:
        """How many archived customers the words find, where the list shows live ones; or many."""
        if self.request.GET.get("status"):
            return 0
        found = self.scope.customers.archived().matching(typed).values("pk").order_by()
        return len(found[:ELSEWHERE])

    def _elsewhere(self, typed: str) -> list[dict[str, Any]]:
        """Where else the words are found: other organizations, the other mode, the archive."""
        mine = Organization.objects.visible_to_staff(self.scope.user)
        rows = Customer.objects.filter(organization__in=mine).matching(typed)
        found = rows.select_related("organization").order_by("-pk")[:ELSEWHERE]
        places = Counter((row.organization, row.mode, row.archived_at is None) for row in found)
        return [
            {"organization": organization, "mode": mode, "is_live": is_live, "count": count}
            for (organization, mode, is_live), count in places.items()
        ]
