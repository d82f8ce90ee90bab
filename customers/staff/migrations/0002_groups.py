"""What staff may do: the groups Viewer, Editor and Manager, each with all of the one before.

The permissions are those of `customers` as they were at this migration. Staff accounts, groups,
memberships and organizations are in none of them: superusers change those.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations

VIEWER = [
    "view_organization",
    "view_customer",
    "view_customeruser",
    "view_paymentmethod",
    "view_customerevent",
    "view_customeruserevent",
    "view_paymentmethodevent",
]
EDITOR = [
    *VIEWER,
    "add_customer",
    "change_customer",
    "import_customer",
    "export_customer",
    "add_customeruser",
    "change_customeruser",
    "delete_customeruser",
    "add_paymentmethod",
    "change_paymentmethod",
    "delete_paymentmethod",
]
MANAGER = [
    *EDITOR,
    "view_apikey",
    "add_apikey",
    "change_apikey",
    "view_oauthclient",
    "add_oauthclient",
    "change_oauthclient",
    "view_membership",
    "view_organizationevent",
    "view_membershipevent",
    "view_apikeyevent",
    "view_oauthclientevent",
    "view_idempotencyrecord",
]
GROUPS = {"Viewer": VIEWER, "Editor": EDITOR, "Manager": MANAGER}


def make_groups(apps, _schema_editor):
    # Django makes the permissions after the last migration, which is too late for this one.
    app_config = apps.get_app_config("customers")
    models_module = getattr(app_config, "models_module", None)
    app_config.models_module = models_module or True  # it asks whether there are any models
    create_permissions(app_config, apps=apps, verbosity=0)
    app_config.models_module = models_module

    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="customers"
    )
    by_codename = {permission.codename: permission for permission in permissions}
    for name, codenames in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*(by_codename[codename] for codename in codenames))


def delete_groups(apps, _schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0001_initial"),
        ("customers", "0003_triggers_and_storage"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, delete_groups)]
