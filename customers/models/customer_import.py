"""Imports: an uploaded file of customers, its rows, and what became of them."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models.base import Identified, Mode, TenantModel
from customers.models.customer import Customer
from customers.models.organization import Organization
from customers.models.querysets import VisibleQuerySet

UNAPPLIED_KEPT_FOR = timedelta(days=7)
ROWS_KEPT_FOR = timedelta(days=90)


class CustomerImport(TenantModel, Identified):
    """A file that someone uploaded, and the state of its import.

    `mapping` says for each column of the file which field it fills, or None.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Not checked yet")
        CHECKED = "checked", _("Checked")
        APPLIED = "applied", _("Imported")
        UNDONE = "undone", _("Undone")
        DISCARDED = "discarded", _("Discarded")

    organization = models.ForeignKey(Organization, models.CASCADE, db_index=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    started_by_label = models.CharField(max_length=150)
    file_name = models.CharField(max_length=255)
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    blank_clears = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.UPLOADED)
    row_count = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="Rows by outcome.")
    left_out = models.JSONField(
        default=list, help_text="Columns with values that fill no field, as the check found."
    )
    revision = models.PositiveIntegerField(
        default=0, help_text="Rises with every check: what the person who applies it has seen."
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)
    discarded_by_label = models.CharField(max_length=150, default="", blank=True)

    objects = VisibleQuerySet["CustomerImport"].as_manager()

    class Meta(Identified.Meta):
        verbose_name = "import"
        constraints = [
            *Identified.Meta.constraints,
            models.CheckConstraint(
                condition=Q(mode__in=Mode.values), name="customerimport_mode_is_live_or_test"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["uploaded", "checked", "applied", "undone", "discarded"]),
                name="customerimport_state_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "mode", "id"], name="customerimport_newest"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def changes_customers(self) -> int:
        """How many customers it creates or changes."""
        return self.count("new") + self.count("changed")

    @property
    def can_be_applied(self) -> bool:
        """Whether it is checked, and there is something to do. Refused rows are left out."""
        return self.state == self.State.CHECKED and self.changes_customers > 0

    @property
    def can_be_undone(self) -> bool:
        """Whether it is applied and its rows are still kept."""
        return self.state == self.State.APPLIED and not self.rows_are_gone

    @property
    def can_be_discarded(self) -> bool:
        """Whether it is neither applied nor discarded already."""
        return self.state in (self.State.UPLOADED, self.State.CHECKED)

    @property
    def rows_are_gone(self) -> bool:
        """Whether it is so old that its rows may be deleted."""
        return self.applied_at is not None and self.applied_at < timezone.now() - ROWS_KEPT_FOR

    def count(self, outcome: str) -> int:
        """How many rows have this outcome."""
        return int(self.counts.get(outcome, 0))

    def column_of(self, field: str) -> str:
        """The column that fills a field; an empty string if there is none."""
        return self.header[self.mapping.index(field)] if field in self.mapping else ""

    def cell_of(self, row: ImportRow, field: str) -> str | None:
        """The cell of a row that fills a field; None if it is empty or there is none."""
        return row.cells[self.mapping.index(field)] or None if field in self.mapping else None

    @classmethod
    def sweep(cls) -> int:
        """Delete imports that were left unapplied for a week, and the rows of those applied long
        ago. That an import was discarded, and by whom, is kept.

        Returns the number of imports deleted.
        """
        now = timezone.now()
        old = cls.objects.filter(applied_at__lt=now - ROWS_KEPT_FOR).values("pk")
        for model in (ImportRow, ImportCorrection):
            model._default_manager.filter(customer_import__in=old).delete()
        unapplied = cls.objects.filter(applied_at=None, discarded_at=None)
        stale = unapplied.filter(created_at__lt=now - UNAPPLIED_KEPT_FOR)
        return stale.delete()[1].get(cls._meta.label, 0)


class ImportRow(models.Model):
    """One row of a file: its cells, and what importing it would do, as the check found.

    A cell that looked like a card number is None: card numbers are not kept.
    """

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        REFUSED = "refused", _("Refused")

    #: Positions in the pair that `changes` has for a field.
    OLD, NEW = 0, 1

    id = models.BigAutoField(primary_key=True)
    customer_import = models.ForeignKey(
        CustomerImport, models.CASCADE, related_name="rows", db_index=False
    )
    number = models.PositiveIntegerField(help_text="As a spreadsheet counts; the header is 1.")
    cells = models.JSONField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices, null=True)
    changes = models.JSONField(default=dict, help_text="{field: [old, new]}")
    problems = models.JSONField(default=dict, help_text="{column: why it is refused}")
    claims = models.CharField(
        max_length=255, null=True, help_text="The external id that the row gives to its customer."
    )
    # The customer that the row changes or, once it is applied, has created.
    customer = models.ForeignKey(
        Customer,
        models.DO_NOTHING,
        related_name="+",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    seen_version = models.PositiveIntegerField(null=True)
    left_version = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer_import", "number"], name="importrow_once_per_number"
            )
        ]
        indexes = [
            models.Index(fields=["customer_import", "outcome", "number"], name="importrow_outcome")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"


class ImportCorrection(models.Model):
    """That someone corrected the cells of a row, and what they were before.

    The cells before the first correction are those of the file.
    """

    id = models.BigAutoField(primary_key=True)
    customer_import = models.ForeignKey(
        CustomerImport, models.CASCADE, related_name="corrections", db_index=False
    )
    row = models.PositiveIntegerField(help_text="The number of the row.")
    number = models.PositiveIntegerField(help_text="Counts the corrections of the row from 1.")
    before = models.JSONField(help_text="The cells that were corrected.")
    corrected_by_label = models.CharField(max_length=150)
    corrected_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer_import", "row", "number"], name="importcorrection_once_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.row} {self.number}"
