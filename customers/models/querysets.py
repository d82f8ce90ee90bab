"""The queries of the store, and the two ways to create a customer.

Visibility is decided here: `visible_to` for a tenant, where every API and every page of the back
office starts, and `visible_to_staff` for the rows of several organizations in the admin.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import nullcontext, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connections, models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from customers.models import statements
from customers.models.compiled import fetch_rows, stored_columns
from customers.models.counting import Total, count_or_estimate, total
from customers.models.credential import Tenant
from customers.models.customer_filters import CustomerFilters
from customers.models.errors import EmailTaken, ExternalIdTaken, VersionMismatch, refusals
from customers.models.locks import in_transaction, wait_for_lock
from customers.models.matching import matching, resembling
from customers.models.search import Plain
from customers.values.api_keys import digest, is_api_key
from customers.values.cus_ids import PREFIX, decode
from customers.values.text import is_blank
from customers.values.validators import can_be_stored

if TYPE_CHECKING:
    from customers.models.customer import Customer
    from customers.models.issued_credentials import ApiKey
    from customers.models.organization import Organization  # noqa: F401 (in a string)
    from customers.staff.models import StaffUser

UNSEEN_ID = _("Give an id that can be seen.")

# PostgreSQL would read every row for SELECT DISTINCT; this asks the index for the next value only.
_COUNTRIES_PRESENT = """
SELECT DISTINCT found.country
FROM unnest(%(organizations)s::uuid[]) AS organization, unnest(%(modes)s::text[]) AS kind, LATERAL (
    WITH RECURSIVE present (country) AS (
        SELECT min(country) FROM customers_customer
        WHERE organization_id = organization AND mode = kind
        UNION ALL
        SELECT (
            SELECT min(country) FROM customers_customer
            WHERE organization_id = organization AND mode = kind AND country > present.country
        ) FROM present WHERE present.country IS NOT NULL
    )
    SELECT country FROM present WHERE country IS NOT NULL
) AS found
ORDER BY found.country
"""

_Row = TypeVar("_Row", bound=models.Model)

models.CharField.register_lookup(Lower)
models.CharField.register_lookup(Plain)


class VisibleQuerySet(models.QuerySet[_Row]):
    """Rows that belong to an organization and a mode."""

    def visible_to(self, tenant: Tenant) -> Self:
        """The tenant's rows, archived ones too."""
        return self.filter(**tenant.columns)


class SearchedManager(models.Manager[_Row]):
    """Of rows with a `search_text`, which is for conditions: it is not loaded."""

    def get_queryset(self) -> models.QuerySet[_Row]:
        return super().get_queryset().defer("search_text")


def visible_to_staff(rows: models.QuerySet[_Row], user: StaffUser) -> models.QuerySet[_Row]:
    """Those of `rows` that a staff member sees: the rows of the organizations they belong to.

    A superuser sees all.
    """
    return rows if user.is_superuser else rows.filter(organization__staff=user)


def read_id(text: str) -> UUID | None:
    """The id in a text, given as a UUID or as `cus_…`; None for any other text."""
    with suppress(ValueError):
        return decode(text) if text.startswith(PREFIX) else UUID(text)
    return None


