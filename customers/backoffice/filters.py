"""The filters of the list of customers."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from customers.backoffice.pages import Scope
from customers.forms import PlainForm
from customers.insights.figures import expiring_by, month_range
from customers.models.querysets import CustomerQuerySet, read_id
from customers.values.validators import validate_no_card_number

NO_COUNTRY = "none"


def is_month(text: str) -> None:
    """Validate a month such as 2026-11."""
    try:
        month_range(text)
    except (ValueError, OverflowError):
        raise ValidationError(_("This is not a month. Give it as 2026-11.")) from None


def no_grouped_card_number(text: str) -> None:
    """Refuse a card number in groups of digits. A UUID or a single run of digits may be an id."""
    if read_id(text.strip()) is None and not text.strip().isdecimal():
        validate_no_card_number(text)


class CustomerFilters(django_filters.FilterSet):
    """The filters of the list, combined with AND. Without a status it has live customers only."""

    q = django_filters.CharFilter(
        method="by_words", max_length=255, validators=[no_grouped_card_number]
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        method="by_status",
        empty_label=_("Live"),
        choices=[("archived", _("Archived")), ("all", _("Live and archived"))],
    )
    country = django_filters.ChoiceFilter(
        label=_("Country"), method="by_country", empty_label=_("Any")
    )
    created_from = django_filters.DateFilter(
        label=_("Created from"),
        method="since",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    created_to = django_filters.DateFilter(
        label=_("Created until"),
        method="until",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    month = django_filters.CharFilter(
        method="in_month", validators=[is_month], widget=forms.HiddenInput
    )
    cards = django_filters.ChoiceFilter(
        label=_("Cards"),
        method="by_cards",
        empty_label=_("Any"),
        choices=[
            ("expired", _("Has an expired one")),
            ("expiring", _("Expired or expiring within 60 days")),
        ],
    )
    lacking = django_filters.ChoiceFilter(
        label=_("Lacking"),
        method="by_lack",
        empty_label=_("Any"),
        choices=[("payment", _("A way to pay")), ("address", _("An address"))],
    )
    duplicates = django_filters.BooleanFilter(
        label=_("Possible duplicates"), method="by_duplicates", widget=forms.CheckboxInput
    )

    class Meta:
        form = PlainForm

    def __init__(self, data: Any, scope: Scope) -> None:
        self.scope = scope
        super().__init__(data, scope.customers)
        present = scope.customers.countries_present(scope.tenant)
        self.form.fields["country"].choices = [
            *sorted(((code, countries.name(code)) for code in present), key=lambda pair: pair[1]),
            (NO_COUNTRY, _("No country")),
        ]

    @property
    def asked(self) -> dict[str, Any]:
        """The filters that are set, by name."""
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    def filter_queryset(self, queryset: Any) -> Any:
        if not self.form.cleaned_data.get("status"):
            queryset = queryset.live()
        return super().filter_queryset(queryset)

    def by_words(self, rows: CustomerQuerySet, name: str, typed: str) -> CustomerQuerySet:
        return rows.matching(typed)

    def by_status(self, rows: CustomerQuerySet, name: str, status: str) -> CustomerQuerySet:
        return rows if status == "all" else rows.archived()

    def by_country(self, rows: CustomerQuerySet, name: str, country: str) -> CustomerQuerySet:
        return rows.filter(country=None if country == NO_COUNTRY else country)

    def since(self, rows: CustomerQuerySet, name: str, day: date) -> CustomerQuerySet:
        return rows.created_between(start=first_instant(day))

    def until(self, rows: CustomerQuerySet, name: str, day: date) -> CustomerQuerySet:
        return rows.created_between(end=last_instant(day))

    def in_month(self, rows: CustomerQuerySet, name: str, month: str) -> CustomerQuerySet:
        return rows.created_between(*month_range(month))

    def by_cards(self, rows: CustomerQuerySet, name: str, cards: str) -> CustomerQuerySet:
        today = datetime.now(UTC).date()
        return rows.with_card_expired(today if cards == "expired" else expiring_by(today))

    def by_lack(self, rows: CustomerQuerySet, name: str, lack: str) -> CustomerQuerySet:
        return rows.without_payment_method() if lack == "payment" else rows.without_address()

    def by_duplicates(
        self,
        rows: CustomerQuerySet,
        name: str,
        wanted: bool,  # noqa: FBT001
    ) -> CustomerQuerySet:
        return rows.filter(possible_duplicate__isnull=False) if wanted else rows


def first_instant(day: date) -> datetime:
    """Return the start of a day in the reader's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def last_instant(day: date) -> datetime:
    """Return a day's last microsecond in the reader's time zone; the later, if clocks go back."""
    return timezone.make_aware(datetime.combine(day, time.max.replace(fold=1)))
