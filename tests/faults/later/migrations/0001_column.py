from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_triggers_and_storage")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE customers_customer ADD COLUMN later integer",
            migrations.RunSQL.noop,
        ),
    ]
