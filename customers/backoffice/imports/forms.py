"""The forms of an import: its file, and the fields that the columns fill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.forms import PlainForm
from customers.imports import columns, encodings
from customers.imports.read import MAX_CELL
from customers.models import CustomerImport, ImportCorrection, ImportRow
from customers.values.validators import validate_storable

# A column is shown with its first values that are not blank, of the first rows.
_FIRST_ROWS = 20
_VALUES = 3
_VALUE_LENGTH = 60
# A longer cell, or one of several lines, has a larger field.
_ONE_LINE = 80


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


@dataclass(frozen=True, slots=True)
class CellField:
    """The field of a cell, and what stands beside it."""

    field: forms.BoundField
    #: Why the row is refused because of the cell.
    problem: str
    #: What the cell holds, if something else was typed.
    now: str | None
    #: What the cell held in the file, if it was corrected.
    in_file: str | None


class RowForm(PlainForm):
    """The cells of a row that are imported, or had a card number, to correct them.

    `seen` is how often the row had been corrected when the form was shown.
    """

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        customer_import: CustomerImport,
        row: ImportRow,
        corrections: Sequence[ImportCorrection],
        data: Any = None,
    ) -> None:
        initial = {"seen": len(corrections)}
        super().__init__(data, initial=initial, label_suffix="", auto_id="cell-%s")
        self.row = row
        self.corrections = corrections
        self._names: dict[int, str] = {}
        columns_ = zip(customer_import.header, customer_import.mapping, row.cells, strict=True)
        for number, (column, field, cell) in enumerate(columns_):
            if field is None and cell is not None:
                continue
            # The name says whether a long number is allowed (`ForgetsCardNumbers`).
            name = self._names[number] = f"{number}-{field or ''}"
            self.fields[name] = forms.CharField(
                label=column,
                help_text=columns.label(field) if field else _("not imported"),
                initial=cell or "",
                required=False,
                strip=False,
                max_length=MAX_CELL,
                validators=[validate_storable],
                widget=_widget(cell or ""),
            )
        self._focus()

    def _focus(self) -> None:
        """Put the cursor where the row is refused."""
        names = list(self._names.values())
        refused = [name for name in names if self._problem(name)]
        for name in refused:
            self.fields[name].widget.attrs["aria-invalid"] = "true"
        for name in (refused or names)[:1]:
            self.fields[name].widget.attrs["autofocus"] = True

    def _problem(self, name: str) -> str:
        return str(self.row.problems.get(str(self.fields[name].label), ""))

    @property
    def cells(self) -> dict[int, str]:
        """The cells that were submitted, by the number of their column."""
        return {
            number: _as_before(self.cleaned_data[name], self.row.cells[number] or "")
            for number, name in self._names.items()
            if name in self.data
        }

    def columns(self) -> Iterator[CellField]:
        """The fields in the order of the file, with what stands beside each."""
        for number, name in self._names.items():
            cell, field = self.row.cells[number] or "", self[name]
            before = self.corrections[0].before[number] if self.corrections else cell
            yield CellField(
                field,
                self._problem(name),
                cell if _lines(field.value() or "") != _lines(cell) else None,
                before if (before or "") != cell else None,
            )


def _widget(cell: str) -> forms.Widget:
    if len(cell) > _ONE_LINE or "\n" in cell or "\r" in cell:
        return forms.Textarea({"rows": 3})
    return forms.TextInput()


def _as_before(text: str, before: str) -> str:
    """The submitted text of a cell. A browser writes all line breaks in one way."""
    return before if _lines(text) == _lines(before) else _lines(text)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