def read_own_id(name: str) -> UUID | None:
    """The UUID that stands for a customer without an external id; None for any other text."""
    with suppress(ValueError):
        id = UUID(name)
        return id if str(id) == name else None
    return None


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Organizations."""

    def visible_to_staff(self, user: StaffUser) -> OrganizationQuerySet:
        """What a staff member sees: the organizations they belong to; a superuser sees all."""
        return self if user.is_superuser else self.filter(staff=user)


class ApiKeyQuerySet(VisibleQuerySet["ApiKey"]):
    """API keys."""

    def with_secret(self, secret: str) -> ApiKey | None:
        """The key with this secret, active or not; None, without a query, if it is not a key."""
        return self.filter(digest=digest(secret)).first() if is_api_key(secret) else None


# The checker makes an `as_manager` for each base, and takes the two for one.
class CustomerQuerySet(CustomerFilters, VisibleQuerySet["Customer"]):  # type: ignore[override]
    """Customers."""

    def known_as(self, *names: str) -> CustomerQuerySet:
        """Known to the caller by one of these ids: its external id or, without one, its UUID.

        Those with an external id come first.
        """
        ids = filter(None, map(read_own_id, names))
        known = Q(external_id__in=names) | Q(pk__in=list(ids), external_id=None)
        return self.filter(known).order_by("external_id")

    def known_by(self, name: str, id: UUID | None) -> CustomerQuerySet:
        """Known by this external id or, where it has none, by this UUID.

        If these are two customers', the one with the external id comes first.
        """
        known = (
            Q(external_id=name) if id is None else Q(external_id=name) | Q(pk=id, external_id=None)
        )
        return self.filter(known).order_by("external_id")

    def matching(self, typed: str) -> CustomerQuerySet:
        """Found by what a person typed: an id in any spelling, or parts of any text of theirs."""
        typed = typed.strip()
        id = read_id(typed)
        if id is not None and (found := self.filter(pk=id)).exists():
            return found  # else it may be another system's id
        return matching(self, typed) if can_be_stored(typed) else self.none()

    def resembling(self, typed: str, limit: int = 5) -> list[Customer]:
        """Those with a text spelled most like what a person typed."""
        return resembling(self, typed, limit) if can_be_stored(typed) else []

    def countries_present(self, tenant: Tenant) -> list[str]:
        """The countries that the tenant's customers are in."""
        return self.countries_of([tenant.organization_id], [tenant.mode])

    def countries_of(self, organizations: Collection[UUID], modes: Collection[str]) -> list[str]:
        """The countries that the customers of these are in: one index look-up for each."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                _COUNTRIES_PRESENT, {"organizations": list(organizations), "modes": list(modes)}
            )
            return [country for (country,) in cursor]

    def count_or_estimate(self) -> int:
        """How many rows there are, exactly or as the planner estimates."""
        return count_or_estimate(self)

    def total(self) -> Total:
        """How many rows there are, or about how many, soon enough for a page."""
        return total(self)

    def register(
        self,
        tenant: Tenant,
        values: Mapping[str, object],
        *,
        email_must_be_free: bool = False,
        created_at: datetime | None = None,
    ) -> Customer:
        """Create a customer of the tenant.

        The keys of `values` are in `Customer.WRITABLE`. `email_must_be_free` refuses an email that
        a live customer has, ignoring case. `created_at` is for a customer older than its row.

        Raises:
            ValidationError: keyed by field.
            EmailTaken, ExternalIdTaken: by another live customer.
        """
        customer = self._new(tenant, values, created_at)
        with in_transaction() if email_must_be_free else nullcontext(), refusals(savepoint=False):
            if email_must_be_free and customer.email:
                self.claim_email(tenant, customer.email)
            if not statements.insert(customer):
                raise ExternalIdTaken
        return customer

    def _new(
        self, tenant: Tenant, values: Mapping[str, object], created_at: datetime | None = None
    ) -> Customer:
        """A new customer that may be stored. Raises ValidationError."""
        customer = self.model(
            **tenant.columns,
            **self.model.writable(values),
            **({} if created_at is None else {"created_at": created_at}),
        )
        customer.clean_fields(exclude=self.model.WRITABLE - values.keys() | {"organization"})
        customer.clean()
        return customer

    def upsert(
        self,
        tenant: Tenant,
        external_id: str,
        values: Mapping[str, object],
        *,
        expecting: Collection[int] | None = None,
        or_own_id: bool = True,
    ) -> tuple[Customer, bool]:
        """Revise the live customer known by this id, or register one: (customer, is new).

        With `or_own_id` the UUID of a customer without an external id stands for one.

        Raises:
            ValidationError: keyed by field; also if nothing of the id can be seen.
            VersionMismatch: as `Customer.lock`; also if `expecting` is given and there is none.
        """
        if is_blank(external_id):
            raise ValidationError({"external_id": ValidationError(UNSEEN_ID, code="blank")})
        own_id = read_own_id(external_id) if or_own_id else None
        if expecting is None and own_id is None:
            new = self._new(tenant, {**values, "external_id": external_id})
            with refusals(savepoint=False):
                stored = statements.upsert(
                    new,
                    ["external_id", *values],
                    key=["organization", "mode", "external_id"],
                    among="archived_at IS NULL",
                )
            if stored is not None:
                return stored, stored.pk == new.pk
        # It is there as it should be, or known by its UUID, or expected at a version.
        while True:
            with in_transaction():
                customer = self._lock_known(tenant, external_id, own_id)
                if customer is not None:
                    customer.expect(expecting)
                    customer.write(values)
                    return customer, False
            if expecting is not None:
                raise VersionMismatch
            try:
                return self.register(tenant, {**values, "external_id": external_id}), True
            except ExternalIdTaken:
                continue  # another writer created it first: revise that one

    def _lock_known(self, tenant: Tenant, name: str, id: UUID | None) -> Customer | None:
        """The live customer known by this id, locked until the transaction ends."""
        values: dict[str, Any] = {**tenant.columns, "name": name}
        if id is not None:
            values["id"] = id
        rows = fetch_rows(_known_for_update, None, values)
        return self.model.from_db(self.db, stored_columns(self.model), rows[0]) if rows else None

    def claim_email(self, tenant: Tenant, email: str, *, but_for: UUID | None = None) -> None:
        """Refuse an email in use, and let no one else claim it until this transaction ends.

        `but_for` is the customer that may have it.

        Without the lock two racing creates would both look, both find the email free, and both
        insert it.
        """
        wait_for_lock("email", tenant, email)
        holders = self.visible_to(tenant).live().with_email(email)
        if (holders.exclude(pk=but_for) if but_for else holders).exists():
            raise EmailTaken


def _known_for_update(_shape: None, values: Mapping[str, Any]) -> models.QuerySet[Any, Any]:
    customers = apps.get_model("customers", "Customer").objects
    tenant = Tenant(values["organization_id"], values["mode"])
    known = customers.visible_to(tenant).live().known_by(values["name"], values.get("id"))
    return known.select_for_update().values_list(*stored_columns(customers.model))[:1]
