"""Forms for signing in and for the second factor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from customers.staff.models import StaffUser
from customers.staff.second_factor import check_code, has_second_factor


class CodeField(forms.CharField):
    """A code from an authenticator app, or a recovery code."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        )
        super().__init__(max_length=32, widget=widget, **options)


class SignInForm(AuthenticationForm):
    """A user name, a password and, for an account with a second factor, a code."""

    code = CodeField(
        label=_("Code from your authenticator app, if you set one up"),
        help_text=_("If you do not have your app, enter a recovery code."),
        required=False,
    )
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "Enter the correct user name and password of a staff account. Both are case-sensitive."
        ),
    }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        user: StaffUser | None = self.get_user()
        if user is not None and has_second_factor(user):
            self._check_code(user)
        return cleaned

    def _check_code(self, user: StaffUser) -> None:
        code = self.cleaned_data.get("code")
        if not code:
            message = _("Enter the code from your authenticator app, or a recovery code.")
            self.add_error("code", ValidationError(message, code="missing"))
            return
        try:
            # django-otp reads this when it signs the person in.
            user.otp_device = check_code(user, code)  # type: ignore[attr-defined]
        except ValidationError as error:
            self.add_error("code", error)


class CodeForm(forms.Form):
    """Asks for a code."""

    code = CodeField(label=_("Code"))
