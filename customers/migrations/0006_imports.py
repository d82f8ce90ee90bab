"""Imports of customers from files, and their rows."""

import customers.models.base
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_staff_groups"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomerImport",
            fields=[
                (
                    "id",
                    customers.models.base.UUIDv7Field(
                        editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("started_by_label", models.CharField(max_length=150)),
                ("file_name", models.CharField(max_length=255)),
                ("header", models.JSONField(default=list)),
                ("mapping", models.JSONField(default=list)),
                ("blank_clears", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Not checked yet"),
                            ("checked", "Checked"),
                            ("applied", "Imported"),
                            ("undone", "Undone"),
                        ],
                        default="uploaded",
                        max_length=8,
                    ),
                ),
                ("row_count", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=dict, help_text="Rows by outcome.")),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="customers.organization",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "number",
                    models.PositiveIntegerField(
                        help_text="As a spreadsheet counts; the header is 1."
                    ),
                ),
                ("cells", models.JSONField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("changed", "Changed"),
                            ("unchanged", "Unchanged"),
                            ("refused", "Refused"),
                        ],
                        max_length=9,
                        null=True,
                    ),
                ),
                ("changes", models.JSONField(default=dict, help_text="{field: [old, new]}")),
                (
                    "problems",
                    models.JSONField(default=dict, help_text="{column: why it is refused}"),
                ),
                (
                    "claims",
                    models.CharField(
                        help_text="The external id that the row gives to its customer.",
                        max_length=255,
                        null=True,
                    ),
                ),
                ("seen_version", models.PositiveIntegerField(null=True)),
                ("left_version", models.PositiveIntegerField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "customer_import",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="customers.customerimport",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="customerimport",
            index=models.Index(fields=["organization", "mode", "id"], name="customerimport_newest"),
        ),
        migrations.AddConstraint(
            model_name="customerimport",
            constraint=customers.models.base.TableConstraint(
                name="customerimport_id_tells_created_at",
                sql="CHECK (left(replace(id::text, '-', ''), 16) = lpad(to_hex((extract(epoch from created_at) * 1000000)::bigint / 1000), 12, '0') || '7' || lpad(to_hex(mod((extract(epoch from created_at) * 1000000)::bigint, 1000) * 4096 / 1000), 3, '0'))",
            ),
        ),
        migrations.AddConstraint(
            model_name="customerimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["live", "test"])),
                name="customerimport_mode_is_live_or_test",
            ),
        ),
        migrations.AddConstraint(
            model_name="customerimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["uploaded", "checked", "applied", "undone"])),
                name="customerimport_state_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(
                fields=["customer_import", "outcome", "number"], name="importrow_outcome"
            ),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.UniqueConstraint(
                fields=("customer_import", "number"), name="importrow_once_per_number"
            ),
        ),
    ]
