import customers.countries
import customers.models.base
import customers.models.metadata
import customers.scopes
import customers.validators
import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import oauth2_provider.generators
import oauth2_provider.models
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    # django-oauth-toolkit's tokens point at this app's OAuth client.
    run_before = [("oauth2_provider", "0001_initial")]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    customers.models.base.UUIDv7Field(
                        editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                (
                                    "customers:read",
                                    "Read customers, their users and their payment methods",
                                ),
                                (
                                    "customers:write",
                                    "Create, change, archive and restore customers, and add users",
                                ),
                            ],
                            max_length=32,
                        ),
                        default=customers.scopes.all_scopes,
                        size=None,
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        help_text="What it is for.",
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("prefix", models.CharField(editable=False, max_length=9)),
                ("last4", models.CharField(editable=False, max_length=4)),
            ],
            options={
                "verbose_name": "API key",
                "ordering": ["-pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                (
                    "id",
                    customers.models.base.UUIDv7Field(
                        editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                (
                    "external_id",
                    models.CharField(
                        blank=True,
                        help_text="The caller's own id, unique among live customers.",
                        max_length=255,
                        null=True,
                        validators=[customers.validators.is_storable],
                    ),
                ),
                (
                    "processor_reference",
                    models.CharField(
                        blank=True,
                        help_text="The id in an integrated outside system, such as Stripe's cus_….",
                        max_length=255,
                        null=True,
                        validators=[customers.validators.is_storable],
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="A free label, not unique.",
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        max_length=254,
                        null=True,
                        validators=[customers.validators.no_card_number],
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "legal_name",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "legal_number",
                    models.CharField(
                        blank=True,
                        help_text="Company registration number.",
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "ein",
                    models.CharField(
                        blank=True,
                        help_text="As 12-3456789.",
                        max_length=10,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                            customers.validators.is_ein,
                        ],
                        verbose_name="EIN",
                    ),
                ),
                (
                    "address_line1",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "address_line2",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "city",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "postal_code",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        blank=True,
                        choices=customers.countries.choices,
                        error_messages={
                            "invalid_choice": "This is not a country. Give a two-letter ISO 3166 code, for example DE."
                        },
                        max_length=2,
                        null=True,
                        validators=[customers.validators.is_country],
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "url",
                    models.CharField(
                        blank=True,
                        max_length=2048,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                            customers.validators.is_web_url,
                        ],
                        verbose_name="URL",
                    ),
                ),
                (
                    "logo_url",
                    models.CharField(
                        blank=True,
                        max_length=2048,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                            customers.validators.is_web_url,
                        ],
                        verbose_name="logo URL",
                    ),
                ),
                (
                    "metadata",
                    customers.models.metadata.MetadataField(
                        blank=True, default=dict, validators=[customers.validators.is_metadata]
                    ),
                ),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StaffUser",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "first_name",
                    models.CharField(blank=True, max_length=150, verbose_name="first name"),
                ),
                (
                    "last_name",
                    models.CharField(blank=True, max_length=150, verbose_name="last name"),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "staff user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="CustomerUser",
            fields=[
                (
                    "id",
                    customers.models.base.UUIDv7Field(
                        editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        max_length=254,
                        null=True,
                        validators=[customers.validators.no_card_number],
                    ),
                ),
                (
                    "first_name",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "last_name",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="users",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "staff_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "member of staff",
                "verbose_name_plural": "members of staff",
            },
        ),
        migrations.CreateModel(
            name="OAuthClient",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "client_id",
                    models.CharField(
                        db_index=True,
                        default=oauth2_provider.generators.generate_client_id,
                        max_length=255,
                        unique=True,
                        verbose_name="client ID",
                    ),
                ),
                (
                    "redirect_uris",
                    models.TextField(
                        blank=True,
                        help_text="Allowed URIs list, space separated",
                        verbose_name="redirect URIs",
                    ),
                ),
                (
                    "post_logout_redirect_uris",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="Allowed Post Logout URIs list, space separated",
                        verbose_name="post logout redirect URIs",
                    ),
                ),
                (
                    "client_type",
                    models.CharField(
                        choices=[("confidential", "Confidential"), ("public", "Public")],
                        max_length=32,
                        verbose_name="client type",
                    ),
                ),
                (
                    "authorization_grant_type",
                    models.CharField(
                        choices=[
                            ("authorization-code", "Authorization code"),
                            ("urn:ietf:params:oauth:grant-type:device_code", "Device Code"),
                            ("implicit", "Implicit"),
                            ("password", "Resource owner password-based"),
                            ("client-credentials", "Client credentials"),
                            ("openid-hybrid", "OpenID connect hybrid"),
                        ],
                        max_length=44,
                        verbose_name="authorization grant type",
                    ),
                ),
                (
                    "client_secret",
                    oauth2_provider.models.ClientSecretField(
                        blank=True,
                        db_index=True,
                        default=oauth2_provider.generators.generate_client_secret,
                        help_text="Client secret for authentication",
                        max_length=255,
                        verbose_name="client secret",
                    ),
                ),
                (
                    "hash_client_secret",
                    models.BooleanField(default=True, verbose_name="hash client secret"),
                ),
                (
                    "skip_authorization",
                    models.BooleanField(default=False, verbose_name="skip authorization"),
                ),
                ("created", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated", models.DateTimeField(auto_now=True, verbose_name="updated")),
                (
                    "algorithm",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No OIDC support"),
                            ("RS256", "RSA with SHA-2 256"),
                            ("HS256", "HMAC with SHA-2 256"),
                        ],
                        default="",
                        max_length=5,
                        verbose_name="algorithm",
                    ),
                ),
                (
                    "allowed_origins",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="Allowed origins list to enable CORS, space separated",
                        verbose_name="allowed origins",
                    ),
                ),
                (
                    "registration_source",
                    models.CharField(
                        choices=[
                            ("manual", "Manual"),
                            ("dcr", "Dynamic Client Registration"),
                            ("cimd", "Client ID Metadata Document"),
                        ],
                        default="manual",
                        help_text="How this application was registered (manual, DCR per RFC 7591, or CIMD)",
                        max_length=32,
                        verbose_name="registration source",
                    ),
                ),
                (
                    "cimd_expires_at",
                    models.DateTimeField(
                        blank=True,
                        default=None,
                        help_text="When the cached Client ID Metadata Document should be re-fetched",
                        null=True,
                        verbose_name="CIMD expires at",
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                (
                                    "customers:read",
                                    "Read customers, their users and their payment methods",
                                ),
                                (
                                    "customers:write",
                                    "Create, change, archive and restore customers, and add users",
                                ),
                            ],
                            max_length=32,
                        ),
                        default=customers.scopes.all_scopes,
                        size=None,
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(app_label)s_%(class)s",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "OAuth client",
                "ordering": ["-pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Organization",
            fields=[
                (
                    "id",
                    customers.models.base.UUIDv7Field(
                        editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("slug", models.SlugField(help_text="Short name for commands.", unique=True)),
                (
                    "name",
                    models.CharField(
                        max_length=255,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "staff",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Who sees this organization's data in the admin.",
                        related_name="organizations",
                        through="customers.Membership",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OAuthClientEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "client_id",
                    models.CharField(
                        default=oauth2_provider.generators.generate_client_id,
                        max_length=255,
                        verbose_name="client ID",
                    ),
                ),
                (
                    "redirect_uris",
                    models.TextField(
                        blank=True,
                        help_text="Allowed URIs list, space separated",
                        verbose_name="redirect URIs",
                    ),
                ),
                (
                    "post_logout_redirect_uris",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="Allowed Post Logout URIs list, space separated",
                        verbose_name="post logout redirect URIs",
                    ),
                ),
                (
                    "client_type",
                    models.CharField(
                        choices=[("confidential", "Confidential"), ("public", "Public")],
                        max_length=32,
                        verbose_name="client type",
                    ),
                ),
                (
                    "authorization_grant_type",
                    models.CharField(
                        choices=[
                            ("authorization-code", "Authorization code"),
                            ("urn:ietf:params:oauth:grant-type:device_code", "Device Code"),
                            ("implicit", "Implicit"),
                            ("password", "Resource owner password-based"),
                            ("client-credentials", "Client credentials"),
                            ("openid-hybrid", "OpenID connect hybrid"),
                        ],
                        max_length=44,
                        verbose_name="authorization grant type",
                    ),
                ),
                (
                    "hash_client_secret",
                    models.BooleanField(default=True, verbose_name="hash client secret"),
                ),
                (
                    "skip_authorization",
                    models.BooleanField(default=False, verbose_name="skip authorization"),
                ),
                ("created", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated", models.DateTimeField(auto_now=True, verbose_name="updated")),
                (
                    "algorithm",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No OIDC support"),
                            ("RS256", "RSA with SHA-2 256"),
                            ("HS256", "HMAC with SHA-2 256"),
                        ],
                        default="",
                        max_length=5,
                        verbose_name="algorithm",
                    ),
                ),
                (
                    "allowed_origins",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="Allowed origins list to enable CORS, space separated",
                        verbose_name="allowed origins",
                    ),
                ),
                (
                    "registration_source",
                    models.CharField(
                        choices=[
                            ("manual", "Manual"),
                            ("dcr", "Dynamic Client Registration"),
                            ("cimd", "Client ID Metadata Document"),
                        ],
                        default="manual",
                        help_text="How this application was registered (manual, DCR per RFC 7591, or CIMD)",
                        max_length=32,
                        verbose_name="registration source",
                    ),
                ),
                (
                    "cimd_expires_at",
                    models.DateTimeField(
                        blank=True,
                        default=None,
                        help_text="When the cached Client ID Metadata Document should be re-fetched",
                        null=True,
                        verbose_name="CIMD expires at",
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                (
                                    "customers:read",
                                    "Read customers, their users and their payment methods",
                                ),
                                (
                                    "customers:write",
                                    "Create, change, archive and restore customers, and add users",
                                ),
                            ],
                            max_length=32,
                        ),
                        default=customers.scopes.all_scopes,
                        size=None,
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="oauthclient",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="customers.organization"
            ),
        ),
        migrations.CreateModel(
            name="MembershipEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="customers.membership",
                    ),
                ),
                (
                    "staff_user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="membership",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="customers.organization"
            ),
        ),
        migrations.CreateModel(
            name="CustomerUserEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", customers.models.base.UUIDv7Field(editable=False, serialize=False)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        max_length=254,
                        null=True,
                        validators=[customers.validators.no_card_number],
                    ),
                ),
                (
                    "first_name",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "last_name",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="customers.customeruser",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="customeruser",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.organization",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="customers",
                to="customers.organization",
            ),
        ),
        migrations.CreateModel(
            name="ApiKeyEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", customers.models.base.UUIDv7Field(editable=False, serialize=False)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                (
                                    "customers:read",
                                    "Read customers, their users and their payment methods",
                                ),
                                (
                                    "customers:write",
                                    "Create, change, archive and restore customers, and add users",
                                ),
                            ],
                            max_length=32,
                        ),
                        default=customers.scopes.all_scopes,
                        size=None,
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        help_text="What it is for.",
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                ("prefix", models.CharField(editable=False, max_length=9)),
                ("last4", models.CharField(editable=False, max_length=4)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="customers.apikey",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="apikey",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="customers.organization"
            ),
        ),
        migrations.CreateModel(
            name="OrganizationEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", customers.models.base.UUIDv7Field(editable=False, serialize=False)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("slug", models.SlugField(db_index=False, help_text="Short name for commands.")),
                (
                    "name",
                    models.CharField(
                        max_length=255,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="customers.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PaymentMethod",
            fields=[
                (
                    "id",
                    customers.models.base.UUIDv7Field(
                        editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[("card", "Card"), ("standard_ach", "Bank account (ACH)")],
                        max_length=16,
                    ),
                ),
                (
                    "brand",
                    models.CharField(
                        blank=True,
                        help_text="Of a card: visa, mastercard, …",
                        max_length=32,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "last4",
                    models.CharField(
                        blank=True,
                        help_text="The last four digits.",
                        max_length=4,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                        verbose_name="last four",
                    ),
                ),
                (
                    "exp_month",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="expiry month"
                    ),
                ),
                (
                    "exp_year",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="expiry year"
                    ),
                ),
                (
                    "bank_name",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "processor",
                    models.CharField(
                        blank=True,
                        help_text="Who keeps it: stripe, adyen, …",
                        max_length=64,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "processor_token",
                    models.CharField(
                        blank=True,
                        help_text="The processor's name for it.",
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="payment_methods",
                        to="customers.customer",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CustomerEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", customers.models.base.UUIDv7Field(editable=False, serialize=False)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                (
                    "external_id",
                    models.CharField(
                        blank=True,
                        help_text="The caller's own id, unique among live customers.",
                        max_length=255,
                        null=True,
                        validators=[customers.validators.is_storable],
                    ),
                ),
                (
                    "processor_reference",
                    models.CharField(
                        blank=True,
                        help_text="The id in an integrated outside system, such as Stripe's cus_….",
                        max_length=255,
                        null=True,
                        validators=[customers.validators.is_storable],
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="A free label, not unique.",
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        max_length=254,
                        null=True,
                        validators=[customers.validators.no_card_number],
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "legal_name",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "legal_number",
                    models.CharField(
                        blank=True,
                        help_text="Company registration number.",
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "ein",
                    models.CharField(
                        blank=True,
                        help_text="As 12-3456789.",
                        max_length=10,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                            customers.validators.is_ein,
                        ],
                        verbose_name="EIN",
                    ),
                ),
                (
                    "address_line1",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "address_line2",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "city",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "postal_code",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        blank=True,
                        choices=customers.countries.choices,
                        error_messages={
                            "invalid_choice": "This is not a country. Give a two-letter ISO 3166 code, for example DE."
                        },
                        max_length=2,
                        null=True,
                        validators=[customers.validators.is_country],
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "url",
                    models.CharField(
                        blank=True,
                        max_length=2048,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                            customers.validators.is_web_url,
                        ],
                        verbose_name="URL",
                    ),
                ),
                (
                    "logo_url",
                    models.CharField(
                        blank=True,
                        max_length=2048,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                            customers.validators.is_web_url,
                        ],
                        verbose_name="logo URL",
                    ),
                ),
                (
                    "metadata",
                    customers.models.metadata.MetadataField(
                        blank=True, default=dict, validators=[customers.validators.is_metadata]
                    ),
                ),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="customers.customer",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.organization",
                    ),
                ),
                (
                    "default_payment_method",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.paymentmethod",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="customer",
            name="default_payment_method",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="customers.paymentmethod",
            ),
        ),
        migrations.CreateModel(
            name="PaymentMethodEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", customers.models.base.UUIDv7Field(editable=False, serialize=False)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[("card", "Card"), ("standard_ach", "Bank account (ACH)")],
                        max_length=16,
                    ),
                ),
                (
                    "brand",
                    models.CharField(
                        blank=True,
                        help_text="Of a card: visa, mastercard, …",
                        max_length=32,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "last4",
                    models.CharField(
                        blank=True,
                        help_text="The last four digits.",
                        max_length=4,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                        verbose_name="last four",
                    ),
                ),
                (
                    "exp_month",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="expiry month"
                    ),
                ),
                (
                    "exp_year",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="expiry year"
                    ),
                ),
                (
                    "bank_name",
                    models.CharField(
                        blank=True,
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "processor",
                    models.CharField(
                        blank=True,
                        help_text="Who keeps it: stripe, adyen, …",
                        max_length=64,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "processor_token",
                    models.CharField(
                        blank=True,
                        help_text="The processor's name for it.",
                        max_length=255,
                        null=True,
                        validators=[
                            customers.validators.is_storable,
                            customers.validators.no_card_number,
                        ],
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.organization",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="customers.paymentmethod",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=customers.models.base.TableConstraint(
                name="organization_id_tells_created_at",
                sql="CHECK (left(replace(id::text, '-', ''), 16) = lpad(to_hex((extract(epoch from created_at) * 1000000)::bigint / 1000), 12, '0') || '7' || lpad(to_hex(mod((extract(epoch from created_at) * 1000000)::bigint, 1000) * 4096 / 1000), 3, '0'))",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organization",
            trigger=pgtrigger.compiler.Trigger(
                name="raise_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; NEW.updated_at = CLOCK_TIMESTAMP(); RETURN NEW;",
                    hash="b9df87ee447739a6374f4d086a0e53c1bb947c70",
                    operation="UPDATE",
                    pgid="pgtrigger_raise_version_313f5",
                    table="customers_organization",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organization",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_organizationevent" ("created_at", "id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "updated_at", "version") VALUES (NEW."created_at", NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."slug", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="0bfe2ffb5e7600777441825928c1c190219d97c4",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6abc9",
                    table="customers_organization",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organization",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "customers_organizationevent" ("created_at", "id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "updated_at", "version") VALUES (NEW."created_at", NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."slug", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="89e508495bfaf5b2144415772171a1580492a898",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2ae00",
                    table="customers_organization",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organization",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_organizationevent" ("created_at", "id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "updated_at", "version") VALUES (OLD."created_at", OLD."id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."slug", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="dc56a8c6751b735b1e64dcb1b73e47e9c50c82ff",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_cda78",
                    table="customers_organization",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="oauthclientevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="267f59e25fe861c1c021993ce5ccb256d97bda2c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_52824",
                    table="customers_oauthclientevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="oauthclient",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["live", "test"])),
                name="oauthclient_mode_is_live_or_test",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="oauthclient",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_oauthclientevent" ("algorithm", "allowed_origins", "authorization_grant_type", "cimd_expires_at", "client_id", "client_type", "created", "expires_at", "hash_client_secret", "id", "mode", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_logout_redirect_uris", "redirect_uris", "registration_source", "revoked_at", "scopes", "skip_authorization", "updated", "user_id") VALUES (NEW."algorithm", NEW."allowed_origins", NEW."authorization_grant_type", NEW."cimd_expires_at", NEW."client_id", NEW."client_type", NEW."created", NEW."expires_at", NEW."hash_client_secret", NEW."id", NEW."mode", NEW."name", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."post_logout_redirect_uris", NEW."redirect_uris", NEW."registration_source", NEW."revoked_at", NEW."scopes", NEW."skip_authorization", NEW."updated", NEW."user_id"); RETURN NULL;',
                    hash="8036d298c3dbd3eea4d39dfa91a2e410a9e96588",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b38ef",
                    table="customers_oauthclient",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="oauthclient",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."algorithm" IS DISTINCT FROM (NEW."algorithm") OR OLD."allowed_origins" IS DISTINCT FROM (NEW."allowed_origins") OR OLD."authorization_grant_type" IS DISTINCT FROM (NEW."authorization_grant_type") OR OLD."cimd_expires_at" IS DISTINCT FROM (NEW."cimd_expires_at") OR OLD."client_id" IS DISTINCT FROM (NEW."client_id") OR OLD."client_type" IS DISTINCT FROM (NEW."client_type") OR OLD."created" IS DISTINCT FROM (NEW."created") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."hash_client_secret" IS DISTINCT FROM (NEW."hash_client_secret") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."mode" IS DISTINCT FROM (NEW."mode") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."post_logout_redirect_uris" IS DISTINCT FROM (NEW."post_logout_redirect_uris") OR OLD."redirect_uris" IS DISTINCT FROM (NEW."redirect_uris") OR OLD."registration_source" IS DISTINCT FROM (NEW."registration_source") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."scopes" IS DISTINCT FROM (NEW."scopes") OR OLD."skip_authorization" IS DISTINCT FROM (NEW."skip_authorization") OR OLD."updated" IS DISTINCT FROM (NEW."updated") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id"))',
                    func='INSERT INTO "customers_oauthclientevent" ("algorithm", "allowed_origins", "authorization_grant_type", "cimd_expires_at", "client_id", "client_type", "created", "expires_at", "hash_client_secret", "id", "mode", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_logout_redirect_uris", "redirect_uris", "registration_source", "revoked_at", "scopes", "skip_authorization", "updated", "user_id") VALUES (NEW."algorithm", NEW."allowed_origins", NEW."authorization_grant_type", NEW."cimd_expires_at", NEW."client_id", NEW."client_type", NEW."created", NEW."expires_at", NEW."hash_client_secret", NEW."id", NEW."mode", NEW."name", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."post_logout_redirect_uris", NEW."redirect_uris", NEW."registration_source", NEW."revoked_at", NEW."scopes", NEW."skip_authorization", NEW."updated", NEW."user_id"); RETURN NULL;',
                    hash="c05e7113c1dc47519a2570071f3449adf757e85f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_dcb1d",
                    table="customers_oauthclient",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="oauthclient",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_oauthclientevent" ("algorithm", "allowed_origins", "authorization_grant_type", "cimd_expires_at", "client_id", "client_type", "created", "expires_at", "hash_client_secret", "id", "mode", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_logout_redirect_uris", "redirect_uris", "registration_source", "revoked_at", "scopes", "skip_authorization", "updated", "user_id") VALUES (OLD."algorithm", OLD."allowed_origins", OLD."authorization_grant_type", OLD."cimd_expires_at", OLD."client_id", OLD."client_type", OLD."created", OLD."expires_at", OLD."hash_client_secret", OLD."id", OLD."mode", OLD."name", OLD."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."post_logout_redirect_uris", OLD."redirect_uris", OLD."registration_source", OLD."revoked_at", OLD."scopes", OLD."skip_authorization", OLD."updated", OLD."user_id"); RETURN NULL;',
                    hash="0cec282185e9e9a0657f2eebb0d1c064eb06a698",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_344b7",
                    table="customers_oauthclient",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membershipevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c8dc11206c04e72edf9822022760d12b6c7cc6b3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_396e4",
                    table="customers_membershipevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("organization", "staff_user"), name="membership_once_per_organization"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_membershipevent" ("id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "staff_user_id") VALUES (NEW."id", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."staff_user_id"); RETURN NULL;',
                    hash="1f5e6bb963a041d8b154b24d45319ed10c4a6d5c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_359f1",
                    table="customers_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "customers_membershipevent" ("id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "staff_user_id") VALUES (NEW."id", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."staff_user_id"); RETURN NULL;',
                    hash="416ffa115b5ba799adc4c6c0b303e949fa74a85e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8d2cb",
                    table="customers_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_membershipevent" ("id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "staff_user_id") VALUES (OLD."id", OLD."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."staff_user_id"); RETURN NULL;',
                    hash="70d9f36720b1f1f6b57cb53521aaa33f5336827d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_32226",
                    table="customers_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customeruserevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="59a03c0298ef274334a9d9fc3910d8197dae57db",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_46ab7",
                    table="customers_customeruserevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="customeruser",
            constraint=customers.models.base.TableConstraint(
                name="customeruser_id_tells_created_at",
                sql="CHECK (left(replace(id::text, '-', ''), 16) = lpad(to_hex((extract(epoch from created_at) * 1000000)::bigint / 1000), 12, '0') || '7' || lpad(to_hex(mod((extract(epoch from created_at) * 1000000)::bigint, 1000) * 4096 / 1000), 3, '0'))",
            ),
        ),
        migrations.AddConstraint(
            model_name="customeruser",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                models.F("customer"),
                django.db.models.functions.text.Lower("email"),
                name="customeruser_email_unique_per_customer",
                violation_error_message="This customer already has a user with this email.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customeruser",
            trigger=pgtrigger.compiler.Trigger(
                name="raise_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; NEW.updated_at = CLOCK_TIMESTAMP(); RETURN NEW;",
                    hash="0368ed7cafac34efc45b4486fb987d0aa38507e6",
                    operation="UPDATE",
                    pgid="pgtrigger_raise_version_28f41",
                    table="customers_customeruser",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customeruser",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_customeruserevent" ("created_at", "customer_id", "email", "first_name", "id", "last_name", "mode", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "version") VALUES (NEW."created_at", NEW."customer_id", NEW."email", NEW."first_name", NEW."id", NEW."last_name", NEW."mode", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="add269bd4b4c1614cde89201427e1e8a67b9eaeb",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ed7c2",
                    table="customers_customeruser",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customeruser",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "customers_customeruserevent" ("created_at", "customer_id", "email", "first_name", "id", "last_name", "mode", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "version") VALUES (NEW."created_at", NEW."customer_id", NEW."email", NEW."first_name", NEW."id", NEW."last_name", NEW."mode", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="bd79b66bc02c4d24927d59e4948c44bf51a5a913",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e875c",
                    table="customers_customeruser",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customeruser",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_customeruserevent" ("created_at", "customer_id", "email", "first_name", "id", "last_name", "mode", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "version") VALUES (OLD."created_at", OLD."customer_id", OLD."email", OLD."first_name", OLD."id", OLD."last_name", OLD."mode", OLD."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="f42c1c246ab01caa5ad83db05f9f01102b3b4f52",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d050e",
                    table="customers_customeruser",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="apikeyevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4c2a93ec34ba3fb5e5bd2b3895b53adfa2e4e817",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e720e",
                    table="customers_apikeyevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=customers.models.base.TableConstraint(
                name="apikey_id_tells_created_at",
                sql="CHECK (left(replace(id::text, '-', ''), 16) = lpad(to_hex((extract(epoch from created_at) * 1000000)::bigint / 1000), 12, '0') || '7' || lpad(to_hex(mod((extract(epoch from created_at) * 1000000)::bigint, 1000) * 4096 / 1000), 3, '0'))",
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.UniqueConstraint(fields=("digest",), name="apikey_digest_unique"),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["live", "test"])),
                name="apikey_mode_is_live_or_test",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="apikey",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_apikeyevent" ("created_at", "expires_at", "id", "last4", "mode", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "scopes") VALUES (NEW."created_at", NEW."expires_at", NEW."id", NEW."last4", NEW."mode", NEW."name", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."prefix", NEW."revoked_at", NEW."scopes"); RETURN NULL;',
                    hash="4ca9e9db44eb04501d20d54eed23b1f9221c7a45",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0abc2",
                    table="customers_apikey",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="apikey",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."last4" IS DISTINCT FROM (NEW."last4") OR OLD."mode" IS DISTINCT FROM (NEW."mode") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."prefix" IS DISTINCT FROM (NEW."prefix") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."scopes" IS DISTINCT FROM (NEW."scopes"))',
                    func='INSERT INTO "customers_apikeyevent" ("created_at", "expires_at", "id", "last4", "mode", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "scopes") VALUES (NEW."created_at", NEW."expires_at", NEW."id", NEW."last4", NEW."mode", NEW."name", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."prefix", NEW."revoked_at", NEW."scopes"); RETURN NULL;',
                    hash="6ee97520a4f5814cc94810a8f4c798713c171ec5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_16d24",
                    table="customers_apikey",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="apikey",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_apikeyevent" ("created_at", "expires_at", "id", "last4", "mode", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "scopes") VALUES (OLD."created_at", OLD."expires_at", OLD."id", OLD."last4", OLD."mode", OLD."name", OLD."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."prefix", OLD."revoked_at", OLD."scopes"); RETURN NULL;',
                    hash="cb06ccc4715af1e50e65d09a222ceb1cb73f3ac7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2049f",
                    table="customers_apikey",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organizationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f475ee36171f5ed2e6f10f2ec3f9701400aad33b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a7557",
                    table="customers_organizationevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentmethod",
            constraint=customers.models.base.TableConstraint(
                name="paymentmethod_id_tells_created_at",
                sql="CHECK (left(replace(id::text, '-', ''), 16) = lpad(to_hex((extract(epoch from created_at) * 1000000)::bigint / 1000), 12, '0') || '7' || lpad(to_hex(mod((extract(epoch from created_at) * 1000000)::bigint, 1000) * 4096 / 1000), 3, '0'))",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentmethod",
            constraint=models.UniqueConstraint(
                fields=("organization", "mode", "customer", "id"),
                name="paymentmethod_of_its_customer",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(("type__in", ["card", "standard_ach"])),
                name="paymentmethod_type_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(("last4__regex", "^[0-9]{4}$")),
                name="paymentmethod_last4_is_four_digits",
                violation_error_message="Give the last four digits, and only those.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(("exp_month__range", (1, 12))),
                name="paymentmethod_exp_month_is_month",
                violation_error_message="The expiry month is a number from 1 to 12.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(("exp_year__range", (2000, 2199))),
                name="paymentmethod_exp_year_is_year",
                violation_error_message="The expiry year has four digits.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("exp_month", None), ("exp_year", None)),
                    models.Q(("exp_month__isnull", False), ("exp_year__isnull", False)),
                    _connector="OR",
                ),
                name="paymentmethod_expiry_is_whole",
                violation_error_message="Give the expiry's month and year, or neither.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentmethod",
            trigger=pgtrigger.compiler.Trigger(
                name="raise_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; NEW.updated_at = CLOCK_TIMESTAMP(); RETURN NEW;",
                    hash="b7d92c8fab559f7d1f9631946ea4381e141b5216",
                    operation="UPDATE",
                    pgid="pgtrigger_raise_version_dc8b1",
                    table="customers_paymentmethod",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentmethod",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_paymentmethodevent" ("bank_name", "brand", "created_at", "customer_id", "exp_month", "exp_year", "id", "last4", "mode", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "processor", "processor_token", "type", "updated_at", "version") VALUES (NEW."bank_name", NEW."brand", NEW."created_at", NEW."customer_id", NEW."exp_month", NEW."exp_year", NEW."id", NEW."last4", NEW."mode", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."processor", NEW."processor_token", NEW."type", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="f7bd946de5fc26b615c3c025d07869ce7493f257",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ee871",
                    table="customers_paymentmethod",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentmethod",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "customers_paymentmethodevent" ("bank_name", "brand", "created_at", "customer_id", "exp_month", "exp_year", "id", "last4", "mode", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "processor", "processor_token", "type", "updated_at", "version") VALUES (NEW."bank_name", NEW."brand", NEW."created_at", NEW."customer_id", NEW."exp_month", NEW."exp_year", NEW."id", NEW."last4", NEW."mode", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."processor", NEW."processor_token", NEW."type", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="dabc9909b2c222c7df64455538eeb85867d5c816",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8c4b2",
                    table="customers_paymentmethod",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentmethod",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_paymentmethodevent" ("bank_name", "brand", "created_at", "customer_id", "exp_month", "exp_year", "id", "last4", "mode", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "processor", "processor_token", "type", "updated_at", "version") VALUES (OLD."bank_name", OLD."brand", OLD."created_at", OLD."customer_id", OLD."exp_month", OLD."exp_year", OLD."id", OLD."last4", OLD."mode", OLD."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."processor", OLD."processor_token", OLD."type", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="79c091f7d249b8acffbd15146f5bfbbc884de69d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fd518",
                    table="customers_paymentmethod",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customerevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="67bbcdaa8b0ad9058ebdd1abf75818e71639ffeb",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_92226",
                    table="customers_customerevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("archived_at", None)),
                fields=["organization", "mode", "id"],
                name="customer_live",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("organization"),
                models.F("mode"),
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("archived_at", None)),
                name="customer_live_email",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=customers.models.base.TableConstraint(
                name="customer_id_tells_created_at",
                sql="CHECK (left(replace(id::text, '-', ''), 16) = lpad(to_hex((extract(epoch from created_at) * 1000000)::bigint / 1000), 12, '0') || '7' || lpad(to_hex(mod((extract(epoch from created_at) * 1000000)::bigint, 1000) * 4096 / 1000), 3, '0'))",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("archived_at", None)),
                fields=("organization", "mode", "external_id"),
                name="customer_external_id_unique_among_live",
                violation_error_message="Another live customer has this external id.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.UniqueConstraint(
                fields=("organization", "mode", "id"), name="customer_in_its_organization"
            ),
        ),
        migrations.AddConstraint(
            model_name="customeruser",
            constraint=customers.models.base.TableConstraint(
                name="customeruser_customer_in_organization",
                sql="FOREIGN KEY (organization_id, mode, customer_id) REFERENCES customers_customer (organization_id, mode, id) DEFERRABLE INITIALLY DEFERRED",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentmethod",
            constraint=customers.models.base.TableConstraint(
                name="paymentmethod_customer_in_organization",
                sql="FOREIGN KEY (organization_id, mode, customer_id) REFERENCES customers_customer (organization_id, mode, id) DEFERRABLE INITIALLY DEFERRED",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["live", "test"])),
                name="customer_mode_is_live_or_test",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "country__in",
                        (
                            "AD",
                            "AE",
                            "AF",
                            "AG",
                            "AI",
                            "AL",
                            "AM",
                            "AO",
                            "AQ",
                            "AR",
                            "AS",
                            "AT",
                            "AU",
                            "AW",
                            "AX",
                            "AZ",
                            "BA",
                            "BB",
                            "BD",
                            "BE",
                            "BF",
                            "BG",
                            "BH",
                            "BI",
                            "BJ",
                            "BL",
                            "BM",
                            "BN",
                            "BO",
                            "BQ",
                            "BR",
                            "BS",
                            "BT",
                            "BV",
                            "BW",
                            "BY",
                            "BZ",
                            "CA",
                            "CC",
                            "CD",
                            "CF",
                            "CG",
                            "CH",
                            "CI",
                            "CK",
                            "CL",
                            "CM",
                            "CN",
                            "CO",
                            "CR",
                            "CU",
                            "CV",
                            "CW",
                            "CX",
                            "CY",
                            "CZ",
                            "DE",
                            "DJ",
                            "DK",
                            "DM",
                            "DO",
                            "DZ",
                            "EC",
                            "EE",
                            "EG",
                            "EH",
                            "ER",
                            "ES",
                            "ET",
                            "FI",
                            "FJ",
                            "FK",
                            "FM",
                            "FO",
                            "FR",
                            "GA",
                            "GB",
                            "GD",
                            "GE",
                            "GF",
                            "GG",
                            "GH",
                            "GI",
                            "GL",
                            "GM",
                            "GN",
                            "GP",
                            "GQ",
                            "GR",
                            "GS",
                            "GT",
                            "GU",
                            "GW",
                            "GY",
                            "HK",
                            "HM",
                            "HN",
                            "HR",
                            "HT",
                            "HU",
                            "ID",
                            "IE",
                            "IL",
                            "IM",
                            "IN",
                            "IO",
                            "IQ",
                            "IR",
                            "IS",
                            "IT",
                            "JE",
                            "JM",
                            "JO",
                            "JP",
                            "KE",
                            "KG",
                            "KH",
                            "KI",
                            "KM",
                            "KN",
                            "KP",
                            "KR",
                            "KW",
                            "KY",
                            "KZ",
                            "LA",
                            "LB",
                            "LC",
                            "LI",
                            "LK",
                            "LR",
                            "LS",
                            "LT",
                            "LU",
                            "LV",
                            "LY",
                            "MA",
                            "MC",
                            "MD",
                            "ME",
                            "MF",
                            "MG",
                            "MH",
                            "MK",
                            "ML",
                            "MM",
                            "MN",
                            "MO",
                            "MP",
                            "MQ",
                            "MR",
                            "MS",
                            "MT",
                            "MU",
                            "MV",
                            "MW",
                            "MX",
                            "MY",
                            "MZ",
                            "NA",
                            "NC",
                            "NE",
                            "NF",
                            "NG",
                            "NI",
                            "NL",
                            "NO",
                            "NP",
                            "NR",
                            "NU",
                            "NZ",
                            "OM",
                            "PA",
                            "PE",
                            "PF",
                            "PG",
                            "PH",
                            "PK",
                            "PL",
                            "PM",
                            "PN",
                            "PR",
                            "PS",
                            "PT",
                            "PW",
                            "PY",
                            "QA",
                            "RE",
                            "RO",
                            "RS",
                            "RU",
                            "RW",
                            "SA",
                            "SB",
                            "SC",
                            "SD",
                            "SE",
                            "SG",
                            "SH",
                            "SI",
                            "SJ",
                            "SK",
                            "SL",
                            "SM",
                            "SN",
                            "SO",
                            "SR",
                            "SS",
                            "ST",
                            "SV",
                            "SX",
                            "SY",
                            "SZ",
                            "TC",
                            "TD",
                            "TF",
                            "TG",
                            "TH",
                            "TJ",
                            "TK",
                            "TL",
                            "TM",
                            "TN",
                            "TO",
                            "TR",
                            "TT",
                            "TV",
                            "TW",
                            "TZ",
                            "UA",
                            "UG",
                            "UM",
                            "US",
                            "UY",
                            "UZ",
                            "VA",
                            "VC",
                            "VE",
                            "VG",
                            "VI",
                            "VN",
                            "VU",
                            "WF",
                            "WS",
                            "YE",
                            "YT",
                            "ZA",
                            "ZM",
                            "ZW",
                        ),
                    )
                ),
                name="customer_country_is_iso",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                name="customer_external_id_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=customers.models.base.TableConstraint(
                name="customer_metadata_is_object", sql="CHECK (jsonb_typeof(metadata) = 'object')"
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=customers.models.base.TableConstraint(
                name="customer_default_payment_method_is_its_own",
                sql="FOREIGN KEY (organization_id, mode, id, default_payment_method_id) REFERENCES customers_paymentmethod (organization_id, mode, customer_id, id) DEFERRABLE INITIALLY DEFERRED",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="raise_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; NEW.updated_at = CLOCK_TIMESTAMP(); RETURN NEW;",
                    hash="6eb2856cd4f882168f3e711787ad6c72f032ad49",
                    operation="UPDATE",
                    pgid="pgtrigger_raise_version_b3e25",
                    table="customers_customer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_customerevent" ("address_line1", "address_line2", "archived_at", "city", "country", "created_at", "default_payment_method_id", "ein", "email", "external_id", "id", "legal_name", "legal_number", "logo_url", "metadata", "mode", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "processor_reference", "reference", "state", "updated_at", "url", "version") VALUES (NEW."address_line1", NEW."address_line2", NEW."archived_at", NEW."city", NEW."country", NEW."created_at", NEW."default_payment_method_id", NEW."ein", NEW."email", NEW."external_id", NEW."id", NEW."legal_name", NEW."legal_number", NEW."logo_url", NEW."metadata", NEW."mode", NEW."name", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."phone", NEW."postal_code", NEW."processor_reference", NEW."reference", NEW."state", NEW."updated_at", NEW."url", NEW."version"); RETURN NULL;',
                    hash="f498e03a4813eaedeae1e38a663d29642a8489aa",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a36e0",
                    table="customers_customer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "customers_customerevent" ("address_line1", "address_line2", "archived_at", "city", "country", "created_at", "default_payment_method_id", "ein", "email", "external_id", "id", "legal_name", "legal_number", "logo_url", "metadata", "mode", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "processor_reference", "reference", "state", "updated_at", "url", "version") VALUES (NEW."address_line1", NEW."address_line2", NEW."archived_at", NEW."city", NEW."country", NEW."created_at", NEW."default_payment_method_id", NEW."ein", NEW."email", NEW."external_id", NEW."id", NEW."legal_name", NEW."legal_number", NEW."logo_url", NEW."metadata", NEW."mode", NEW."name", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."phone", NEW."postal_code", NEW."processor_reference", NEW."reference", NEW."state", NEW."updated_at", NEW."url", NEW."version"); RETURN NULL;',
                    hash="70a853434855048842dfe3f6e558f0f883ffd521",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ca86d",
                    table="customers_customer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_customerevent" ("address_line1", "address_line2", "archived_at", "city", "country", "created_at", "default_payment_method_id", "ein", "email", "external_id", "id", "legal_name", "legal_number", "logo_url", "metadata", "mode", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "processor_reference", "reference", "state", "updated_at", "url", "version") VALUES (OLD."address_line1", OLD."address_line2", OLD."archived_at", OLD."city", OLD."country", OLD."created_at", OLD."default_payment_method_id", OLD."ein", OLD."email", OLD."external_id", OLD."id", OLD."legal_name", OLD."legal_number", OLD."logo_url", OLD."metadata", OLD."mode", OLD."name", OLD."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."phone", OLD."postal_code", OLD."processor_reference", OLD."reference", OLD."state", OLD."updated_at", OLD."url", OLD."version"); RETURN NULL;',
                    hash="2346f9c7c10c72869ff3d0d9c787d1e5c48ed657",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_939ca",
                    table="customers_customer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentmethodevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="16df3fbe709e0a599f813fcd11c3db18e222b956",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_bfdfc",
                    table="customers_paymentmethodevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
