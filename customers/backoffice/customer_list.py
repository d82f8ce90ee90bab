"""The list of customers: search, filters, columns and pages."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.backoffice.chips import chips, in_words
from customers.backoffice.columns import COLUMNS, chosen, remember
from customers.backoffice.curl import same_rows
from customers.backoffice.filters import CustomerFilters
from customers.backoffice.order import SORTS, headings, is_by_name, read_sort
from customers.backoffice.pages import Page, read_uuid
from customers.backoffice.recent import remember_list
from customers.backoffice.saved_views import kept_query, views_of
from customers.insights.figures import figures_of
from customers.models import Customer, Organization
from customers.models.counting import Total
from customers.models.keyset import Page as KeysetPage
from customers.models.keyset import get_page
from customers.models.querysets import CustomerQuerySet, read_id
from customers.models.search import heading

ROWS = 50
ELSEWHERE = 20


class CustomerList(Page):
    permission = "customers.view_customer"
    template_name = "backoffice/customers.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        filters = CustomerFilters(request.GET, self.scope)
        readable = filters.is_valid()
        # Duplicates are found when the figures are counted, so they may be out of date.
        figures = figures_of(self.scope.tenant) if "duplicates" in filters.asked else None
        rows: CustomerQuerySet = filters.qs if readable else self.scope.customers.none()
        typed = (filters.form.cleaned_data.get("q") or "").strip()
        if typed and (found := self._by_id(typed)):
            return redirect("backoffice:anywhere", found)
        page = self._page(rows)
        links = self._links(page)
        nothing = bool(typed) and not page.rows
        elsewhere = self._elsewhere(typed) if nothing else []
        in_archive = self._in_archive(typed) if typed and page.rows else 0
        if "open" in request.GET and set(filters.asked) == {"q"} and _is_single(page):
            self._say_single(typed, in_archive)
            return self.go("customer", page.rows[0].pk)
        shown = chips(filters, self._query)
        remember_list(request, self.scope.tenant, self._this_query() if readable else "")
        response = self.render(
            status=200 if readable else 400,
            title=_("Customers"),
            q=typed,
            form=filters.form,
            filters={name: value for name, value in filters.asked.items() if name != "q"},
            chips=shown,
            in_words=in_words(typed, shown),
            page=page,
            total=self._total(rows, page),
            links=links,
            elsewhere=elsewhere,
            nearly=self._nearly(typed) if nothing and not elsewhere else [],
            in_archive=in_archive,
            is_search="open" in request.GET,
            figures=figures,
            without_search=self._query(q=None),
            with_archived=self._query(status="all"),
            columns={name: COLUMNS[name] for name in chosen(request)},
            all_columns=COLUMNS,
            sorts=[(label, self._query(sort=name or None)) for name, label in SORTS.items()],
            sort=self._sort,
            sorted_by=SORTS[self._sort],
            headings=headings(self._sort, self._query),
            first_query=self._query(),
            this_query=self._this_query(),
            views=list(views_of(self.scope)),
            view_query=kept_query(request.GET),
            export_query=self._query(sort=None, column=None),
            curl=same_rows(None if links else filters.asked, page.rows, ROWS)
            if readable and page.rows
            else [],
        )
        remember(request, response)
        return response

    @property
    def _sort(self) -> str:
        return read_sort(self.request.GET.get("sort", ""))

    def _page(self, rows: CustomerQuerySet) -> KeysetPage[Customer]:
        return get_page(
            rows.select_related("default_payment_method"),
            limit=ROWS,
            after=self._cursor("after"),
            before=self._cursor("before"),
            newest_first=self._sort in ("", "-name"),
            by=heading() if is_by_name(self._sort) else None,
        )

    def _total(self, rows: CustomerQuerySet, page: KeysetPage[Customer]) -> Total | None:
        """Return how many customers the list has; None if it has none at all."""
        if page.has_next or page.has_previous:
            return rows.total()
        return Total(len(page.rows), is_exact=True) if page.rows else None

    def _cursor(self, name: str) -> UUID | None:
        """Return the id in a parameter, or None if it is not valid: the first page is shown."""
        id = read_uuid(self.request.GET.get(name, ""))
        if id and is_by_name(self._sort) and not self.scope.customers.filter(pk=id).exists():
            return None  # to read the cursor's name, its customer must be in this scope
        return id

    def _links(self, page: KeysetPage[Customer]) -> dict[str, str]:
        """Return the queries of the previous and next page, with the same filters and order."""
        links = {}
        if page.rows and page.has_previous:
            links["previous"] = self._query(before=str(page.rows[0].pk))
        if page.rows and page.has_next:
            links["next"] = self._query(after=str(page.rows[-1].pk))
        return links

    def _query(self, **changed: str | None) -> str:
        """Return this page's query with some parameters changed, for the first page."""
        query = self.request.GET.copy()
        for name in ("after", "before", "open"):
            query.pop(name, None)
        for name, value in changed.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return query.urlencode()

    def _say_single(self, typed: str, in_archive: int) -> None:
        """Say why a customer is shown instead of a list, and what else matches."""
        address = f"{self.scope.address('customers')}?{urlencode({'q': typed})}"
        said = format_html(
            '{} <a href="{}">{}</a>',
            _("The only live customer that matches “%(typed)s”.") % {"typed": typed},
            address,
            _("Show the list"),
        )
        if in_archive:
            archived = archived_matches(in_archive)
            said += format_html(' · <a href="{}&amp;status=archived">{}</a>', address, archived)
        messages.info(self.request, said)

    def _this_query(self) -> str:
        """Return the query that shows this page again."""
        query = self.request.GET.copy()
        query.pop("open", None)
        return query.urlencode()

    def _by_id(self, typed: str) -> UUID | None:
        """Return the id if it is that of a customer in any organization of the reader."""
        id = read_id(typed)
        if id is None:
            return None
        mine = Organization.objects.visible_to_staff(self.scope.user)
        return id if Customer.objects.filter(organization__in=mine, pk=id).exists() else None

    def _in_archive(self, typed: str) -> int:
        """Return how many archived customers match, up to a limit, if the list shows live ones."""
        if self.request.GET.get("status"):
            return 0
        found = self.scope.customers.archived().matching(typed).values("pk").order_by()
        return len(found[:ELSEWHERE])

    def _nearly(self, typed: str) -> list[Customer]:
        """Return live customers with a text that is spelled nearly so."""
        return self.scope.customers.live().resembling(typed)

    def _elsewhere(self, typed: str) -> list[dict[str, Any]]:
        """Return matches in other organizations, in the other mode and in the archive."""
        mine = Organization.objects.visible_to_staff(self.scope.user)
        rows = Customer.objects.filter(organization__in=mine).matching(typed)
        found = rows.select_related("organization").order_by("-pk")[:ELSEWHERE]
        places = Counter((row.organization, row.mode, row.archived_at is None) for row in found)
        return [
            {"organization": organization, "mode": mode, "is_live": is_live, "count": count}
            for (organization, mode, is_live), count in places.items()
        ]


def archived_matches(count: int) -> str:
    """Return that so many archived customers match too."""
    text = ngettext(
        "%(n)d archived customer also matches", "%(n)d archived customers also match", count
    )
    return text % {"n": count}


def _is_single(page: KeysetPage[Customer]) -> bool:
    return len(page.rows) == 1 and not page.has_next and not page.has_previous
