"""The extensions that the store requires: trusted ones, so the database's owner may create them."""

from django.contrib.postgres.operations import CreateExtension
from django.core.management import CommandError
from django.db import DatabaseError, migrations


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
    dependencies = [
        ("customers", "0007_history_by_request"),
    ]

    operations = [
        RequiredExtension("btree_gin"),
        RequiredExtension("pg_trgm"),
        RequiredExtension("unaccent"),
    ]
