"""What staff may do: the groups Viewer, Editor and Manager, each with all of the one before.

Groups and organizations are in none of them: superusers change those. Staff accounts are not
either, but a Manager may invite colleagues, within what `customers.staff.colleagues` allows.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps as current_apps
from django.apps.registry import Apps

_VIEWER = [
    "view_organization",
    "view_customer",
    "view_customeruser",
    "view_paymentmethod",
    "view_customerevent",
    "view_customeruserevent",
    "view_paymentmethodevent",
    "view_customernoteevent",
]
_EDITOR = [
    *_VIEWER,
    "add_customer",
    "change_customer",
    "import_customer",
    "export_customer",
    "add_customeruser",
    "change_customeruser",
    "delete_customeruser",
    "add_customernote",
    "change_customernote",
    "delete_customernote",
    "add_paymentmethod",
    "change_paymentmethod",
    "delete_paymentmethod",
]
_MANAGER = [
    *_EDITOR,
    "view_apikey",
    "add_apikey",
    "change_apikey",
    "view_oauthclient",
    "add_oauthclient",
    "change_oauthclient",
    "view_membership",
    "manage_colleagues",
    "view_organizationevent",
    "view_membershipevent",
    "view_apikeyevent",
    "view_oauthclientevent",
    "view_idempotencyrecord",
    "view_webhookendpoint",
    "add_webhookendpoint",
    "change_webhookendpoint",
    "view_webhookendpointevent",
]
#: The permissions of each, all of them of these apps.
APPS = ("customers", "webhooks")
GROUPS = {"Viewer": _VIEWER, "Editor": _EDITOR, "Manager": _MANAGER}


def make_missing_groups(using: str, apps: Apps = current_apps, **_: Any) -> None:
    """Make the groups that do not exist. One that exists is left as superusers have changed it.

    `migrate` may have stopped at a state of the apps that has no groups or permissions yet.
    """
    try:
        groups = apps.get_model("auth", "Group")._default_manager.using(using)
        permissions = apps.get_model("auth", "Permission")._default_manager.using(using)
    except LookupError:
        return
    ours = permissions.filter(content_type__app_label__in=APPS)
    for name, codenames in GROUPS.items():
        given = list(ours.filter(codename__in=codenames))
        if len(given) == len(codenames) and not groups.filter(name=name).exists():
            groups.create(name=name).permissions.set(given)
