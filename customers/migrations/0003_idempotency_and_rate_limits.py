from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_triggers_cannot_be_ignored")]

    operations = [
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, auto_created=True, verbose_name="ID"
                    ),
                ),
                ("caller", models.CharField(max_length=300)),
                ("window_start", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("caller", "window_start"), name="requestcount_one_per_window"
                    )
                ],
            },
        ),
        # A count that is lost in a crash costs nothing; writing it to the log would, each request.
        migrations.RunSQL(
            "ALTER TABLE customers_requestcount SET UNLOGGED",
            "ALTER TABLE customers_requestcount SET LOGGED",
        ),
        migrations.CreateModel(
            name="IdempotencyRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, auto_created=True, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        "customers.organization",
                        models.CASCADE,
                        related_name="+",
                        db_index=False,
                    ),
                ),
                (
                    "credential",
                    models.CharField(max_length=300, help_text="Kind and id of who sent the key."),
                ),
                ("key_digest", models.CharField(max_length=64)),
                (
                    "fingerprint",
                    models.CharField(max_length=64, help_text="SHA-256 of the request."),
                ),
                ("status", models.PositiveSmallIntegerField()),
                ("headers", models.JSONField(default=dict)),
                ("body", models.BinaryField()),
                ("created_at", models.DateTimeField(default=timezone.now)),
            ],
            options={
                "indexes": [models.Index(fields=["created_at"], name="idempotencyrecord_age")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "credential", "key_digest"),
                        name="idempotencyrecord_key_unique_per_credential",
                    )
                ],
            },
        ),
    ]
