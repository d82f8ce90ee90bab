"""How customers are found: by words, by heading, by country; and the figures of the home page.

`customers.search` says what the functions are for.
"""

import customers.search
import customers.validators
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

FUNCTIONS = r"""
-- What is all ASCII, as most is, is spared the work that only other letters need. The cost tells the
-- planner that an index is better than making the words of a thousand rows.
CREATE FUNCTION customers_plain(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 1000 AS $$
BEGIN
    given := lower(given);
    IF octet_length(given) <> char_length(given) THEN
        given := translate(
            lower(regexp_replace(normalize(given, NFKD), '[\u0300-\u036f]+', '', 'g')),
            'łøđıħŧ', 'lodiht'
        );
    END IF;
    RETURN regexp_replace(
        given,
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+',
        ' ', 'g'
    );
END
$$;

-- A word of a text search has at most 2046 bytes: normalizing may make one longer.
CREATE FUNCTION customers_words(given text) RETURNS tsvector
LANGUAGE SQL IMMUTABLE PARALLEL SAFE COST 1000 AS $$
    SELECT array_to_tsvector(coalesce(array_agg(left(word, 255)), '{}'))
    FROM unnest(string_to_array("public".customers_plain(given), ' ')) AS word
    WHERE word <> ''
$$;

CREATE FUNCTION customers_words_query(given text) RETURNS tsquery
LANGUAGE SQL IMMUTABLE PARALLEL SAFE STRICT AS $$
    -- Nothing in a word means anything to tsquery: its signs stand between words.
    SELECT CASE
        WHEN given ~ '^[0-9+() ./-]{6,}$' AND words IS NOT NULL
        THEN words || (quote_literal(left(regexp_replace(given, '[^0-9]+', '', 'g'), 255)) || ':*')::tsquery
        ELSE words
    END
    FROM (
        SELECT string_agg(quote_literal(left(word, 255)) || ':*', ' & ')::tsquery AS words
        FROM unnest(string_to_array("public".customers_plain(given), ' ')) AS word
        WHERE word <> ''
    ) AS typed
$$;
"""

NO_FUNCTIONS = """
DROP FUNCTION customers_words_query(text);
DROP FUNCTION customers_words(text);
DROP FUNCTION customers_plain(text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_idempotency_and_rate_limits"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.CreateModel(
            name="Figures",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("taken_at", models.DateTimeField()),
                ("numbers", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="PossibleDuplicate",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="possible_duplicate",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
            ],
        ),
        migrations.AlterModelOptions(
            name="customer",
            options={
                "permissions": [
                    ("import_customer", "Can import customers"),
                    ("export_customer", "Can export customers"),
                ]
            },
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("archived_at__isnull", False)),
                fields=["organization", "mode", "id"],
                name="customer_archived",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["organization", "mode", "country", "id"], name="customer_country"
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("organization"),
                models.F("mode"),
                customers.search.Plain(
                    django.db.models.functions.comparison.Coalesce(
                        "name", "legal_name", "email", "external_id", models.Value("")
                    )
                ),
                models.F("id"),
                name="customer_heading",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=django.contrib.postgres.indexes.GinIndex(
                customers.search.Words(
                    django.db.models.functions.comparison.Coalesce("name", models.Value("")),
                    django.db.models.functions.comparison.Coalesce("legal_name", models.Value("")),
                    django.db.models.functions.comparison.Coalesce("email", models.Value("")),
                    django.db.models.functions.comparison.Coalesce("city", models.Value("")),
                    django.db.models.functions.comparison.Coalesce("external_id", models.Value("")),
                    django.db.models.functions.comparison.Coalesce("reference", models.Value("")),
                    django.db.models.functions.comparison.Coalesce(
                        "processor_reference", models.Value("")
                    ),
                    django.db.models.functions.comparison.Coalesce("ein", models.Value("")),
                    django.db.models.functions.comparison.Coalesce(
                        "legal_number", models.Value("")
                    ),
                    django.db.models.functions.comparison.Coalesce("postal_code", models.Value("")),
                    django.db.models.functions.comparison.Coalesce("phone", models.Value("")),
                    customers.search.Digits(
                        django.db.models.functions.comparison.Coalesce("phone", models.Value(""))
                    ),
                ),
                name="customer_words",
            ),
        ),
        migrations.AddIndex(
            model_name="customeruserevent",
            index=models.Index(fields=["customer"], name="customeruserevent_customer"),
        ),
        migrations.AddIndex(
            model_name="paymentmethod",
            index=models.Index(
                fields=["organization", "mode", "exp_year", "exp_month", "customer"],
                name="paymentmethod_expiry",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentmethodevent",
            index=models.Index(fields=["customer"], name="paymentmethodevent_customer"),
        ),
        migrations.AddField(
            model_name="figures",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                to="customers.organization",
            ),
        ),
        migrations.AddConstraint(
            model_name="figures",
            constraint=models.UniqueConstraint(
                fields=("organization", "mode"), name="figures_once_per_organization_and_mode"
            ),
        ),
        migrations.AlterField(
            model_name="customer",
            name="address_line1",
            field=models.CharField(
                blank=True,
                max_length=255,
                null=True,
                validators=[
                    customers.validators.is_storable,
                    customers.validators.no_card_number,
                ],
                verbose_name="address line 1",
            ),
        ),
        migrations.AlterField(
            model_name="customer",
            name="address_line2",
            field=models.CharField(
                blank=True,
                max_length=255,
                null=True,
                validators=[
                    customers.validators.is_storable,
                    customers.validators.no_card_number,
                ],
                verbose_name="address line 2",
            ),
        ),
        migrations.AlterField(
            model_name="customerevent",
            name="address_line1",
            field=models.CharField(
                blank=True,
                max_length=255,
                null=True,
                validators=[
                    customers.validators.is_storable,
                    customers.validators.no_card_number,
                ],
                verbose_name="address line 1",
            ),
        ),
        migrations.AlterField(
            model_name="customerevent",
            name="address_line2",
            field=models.CharField(
                blank=True,
                max_length=255,
                null=True,
                validators=[
                    customers.validators.is_storable,
                    customers.validators.no_card_number,
                ],
                verbose_name="address line 2",
            ),
        ),
    ]
