"""The URLs of the back office. Most begin with an organization and a mode."""

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter

from customers.backoffice import (
    change,
    colleagues,
    credentials,
    duplicates,
    notes,
    related,
    saved_views,
    webhook_deliveries,
    webhooks,
)
from customers.backoffice.activity import Activity
from customers.backoffice.as_of import AsOf, RestoreThen
from customers.backoffice.customer_list import CustomerList
from customers.backoffice.customer_page import CustomerPage
from customers.backoffice.developers import DevelopersPage
from customers.backoffice.find import Find, Keys
from customers.backoffice.home import Home
from customers.backoffice.new_customer import NewCustomer, PreviewNew
from customers.backoffice.pages import anywhere, start
from customers.backoffice.selection import Export, Select, Selected
from customers.backoffice.undo import Undo
from customers.insights.timeline import MODELS


class ModeConverter(StringConverter):
    """`live` or `test`."""

    regex = "live|test"


class KindConverter(StringConverter):
    """`key` or `client`."""

    regex = "key|client"


class WhatConverter(StringConverter):
    """What a change was made to, as the timeline calls it."""

    regex = "|".join(MODELS)


register_converter(ModeConverter, "mode")
register_converter(KindConverter, "kind")
register_converter(WhatConverter, "what")

app_name = "backoffice"

of_customer: list[URLPattern | URLResolver] = [
    path("", CustomerPage.as_view(), name="customer"),
    path("developers/", DevelopersPage.as_view(), name="customer_developers"),
    path("as-of/", AsOf.as_view(), name="customer_as_of"),
    path("as-of/restore/", RestoreThen.as_view(), name="customer_restore_then"),
    path("edit/", change.EditCustomer.as_view(), name="customer_edit"),
    path("edit/preview/", change.PreviewEdit.as_view(), name="customer_preview"),
    path("archive/", change.Archive.as_view(), name="customer_archive"),
    path("restore/", change.Restore.as_view(), name="customer_restore"),
    path("undo/<what:what>/<uuid:row_id>/<int:version>/", Undo.as_view(), name="undo"),
    path("notes/add/", notes.AddNote.as_view(), name="note_add"),
    path("notes/<uuid:row_id>/pin/", notes.PinNote.as_view(), name="note_pin"),
    path("notes/<uuid:row_id>/remove/", notes.RemoveNote.as_view(), name="note_remove"),
    path("users/add/", related.AddUser.as_view(), name="user_add"),
    path("users/<uuid:row_id>/", related.EditUser.as_view(), name="user_edit"),
    path("users/<uuid:row_id>/remove/", related.RemoveUser.as_view(), name="user_remove"),
    path("payment-methods/add/", related.AddPaymentMethod.as_view(), name="payment_method_add"),
    path(
        "payment-methods/<uuid:row_id>/",
        related.EditPaymentMethod.as_view(),
        name="payment_method_edit",
    ),
    path(
        "payment-methods/<uuid:row_id>/remove/",
        related.RemovePaymentMethod.as_view(),
        name="payment_method_remove",
    ),
    path(
        "payment-methods/<uuid:row_id>/default/",
        related.MakeDefault.as_view(),
        name="payment_method_default",
    ),
]

of_credential: list[URLPattern | URLResolver] = [
    path("secret/", credentials.Secret.as_view(), name="credential_secret"),
    path("replace/", credentials.Rotate.as_view(), name="credential_rotate"),
    path("revoke/", credentials.Revoke.as_view(), name="credential_revoke"),
]

of_colleague: list[URLPattern | URLResolver] = [
    path("", colleagues.EditColleague.as_view(), name="colleague"),
    path("deactivate/", colleagues.DeactivateColleague.as_view(), name="colleague_deactivate"),
    path("reactivate/", colleagues.ReactivateColleague.as_view(), name="colleague_reactivate"),
    path("link/", colleagues.NewLink.as_view(), name="colleague_new_link"),
    path("link/<int:link>/", colleagues.Link.as_view(), name="colleague_link"),
]

of_webhook: list[URLPattern | URLResolver] = [
    path("", webhooks.Webhook.as_view(), name="webhook"),
    path("edit/", webhooks.EditWebhook.as_view(), name="webhook_edit"),
    path("new-secret/", webhooks.RotateWebhook.as_view(), name="webhook_rotate"),
    path("secret/", webhooks.WebhookSecret.as_view(), name="webhook_secret"),
    path("remove/", webhooks.RemoveWebhook.as_view(), name="webhook_remove"),
    path("test/", webhook_deliveries.TestWebhook.as_view(), name="webhook_test"),
    path("again/", webhook_deliveries.RedeliverRange.as_view(), name="webhook_redeliver_range"),
    path(
        "deliveries/<int:delivery_id>/",
        webhook_deliveries.WebhookDelivery.as_view(),
        name="webhook_delivery",
    ),
    path(
        "deliveries/<int:delivery_id>/again/",
        webhook_deliveries.Redeliver.as_view(),
        name="webhook_redeliver",
    ),
]

pages: list[URLPattern | URLResolver] = [
    path("", Home.as_view(), name="home"),
    path("customers/", CustomerList.as_view(), name="customers"),
    path("customers/new/", NewCustomer.as_view(), name="customer_new"),
    path("customers/new/preview/", PreviewNew.as_view(), name="customer_new_preview"),
    path("customers/selected/", Select.as_view(), name="selection"),
    path("customers/selected/<uuid:id>/", Selected.as_view(), name="selected"),
    path("customers/find/", Find.as_view(), name="find"),
    path("customers/views/", saved_views.SavedViews.as_view(), name="views"),
    path("customers/views/new/", saved_views.SaveView.as_view(), name="view_new"),
    path("customers/views/<uuid:id>/", saved_views.EditView.as_view(), name="view_edit"),
    path("customers/export.csv", Export.as_view(), name="export"),
    path("customers/<uuid:id>/", include(of_customer)),
    path("keys/", Keys.as_view(), name="keys"),
    path("duplicates/", duplicates.Queue.as_view(), name="duplicates"),
    path(
        "duplicates/<uuid:id>/<uuid:other_id>/",
        duplicates.ComparePair.as_view(),
        name="duplicate",
    ),
    path(
        "duplicates/<uuid:id>/<uuid:other_id>/not/",
        duplicates.NotDuplicates.as_view(),
        name="not_duplicates",
    ),
    path("imports/", include("customers.backoffice.imports.urls")),
    path("activity/", Activity.as_view(), name="activity"),
    path("credentials/", credentials.Credentials.as_view(), name="credentials"),
    path("credentials/new/", credentials.Issue.as_view(), name="credential_new"),
    path("credentials/<kind:kind>/<slug:id>/", include(of_credential)),
    path("colleagues/", colleagues.Colleagues.as_view(), name="colleagues"),
    path("colleagues/invite/", colleagues.InviteColleague.as_view(), name="colleague_invite"),
    path("colleagues/<int:id>/", include(of_colleague)),
    path("webhooks/", webhooks.Webhooks.as_view(), name="webhooks"),
    path("webhooks/new/", webhooks.NewWebhook.as_view(), name="webhook_new"),
    path("webhooks/<uuid:id>/", include(of_webhook)),
]

urlpatterns = [
    path("", start, name="start"),
    path("customers/<uuid:id>/", anywhere, name="anywhere"),
    path("<slug:organization>/<mode:mode>/", include(pages)),
]
