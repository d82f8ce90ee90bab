"""Finds what a request changed, by the request's id in the context of the changes.

With the order of the changes in the index too, the newest come first without sorting. No trigger
is touched.
"""

from django.db import migrations

TABLES = ["customer", "customeruser", "paymentmethod"]


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_imports")]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX {table}event_request ON customers_{table}event"
            " ((pgh_context ->> 'request_id'), pgh_id)",
            f"DROP INDEX {table}event_request",
        )
        for table in TABLES
    ]
