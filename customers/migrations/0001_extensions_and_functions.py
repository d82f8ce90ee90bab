"""What the tables stand on: PostgreSQL's extensions, and the functions that indexes and checks call.

The extensions are trusted ones, so the owner of the database may create them.
"""

from pathlib import Path

from django.contrib.postgres.operations import CreateExtension
from django.core.management import CommandError
from django.db import DatabaseError, migrations

SQL = Path(__file__).with_name("sql")
DROP_SEARCH = """
DROP FUNCTION customers_field_contains(text, text);
DROP FUNCTION customers_fold(text);
DROP FUNCTION customers_lines_contain(text, text);
DROP FUNCTION customers_read(text);
DROP FUNCTION customers_sought(text);
DROP FUNCTION customers_expiry(smallint, smallint);
DROP FUNCTION customers_lines(text[]);
DROP FUNCTION customers_marked(text);
DROP FUNCTION customers_plain(text);
"""
DROP_NUMBERS = """
DROP FUNCTION customers_number(uuid, text, bigint);
DROP FUNCTION customers_numbers(uuid, text);
"""
DROP_EVENTS = """
DROP FUNCTION customers_oldest_xid();
DROP FUNCTION customers_xid();
DROP FUNCTION customers_xid_offset();
DROP SEQUENCE customers_xid_offset;
"""


class RequiredExtension(CreateExtension):
    """Ends the command with a sentence where the extension is missing and cannot be created."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        except DatabaseError as error:
            reason = str(error).partition("\n")[0]
            raise CommandError(
                f"The store requires PostgreSQL's extension {self.name}: {reason}. Install "
                "PostgreSQL's contrib modules if need be, let the owner of the database run "
                f"CREATE EXTENSION {self.name}, and migrate again."
            ) from error


class Migration(migrations.Migration):
    initial = True

    operations = [
        RequiredExtension("btree_gin"),
        RequiredExtension("pg_trgm"),
        RequiredExtension("unaccent"),
        migrations.RunSQL((SQL / "search.sql").read_text("utf-8"), DROP_SEARCH),
        migrations.RunSQL(
            (SQL / "countries.sql").read_text("utf-8"), "DROP FUNCTION customers_is_country(text);"
        ),
        migrations.RunSQL((SQL / "numbers.sql").read_text("utf-8"), DROP_NUMBERS),
        migrations.RunSQL((SQL / "events.sql").read_text("utf-8"), DROP_EVENTS),
    ]
