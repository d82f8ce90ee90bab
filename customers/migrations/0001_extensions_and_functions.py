"""What the tables stand on: PostgreSQL's extensions, and the functions that indexes call."""

from pathlib import Path

from django.contrib.postgres.operations import (
    BtreeGinExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations

SEARCH = Path(__file__).with_name("sql") / "search.sql"
DROP_SEARCH = """
DROP FUNCTION customers_words_query(text);
DROP FUNCTION customers_words(text);
DROP FUNCTION customers_plain(text);
"""


class Migration(migrations.Migration):
    initial = True

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGinExtension(),
        migrations.RunSQL(SEARCH.read_text("utf-8"), DROP_SEARCH),
    ]
