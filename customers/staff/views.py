"""Views for signing in and for one's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView
from django_otp import login as verify

from customers.staff import second_factor
from customers.staff.forms import CodeForm, SignInForm
from customers.staff.models import StaffUser

if TYPE_CHECKING:
    CodeFormView = FormView[CodeForm]
else:
    CodeFormView = FormView


class SignIn(LoginView):
    """The login page of the admin and the back office."""

    template_name = "staff/sign_in.html"
    form_class = SignInForm


class OwnAccount(LoginRequiredMixin):
    """A page about the signed-in person's account."""

    request: HttpRequest

    @property
    def user(self) -> StaffUser:
        assert isinstance(self.request.user, StaffUser)
        return self.request.user


class Account(OwnAccount, TemplateView):
    """Shows the person's groups, organizations and second factor."""

    template_name = "staff/account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            groups=self.user.groups.order_by("name"),
            organizations=self.user.organizations.all(),
            has_second_factor=second_factor.has_second_factor(self.user),
            recovery_codes_left=second_factor.recovery_codes_left(self.user),
            **kwargs,
        )


class Password(OwnAccount, PasswordChangeView):
    """Changes the password."""

    template_name = "staff/password.html"
    success_url = reverse_lazy("staff:account")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password was changed."))
        return super().form_valid(form)


class OfSecondFactor(OwnAccount, CodeFormView):
    """A page that asks for a code."""

    form_class = CodeForm
    success_url = reverse_lazy("staff:account")

    def form_valid(self, form: CodeForm) -> HttpResponse:
        try:
            return self.accept(form.cleaned_data["code"])
        except ValidationError as error:
            form.add_error("code", error)
            return self.form_invalid(form)

    def accept(self, code: str) -> HttpResponse:
        """Handle a submitted code. Raises ValidationError if it is wrong."""
        raise NotImplementedError


class SetUpSecondFactor(OfSecondFactor):
    """Shows the secret for the person's app, and checks its first code."""

    template_name = "staff/second_factor.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, StaffUser) and second_factor.has_second_factor(request.user):
            return redirect("staff:account")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        app = second_factor.app_in_set_up(self.user)
        return super().get_context_data(
            picture=second_factor.picture(app), secret=second_factor.secret(app), **kwargs
        )

    def accept(self, code: str) -> HttpResponse:
        app, recovery_codes = second_factor.finish_set_up(self.user, code)
        verify(self.request, app)
        return render(self.request, "staff/recovery_codes.html", {"codes": recovery_codes})


class RemoveSecondFactor(OfSecondFactor):
    """Removes the second factor."""

    template_name = "staff/remove_second_factor.html"

    def accept(self, code: str) -> HttpResponse:
        second_factor.check_code(self.user, code)
        second_factor.remove(self.user)
        messages.success(self.request, _("The second factor was removed."))
        return redirect(self.get_success_url())
