from django.db import migrations


class Migration(migrations.Migration):
    """What `make lint` refuses: it holds writers up while the index is built."""

    dependencies = [("later", "0001_column")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX later_index ON customers_customer (later)", "DROP INDEX later_index"
        ),
    ]
