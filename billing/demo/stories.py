"""The events of the demo's history, and the story of one customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from billing.demo import clock
from billing.demo.cast import Cast, Home
from billing.demo.chance import first_id
from billing.demo.times import DAY, at_work
from customers.models import Customer
from customers.models.credential import Credential
from customers.models.history import acting

Action = Callable[[Customer], object]


@dataclass(frozen=True, slots=True)
class Event:
    """An action at a time, by someone, through a contract or in the back office."""

    at: datetime
    key: str
    home: Home
    by: str
    do: Callable[[Credential], object]
    through: str = ""
    reason: str = ""
    changes_cast: bool = False

    def run(self, cast: Cast) -> None:
        """Act, recorded as a request would be. Nothing happens if the actor is gone."""
        with clock.showing(self.at, self.key):
            credential = cast.credential(self.home, self.by)
            if credential is None:
                return
            context = {"contract": self.through, "reason": self.reason}
            if credential.actor.kind != "command":
                context["request_id"] = str(first_id(self.at, f"{self.key} request"))
            with acting(
                credential.actor, **{name: value for name, value in context.items() if value}
            ):
                self.do(credential)
            if self.changes_cast:
                cast.refresh()


class Story:
    """A customer that is created at a time, and what is done to it later."""

    def __init__(
        self,
        key: str,
        home: Home,
        at: datetime,
        by: str,
        values: Mapping[str, object],
        *,
        through: str = "",
    ) -> None:
        self.key, self.home, self.at, self.values = key, home, at, values
        self.events: list[Event] = []
        self._add(
            at,
            by,
            lambda credential: Customer.objects.register(credential.tenant, values),
            through=through,
            reason="",
        )

    @property
    def id(self) -> UUID:
        """The customer's id, known before the customer is created."""
        return first_id(self.at, f"{self.key} 0")

    def then(
        self, after: timedelta, by: str, do: Action, *, through: str = "", reason: str = ""
    ) -> Self:
        """Do something to the customer, a time after the previous event.

        If that is a day or more, the time of day is a random one.
        """
        moment = self.events[-1].at + after
        if after >= DAY:
            moment = at_work(moment.date(), f"{self.key} {len(self.events)}")
        return self.then_at(moment, by, do, through=through, reason=reason)

    def then_at(
        self, moment: datetime, by: str, do: Action, *, through: str = "", reason: str = ""
    ) -> Self:
        """Do something to the customer at a time."""

        def to_customer(credential: Credential) -> None:
            customer = Customer.objects.visible_to(credential.tenant).filter(pk=self.id).first()
            if customer is not None:  # else the one who would have created it is gone
                do(customer)

        self._add(moment, by, to_customer, through=through, reason=reason)
        return self

    def _add(
        self,
        at: datetime,
        by: str,
        do: Callable[[Credential], object],
        *,
        through: str,
        reason: str,
    ) -> None:
        key = f"{self.key} {len(self.events)}"
        self.events.append(Event(at, key, self.home, by, do, through, reason))


# --- Actions --------------------------------------------------------------------------------------


def revise(**changes: object) -> Action:
    return lambda customer: customer.revise(changes)


def add_user(first_name: str, last_name: str, email: str) -> Action:
    return lambda customer: customer.add_user(
        email=email, first_name=first_name, last_name=last_name
    )


def add_card(brand: str, last4: str, expires: datetime) -> Action:
    """A card that expires with a month."""
    return lambda customer: customer.add_payment_method(
        type="card",
        brand=brand,
        last4=last4,
        exp_month=expires.month,
        exp_year=expires.year,
        processor="stripe",
        processor_token=f"pm_{brand}_{last4}",
    )


def add_bank_account(bank_name: str, last4: str) -> Action:
    return lambda customer: customer.add_payment_method(
        type="standard_ach", bank_name=bank_name, last4=last4, processor="stripe"
    )


def renew_card(last4: str, expires: datetime) -> Action:
    """The same card with a later expiry."""
    return lambda customer: customer.payment_methods.get(last4=last4).revise(
        {"exp_month": expires.month, "exp_year": expires.year}
    )


archive: Action = Customer.archive
restore: Action = Customer.restore
