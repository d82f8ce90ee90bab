"""Finds what a request changed, by the request's id in the context of the changes."""

import django.db.models.fields.json
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0006_imports"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="customerevent",
            index=models.Index(
                django.db.models.fields.json.KeyTextTransform("request_id", "pgh_context"),
                models.F("pgh_id"),
                name="customerevent_request",
            ),
        ),
        migrations.AddIndex(
            model_name="customeruserevent",
            index=models.Index(
                django.db.models.fields.json.KeyTextTransform("request_id", "pgh_context"),
                models.F("pgh_id"),
                name="customeruserevent_request",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentmethodevent",
            index=models.Index(
                django.db.models.fields.json.KeyTextTransform("request_id", "pgh_context"),
                models.F("pgh_id"),
                name="paymentmethodevent_request",
            ),
        ),
    ]
