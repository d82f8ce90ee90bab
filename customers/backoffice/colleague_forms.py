"""The forms for colleagues. Each offers only what the person may give."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.forms import PlainForm
from customers.models import Organization
from customers.staff.colleagues import Powers, state_of
from customers.staff.models import StaffUser
from customers.values.demo_credentials import is_refused
from customers.values.validators import validate_no_card_number, validate_storable

NAME_IS_TAKEN = gettext_lazy("This user name is taken. Give another one.")
_LONGEST_NAME = 150


def _text(label: Any, **options: Any) -> forms.CharField:
    checks = [
        MaxLengthValidator(_LONGEST_NAME),
        validate_storable,
        validate_no_card_number,
        *options.pop("checks", []),
    ]
    return forms.CharField(label=label, validators=checks, **options)


class ColleagueForm(PlainForm):
    """A colleague's role and organizations."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "A Viewer looks at customers, an Editor also changes them, and a Manager also handles "
            "credentials and colleagues."
        ),
    )
    organizations = forms.MultipleChoiceField(
        label=gettext_lazy("Organizations"), widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any, *, powers: Powers, colleague: StaffUser | None = None, **options: Any
    ) -> None:
        self.powers = powers
        if colleague is not None:
            options["initial"] = _initial(colleague)
        super().__init__(data, **options)
        role, organizations = self.fields["role"], self.fields["organizations"]
        role.choices = [(str(group.pk), group.name) for group in powers.groups]  # type: ignore[attr-defined]
        organizations.choices = [(str(row.pk), row.name) for row in powers.organizations]  # type: ignore[attr-defined]
        if colleague is None:
            return
        groups = colleague.groups.all()
        if colleague.is_superuser or not powers.may_manage(colleague):
            del self.fields["role"]
        elif len(groups) != 1:
            names = ", ".join(group.name for group in groups) or _("none")
            keep = ("", _("As it is: %(groups)s") % {"groups": names})
            role.choices = [keep, *role.choices]  # type: ignore[attr-defined]
            role.required = False
        # Someone who is in others, or sees all, may leave those of the person.
        organizations.required = not (colleague.is_superuser or powers.elsewhere(colleague))

    @property
    def chosen_group(self) -> Group | None:
        """The chosen group. None leaves those that the colleague has."""
        chosen = self.cleaned_data.get("role")
        return next((row for row in self.powers.groups if str(row.pk) == chosen), None)

    @property
    def chosen_organizations(self) -> list[Organization]:
        """The chosen ones."""
        chosen = self.cleaned_data["organizations"]
        return [row for row in self.powers.organizations if str(row.pk) in chosen]


class InviteForm(ColleagueForm):
    """A new colleague."""

    first_name = _text(gettext_lazy("First name"))
    last_name = _text(gettext_lazy("Last name"), required=False)
    email = forms.EmailField(
        label=gettext_lazy("Email"), validators=[validate_storable, validate_no_card_number]
    )
    username = _text(
        gettext_lazy("User name"),
        checks=[UnicodeUsernameValidator()],
        help_text=gettext_lazy("What they sign in with."),
    )

    field_order = ("first_name", "last_name", "email", "username", "role", "organizations")

    def clean_username(self) -> str:
        username: str = StaffUser.normalize_username(self.cleaned_data["username"])
        if is_refused(username) or StaffUser.objects.filter(username__iexact=username).exists():
            raise ValidationError(NAME_IS_TAKEN)
        return username

    @property
    def about_person(self) -> dict[str, str]:
        return {
            name: self.cleaned_data[name]
            for name in ("first_name", "last_name", "email", "username")
        }


def _initial(colleague: StaffUser) -> dict[str, Any]:
    groups = [str(group.pk) for group in colleague.groups.all()]
    return {
        "role": groups[0] if len(groups) == 1 else "",
        "organizations": [str(row.pk) for row in colleague.organizations.all()],
        "seen": state_of(colleague),
    }
