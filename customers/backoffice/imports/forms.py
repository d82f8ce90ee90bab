"""The forms of an import: its file, and the fields that the columns fill."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.imports import columns, encodings
from customers.models import CustomerImport

# A column is shown with its first values that are not blank, of the first rows.
_FIRST_ROWS = 20
_VALUES = 3
_VALUE_LENGTH = 60


class FileForm(forms.Form):
    """A file of customers."""

    file = forms.FileField(
        label=gettext_lazy("CSV or XLSX file"),
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Characters of a CSV file"),
        choices=[("", gettext_lazy("Unicode")), *encodings.CHOICES.items()],
        required=False,
    )


class ColumnsForm(forms.Form):
    """For each column of the file the field that it fills."""

    blank_clears = forms.BooleanField(
        label=gettext_lazy("An empty cell clears the field"),
        help_text=gettext_lazy("Otherwise an empty cell leaves the field as it is."),
        required=False,
    )

    def __init__(self, customer_import: CustomerImport, data: Any = None) -> None:
        initial = {"blank_clears": customer_import.blank_clears}
        super().__init__(data, initial=initial, label_suffix="")
        self.customer_import = customer_import
        choices = [
            ("", _("Not imported")),
            *((field, columns.label(field)) for field in ("id", *columns.FIELDS)),
        ]
        for number, name in enumerate(customer_import.header):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=name,
                choices=choices,
                initial=customer_import.mapping[number] or "",
                required=False,
            )

    @property
    def mapping(self) -> list[str | None]:
        """The chosen field of each column, or None."""
        numbers = range(len(self.customer_import.header))
        return [self.cleaned_data[f"column_{number}"] or None for number in numbers]

    def clean(self) -> None:
        if not self.errors and (problems := columns.problems(self.mapping)):
            raise ValidationError(problems)

    def columns(self) -> list[dict[str, Any]]:
        """The columns of the file as the page lists them, with the first values of each."""
        first = list(self.customer_import.rows.order_by("number")[:_FIRST_ROWS])
        return [
            {
                "field": self[f"column_{number}"],
                "name": name,
                "values": _first_values(row.cells[number] for row in first),
                "is_read_only": columns.field_of(name) in columns.READ_ONLY,
            }
            for number, name in enumerate(self.customer_import.header)
        ]


def _first_values(cells: Iterable[str | None]) -> list[str]:
    values = [cell for cell in cells if cell and cell.strip()]
    return [Truncator(cell).chars(_VALUE_LENGTH) for cell in values[:_VALUES]]
