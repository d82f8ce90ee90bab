"""What Django cannot say of triggers, tables and indexes.

Installing a trigger puts django-pgtrigger's own function back, so every later migration that adds or
changes one must end with `sql/seal_triggers.sql`; tests/store/test_history.py fails where one
does not.
"""

from pathlib import Path

from django.db import migrations

from customers.models.constraints import TableConstraint

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_tables")]

    operations = [
        # They refer to unique indexes, which are created at the end of a migration.
        migrations.AddConstraint(
            model_name="customeruser",
            constraint=TableConstraint(
                name="customeruser_customer_in_organization",
                sql="FOREIGN KEY (organization_id, mode, customer_id) REFERENCES customers_customer (organization_id, mode, id) DEFERRABLE INITIALLY DEFERRED",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentmethod",
            constraint=TableConstraint(
                name="paymentmethod_customer_in_organization",
                sql="FOREIGN KEY (organization_id, mode, customer_id) REFERENCES customers_customer (organization_id, mode, id) DEFERRABLE INITIALLY DEFERRED",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=TableConstraint(
                name="customer_default_payment_method_is_its_own",
                sql="FOREIGN KEY (organization_id, mode, id, default_payment_method_id) REFERENCES customers_paymentmethod (organization_id, mode, customer_id, id) DEFERRABLE INITIALLY DEFERRED",
            ),
        ),
        migrations.RunSQL((SQL / "seal_triggers.sql").read_text("utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL((SQL / "storage.sql").read_text("utf-8"), migrations.RunSQL.noop),
    ]
