"""The forms of signing in and of the second factor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from customers.staff.models import StaffUser
from customers.staff.second_factor import check_code, has_second_factor


class CodeField(forms.CharField):
    """A code of an authenticator app, or a recovery code."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        )
        super().__init__(max_length=32, widget=widget, **options)


class SignInForm(AuthenticationForm):
    """A name, a password and, where the account has a second factor, a code."""

    code = CodeField(
        label=_("Code from your authenticator app, if you set one up"),
        help_text=_("Without your app, give one of your recovery codes."),
        required=False,
    )
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "There is no staff account with this user name and password. Check both; capital and "
            "small letters differ."
        ),
    }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        user: StaffUser | None = self.get_user()
        if user is not None and has_second_factor(user):
            self._take_code(user)
        return cleaned

    def _take_code(self, user: StaffUser) -> None:
        code = self.cleaned_data.get("code")
        if not code:
            told = _("This account needs a code from its authenticator app, or a recovery code.")
            self.add_error("code", ValidationError(told, code="missing"))
            return
        try:
            # Where django-otp looks for it while it signs the person in.
            user.otp_device = check_code(user, code)  # type: ignore[attr-defined]
        except ValidationError as error:
            self.add_error("code", error)


class CodeForm(forms.Form):
    """A code that is asked for once more."""

    code = CodeField(label=_("Code"))
