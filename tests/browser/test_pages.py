"""Every page, wide and narrow, in light and dark: no WCAG violation, and no overflow.

A new URL fails here until it is in one of the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.urls import URLResolver
from playwright.sync_api import Page

from customers.backoffice import urls as backoffice_urls
from customers.staff import urls as staff_urls
from tests.browser.support import World, faults

#: The URLs of pages, by name.
PAGES = {
    "backoffice:home": "",
    "backoffice:customers": "customers/?status=all",
    "backoffice:find": "customers/find/?q=wolf",
    "backoffice:keys": "keys/",
    "backoffice:customer_new": "customers/new/",
    "backoffice:customer": "customers/{world.customer.pk}/",
    "backoffice:customer_developers": "customers/{world.customer.pk}/developers/",
    "backoffice:customer_as_of": "customers/{world.customer.pk}/as-of/?at={world.begun}",
    "backoffice:customer_edit": "customers/{world.customer.pk}/edit/",
    "backoffice:customer_archive": "customers/{world.customer.pk}/archive/",
    "backoffice:customer_restore": "customers/{world.archived.pk}/restore/",
    "backoffice:undo": "customers/{world.customer.pk}/undo/customer/{world.customer.pk}/2/",
    "backoffice:note_add": "customers/{world.customer.pk}/notes/add/",
    "backoffice:user_add": "customers/{world.customer.pk}/users/add/",
    "backoffice:user_edit": "customers/{world.customer.pk}/users/{world.user.pk}/",
    "backoffice:user_remove": "customers/{world.customer.pk}/users/{world.user.pk}/remove/",
    "backoffice:payment_method_add": "customers/{world.customer.pk}/payment-methods/add/",
    "backoffice:payment_method_edit": (
        "customers/{world.customer.pk}/payment-methods/{world.method.pk}/"
    ),
    "backoffice:payment_method_remove": (
        "customers/{world.customer.pk}/payment-methods/{world.method.pk}/remove/"
    ),
    "backoffice:activity": "activity/",
    "backoffice:selected": "customers/selected/{world.selection.pk}/",
    "backoffice:views": "customers/views/",
    "backoffice:view_new": "customers/views/new/?country=DE",
    "backoffice:view_edit": "customers/views/{world.view.pk}/",
    "backoffice:duplicate": "duplicates/{world.customer.pk}/{world.twin.pk}/",
    "backoffice:imports": "imports/",
    "backoffice:import_new": "imports/new/",
    "backoffice:import": "imports/{world.refused.pk}/",
    "backoffice:import_row": "imports/{world.refused.pk}/rows/2/",
    "backoffice:import_discard": "imports/{world.refused.pk}/discard/",
    "backoffice:import_columns": "imports/{world.waiting.pk}/columns/",
    "backoffice:import_undo": "imports/{world.applied.pk}/undo/",
    "backoffice:credentials": "credentials/",
    "backoffice:credential_new": "credentials/new/",
    "backoffice:credential_secret": "credentials/key/{world.key.pk}/secret/",
    "backoffice:credential_rotate": "credentials/key/{world.key.pk}/replace/",
    "backoffice:credential_revoke": "credentials/client/{world.client.pk}/revoke/",
    "backoffice:colleagues": "colleagues/",
    "backoffice:colleague_invite": "colleagues/invite/",
    "backoffice:colleague": "colleagues/{world.colleague.pk}/",
    "backoffice:colleague_deactivate": "colleagues/{world.colleague.pk}/deactivate/",
    "backoffice:colleague_reactivate": "colleagues/{world.colleague.pk}/reactivate/",
    "backoffice:colleague_new_link": "colleagues/{world.colleague.pk}/link/",
    "backoffice:colleague_link": "colleagues/{world.colleague.pk}/link/{world.link.pk}/",
    "backoffice:webhooks": "webhooks/",
    "backoffice:webhook_new": "webhooks/new/",
    "backoffice:webhook": "webhooks/{world.webhook.pk}/",
    "backoffice:webhook_edit": "webhooks/{world.webhook.pk}/edit/",
    "backoffice:webhook_rotate": "webhooks/{world.webhook.pk}/new-secret/",
    "backoffice:webhook_remove": "webhooks/{world.webhook.pk}/remove/",
    "backoffice:webhook_redeliver_range": "webhooks/{world.webhook.pk}/again/",
    "backoffice:webhook_delivery": ("webhooks/{world.webhook.pk}/deliveries/{world.delivery.pk}/"),
    "staff:account": "/backoffice/account/",
    "staff:password": "/backoffice/password/",
    "staff:second_factor": "/backoffice/account/second-factor/",
    "staff:remove_second_factor": "/backoffice/account/second-factor/remove/",
}
#: URLs of files, redirects and pages that are tested elsewhere.
NO_PAGES = {
    *("backoffice:start", "backoffice:anywhere", "backoffice:export", "backoffice:import_template"),
    *("backoffice:import_check", "backoffice:import_confirm", "backoffice:import_refused"),
    *("backoffice:payment_method_default", "staff:logout"),
    "backoffice:customer_restore_then",  # in test_as_of.py
    *("backoffice:duplicates", "backoffice:not_duplicates"),  # in test_duplicates.py
    *("backoffice:note_pin", "backoffice:note_remove"),  # the latter in test_notes.py
    *("backoffice:customer_preview", "backoffice:customer_new_preview"),
    *("backoffice:selection", "staff:login"),  # in test_states.py
    *("staff:password_link", "staff:choose_password"),  # in test_colleagues.py
    *("backoffice:webhook_test", "backoffice:webhook_redeliver", "backoffice:webhook_secret"),
}


def addresses(patterns: Iterable[Any], space: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, space)
        else:
            yield f"{space}:{pattern.name}"


def test_every_url_is_in_the_tables() -> None:
    known = {
        *addresses(backoffice_urls.urlpatterns, "backoffice"),
        *addresses(staff_urls.urlpatterns, "staff"),
    }

    assert known == PAGES.keys() | NO_PAGES
    assert not PAGES.keys() & NO_PAGES


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_pages_are_accessible(sara: Page, world: World, part: int) -> None:
    found = []
    for name, address in sorted(PAGES.items())[part::4]:
        response = sara.goto(world.address(address))
        assert response is not None
        assert response.status == 200, name
        assert sara.url.endswith(world.address(address)), name
        found += faults(sara, name)
    assert found == []
