"""The URLs of the back office. Most begin with an organization and a mode."""

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter

from customers.backoffice import change, colleagues, credentials, related
from customers.backoffice.customer_list import CustomerList
from customers.backoffice.customer_page import CustomerPage
from customers.backoffice.home import Home
from customers.backoffice.pages import anywhere, start
from customers.backoffice.selection import Export, Selection


class ModeConverter(StringConverter):
    """`live` or `test`."""

    regex = "live|test"


class KindConverter(StringConverter):
    """`key` or `client`."""

    regex = "key|client"


register_converter(ModeConverter, "mode")
register_converter(KindConverter, "kind")

app_name = "backoffice"

of_customer: list[URLPattern | URLResolver] = [
    path("", CustomerPage.as_view(), name="customer"),
    path("edit/", change.EditCustomer.as_view(), name="customer_edit"),
    path("archive/", change.Archive.as_view(), name="customer_archive"),
    path("restore/", change.Restore.as_view(), name="customer_restore"),
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

pages: list[URLPattern | URLResolver] = [
    path("", Home.as_view(), name="home"),
    path("customers/", CustomerList.as_view(), name="customers"),
    path("customers/new/", change.NewCustomer.as_view(), name="customer_new"),
    path("customers/selected/", Selection.as_view(), name="selection"),
    path("customers/export.csv", Export.as_view(), name="export"),
    path("customers/<uuid:id>/", include(of_customer)),
    path("imports/", include("customers.backoffice.imports.urls")),
    path("credentials/", credentials.Credentials.as_view(), name="credentials"),
    path("credentials/new/", credentials.Issue.as_view(), name="credential_new"),
    path("credentials/<kind:kind>/<slug:id>/", include(of_credential)),
    path("colleagues/", colleagues.Colleagues.as_view(), name="colleagues"),
    path("colleagues/invite/", colleagues.InviteColleague.as_view(), name="colleague_invite"),
    path("colleagues/<int:id>/", include(of_colleague)),
]

urlpatterns = [
    path("", start, name="start"),
    path("customers/<uuid:id>/", anywhere, name="anywhere"),
    path("<slug:organization>/<mode:mode>/", include(pages)),
]
