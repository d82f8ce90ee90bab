"""What Django cannot say of triggers, tables and indexes.

Installing a trigger puts django-pgtrigger's own function back, so every later migration that adds or
changes one must end with `sql/seal_triggers.sql`; tests/store/test_history.py fails where one
does not.
"""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_tables")]

    operations = [
        migrations.RunSQL((SQL / "seal_triggers.sql").read_text("utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL((SQL / "storage.sql").read_text("utf-8"), migrations.RunSQL.noop),
    ]
