"""The page where someone chooses a password by a link that a colleague made.

The link's own address answers with a redirect: a digest of the token is kept in the session, so
that the page with the form, and whatever is opened from it, has an address without a secret.
Opening the link does not use it up, because programs that look at mail open links too. Every link
that does not work, for whatever reason, gets the same answer.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from axes.utils import reset
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.forms import SetPasswordForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from customers.models import RequestCount
from customers.models.history import acting
from customers.staff.lockout import address
from customers.staff.models import PasswordLink, StaffUser
from customers.values.api_keys import digest

_LINK = "password_link"  # session key
_WINDOW = timedelta(hours=1)


class PasswordLinkPage(View):
    """A page of a link. Too many links that do not work lock an address, as failed sign-ins do."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if RequestCount.of(_caller(request), _window()) >= settings.SIGN_IN_FAILURES_PER_ADDRESS:
            return _too_many(request)
        return super().dispatch(request, *args, **kwargs)

    def refuse(self, request: HttpRequest) -> HttpResponse:
        """Answer for a link that does not work."""
        request.session.pop(_LINK, None)
        return render(request, "staff/link_is_over.html", status=404)


class OpenLink(PasswordLinkPage):
    """The address of a link."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if PasswordLink.working(digest(token)) is None:
            RequestCount.add(_caller(request), _window())
            response = self.refuse(request)
        else:
            request.session[_LINK] = digest(token)
            response = redirect("staff:choose_password")
        # Only here: without a referrer, browsers hide the origin of a form, and Django refuses it.
        response["Referrer-Policy"] = "no-referrer"
        return response


class ChoosePassword(PasswordLinkPage):
    """Sets the password of the account that the opened link is for."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        link = PasswordLink.working(request.session.get(_LINK, ""))
        if link is None:
            return self.refuse(request)
        return self.show(SetPasswordForm(link.staff_user), link.staff_user)

    def post(self, request: HttpRequest) -> HttpResponse:
        opened = request.session.get(_LINK, "")
        with transaction.atomic():
            link = PasswordLink.working(opened)
            if link is not None:
                link.staff_user.lock()
                # Whoever had the lock may have used the link, or made it void.
                link = PasswordLink.working(opened)
            if link is None:
                return self.refuse(request)
            person = link.staff_user
            form = SetPasswordForm(person, request.POST)
            if not form.is_valid():
                return self.show(form, person)
            with acting(person.actor):
                link.use(form.cleaned_data["new_password1"])
        reset(username=person.get_username())  # who has forgotten the password has tried others
        logout(request)  # whoever used this browser before
        messages.success(
            request,
            _("Your password is set. Sign in as %(username)s.")
            % {"username": person.get_username()},
        )
        return redirect("staff:login")

    def show(self, form: SetPasswordForm[StaffUser], person: StaffUser) -> HttpResponse:
        context = {"form": form, "person": person}
        status = 400 if form.errors else 200
        return render(self.request, "staff/choose_password.html", context, status=status)


def _caller(request: HttpRequest) -> str:
    return f"password links {address(request)}"


def _window() -> Any:
    """The start of the present hour."""
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def _too_many(request: HttpRequest) -> HttpResponse:
    wait = _window() + _WINDOW - timezone.now()
    page = render(request, "staff/too_many_links.html", status=429)
    page["Retry-After"] = str(math.ceil(wait.total_seconds()))
    page["Referrer-Policy"] = "no-referrer"
    return page
