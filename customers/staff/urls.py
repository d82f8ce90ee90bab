"""URLs for signing in, for a first password, and for one's own account, under `/backoffice/`."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from customers.staff import passwords, views

app_name = "staff"

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", views.Password.as_view(), name="password"),
    path("account/link/", passwords.ChoosePassword.as_view(), name="choose_password"),
    path("account/link/<slug:token>/", passwords.OpenLink.as_view(), name="password_link"),
    path("account/", views.Account.as_view(), name="account"),
    path(
        "account/second-factor/",
        views.SetUpSecondFactor.as_view(),
        name="second_factor",
    ),
    path(
        "account/second-factor/remove/",
        views.RemoveSecondFactor.as_view(),
        name="remove_second_factor",
    ),
]
