"""The suggestions of the search box, which are a page too, and the keys of the back office."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.backoffice.filters import no_grouped_card_number
from customers.backoffice.pages import Page
from customers.backoffice.recent import recent
from customers.forms import PlainForm
from customers.insights.suggestions import Suggestion, suggestions

#: What is typed is sought from this length on.
SHORTEST = 2
#: A cookie with the value "off" if the person wants no shortcuts of one key (WCAG 2.1.4).
KEYS_COOKIE = "single_keys"
_REMEMBERED_FOR = 365 * 24 * 60 * 60


class FindForm(PlainForm):
    """What was typed so far."""

    q = forms.CharField(
        label=gettext_lazy("Any id, email, name, phone or city"),
        required=False,
        max_length=255,
        validators=[no_grouped_card_number],
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class Find(Page):
    """The customers that match what is typed, with why; if nothing is typed, those viewed last.

    With `options` in the query it is the list alone, which the script shows below the search box.
    """

    permission = "customers.view_customer"
    template_name = "backoffice/find.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = FindForm(request.GET)
        typed = form.cleaned_data["q"] if form.is_valid() else ""
        live = self.scope.customers.live()
        found: list[Suggestion] | None
        if form.errors or 0 < len(typed) < SHORTEST:
            found = []
        elif typed:
            found = suggestions(live, typed)
        else:
            seen = recent(request, self.scope.tenant, live)
            found = [Suggestion(customer, []) for customer in seen]
        return self.render(
            template="backoffice/_options.html" if "options" in request.GET else "",
            status=400 if form.errors and "options" not in request.GET else 200,
            title=_("Find a customer") if typed else _("Recently viewed"),
            form=form,
            typed_text=typed,
            found=found,
        )


class Keys(Page):
    """The keys of the back office, and whether those without Ctrl are on."""

    permission = "customers.view_customer"
    section = "keys"
    template_name = "backoffice/keys.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render(title=_("Keys"))

    def post(self, request: HttpRequest) -> HttpResponse:
        is_on = request.POST.get("single_keys") == "on"
        messages.success(request, _("Single keys are on.") if is_on else _("Single keys are off."))
        response = self.go("keys")
        response.set_cookie(
            KEYS_COOKIE,
            "on" if is_on else "off",
            max_age=_REMEMBERED_FOR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
        return response
