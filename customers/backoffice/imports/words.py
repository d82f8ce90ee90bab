"""What the pages of an import say about its rows."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.backoffice.progress import Ending
from customers.models import CustomerImport, ImportCorrection, ImportRow


def checked(customer_import: CustomerImport) -> Ending:
    """How the check ended: a warning as long as rows are refused."""
    nothing = _("Nothing is imported yet.")
    if customer_import.count("refused"):
        return Ending(f"{refused(customer_import)} {nothing}", "warning")
    return Ending(f"{_('The file is checked.')} {nothing}")


def refused(customer_import: CustomerImport) -> str:
    """What a warning says, for example “12 rows are refused and will be left out”."""
    count = customer_import.count("refused")
    text = ngettext(
        "%(count)s row is refused and will be left out.",
        "%(count)s rows are refused and will be left out.",
        count,
    )
    return text % {"count": f"{count:,}"}


def applied(customer_import: CustomerImport) -> Ending:
    """How applying ended."""
    text = _("The file is imported: %(what)s.") % {"what": _counts(customer_import)}
    if customer_import.count("refused"):
        return Ending(f"{text} {left_out(customer_import)}", "warning")
    return Ending(text)


def left_out(customer_import: CustomerImport) -> str:
    """What a warning says afterwards, for example “12 refused rows were left out”."""
    count = customer_import.count("refused")
    text = ngettext(
        "%(count)s refused row was left out.", "%(count)s refused rows were left out.", count
    )
    return text % {"count": f"{count:,}"}


def confirm(customer_import: CustomerImport) -> str:
    """The text of the button, for example “Import 48 of 60 rows: 30 new, 18 changed”."""
    count, rows = customer_import.changes_customers, customer_import.row_count
    if count < rows:
        text = ngettext(
            "Import %(count)s of %(rows)s row: %(what)s",
            "Import %(count)s of %(rows)s rows: %(what)s",
            rows,
        )
    else:
        text = ngettext("Import %(count)s row: %(what)s", "Import %(count)s rows: %(what)s", rows)
    numbers = {"count": f"{count:,}", "rows": f"{rows:,}"}
    return text % {**numbers, "what": _counts(customer_import)}


def corrected(row: ImportRow) -> Ending:
    """How correcting a row ended."""
    numbers = {"number": row.number, "outcome": row.get_outcome_display()}
    if row.outcome == ImportRow.Outcome.REFUSED:
        return Ending(_("Row %(number)d is still refused.") % numbers, "warning")
    return Ending(_("Row %(number)d is checked: %(outcome)s.") % numbers)


def conflict(corrections: Sequence[ImportCorrection]) -> str:
    """That someone else corrected a row meanwhile."""
    person = corrections[-1].corrected_by_label if corrections else ""
    text = _(
        "%(person)s corrected this row while you did, so nothing was saved. What the cells hold "
        "now is shown below yours. Choose, and check the row again."
    )
    return text % {"person": person}


def _counts(customer_import: CustomerImport) -> str:
    """For example “5 new, 7 changed”."""
    counts = [
        (customer_import.count("new"), _("%(count)s new")),
        (customer_import.count("changed"), _("%(count)s changed")),
    ]
    return ", ".join(text % {"count": f"{count:,}"} for count, text in counts if count)
