"""What demonstrates a feature, dated from the day on which the demo is first started."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial

from billing.demo.calendar import ALTERNATIVE_PAYMENTS, BILLABEAR, LAGO, REGISTRY, VATLY
from billing.demo.cast import (
    AIKO,
    BOSS,
    CHECKOUT,
    COMMAND,
    LIVE,
    MARA,
    MIGRATION,
    OLD_CRM,
    OTHER_LIVE,
    OTHER_TEST,
    PEOPLE,
    REPORTS,
    SHOP,
    SYNC,
    TEST,
    TOMAS,
    Home,
    employ,
    issue_client,
    issue_key,
    key_of,
)
from billing.demo.stories import (
    Action,
    Event,
    Story,
    add_bank_account,
    add_card,
    add_user,
    archive,
    renew_card,
    restore,
    revise,
)
from billing.demo.times import DAY, HOUR, MINUTE, SECOND, after_midnight, at, at_work, months_until
from customers.models import Mode
from customers.models.scopes import READ


def opening(today: date) -> datetime:
    """When the demo's organizations begin to work here: a week before the first month."""
    return at(months_until(today)[0] - 7 * DAY, 8)


def staff_and_credentials(today: date) -> Iterator[Event]:
    """The staff, and the credentials: active, expiring soon, expired and revoked."""
    begin = opening(today)
    for number, person in enumerate(PEOPLE):
        moment = begin + number * 4 * MINUTE
        yield _for_cast(moment, LIVE, BOSS, person.username, partial(employ, person))
    for number, home in enumerate([LIVE, OTHER_LIVE, TEST, OTHER_TEST]):
        moment = begin + HOUR + number * MINUTE
        by = MARA if home.mode == Mode.LIVE else COMMAND
        yield _for_cast(moment, home, by, f"{SYNC} {home}", partial(issue_key, home, SYNC))
    yield from _by_mara(
        (begin + 2 * HOUR, SHOP, partial(issue_key, LIVE, SHOP)),
        (begin + 3 * HOUR, OLD_CRM, partial(issue_key, LIVE, OLD_CRM)),
        (begin + 4 * HOUR, REPORTS, partial(issue_key, LIVE, REPORTS, scopes=[READ])),
        (
            begin + 5 * HOUR,
            MIGRATION,
            partial(issue_key, LIVE, MIGRATION, expires_at=begin + 90 * DAY),
        ),
        (begin + 6 * HOUR, CHECKOUT, partial(issue_client, LIVE, CHECKOUT)),
        (begin + 7 * HOUR, f"{CHECKOUT} test", partial(issue_client, TEST, CHECKOUT)),
        (at(today - 100 * DAY, 15), f"{OLD_CRM} revoked", _revoke_old_crm),
        (at(today - 3 * DAY, 9), f"{SHOP} ends", partial(_end_shop, at(today + 4 * DAY, 9))),
        (at(today - 3 * DAY, 9, 1), f"{SHOP} 2", partial(issue_key, LIVE, SHOP, generation=2)),
    )
    yield _for_cast(at(today, 0, 0, 40), LIVE, REPORTS, f"{REPORTS} reads", lambda: None)


def _by_mara(*actions: tuple[datetime, str, Callable[[], None]]) -> Iterator[Event]:
    for moment, what, do in actions:
        yield _for_cast(moment, LIVE, MARA, what, do)


def _for_cast(moment: datetime, home: Home, by: str, what: str, do: Callable[[], None]) -> Event:
    return Event(moment, what, home, by, lambda _credential: do(), changes_cast=True)


def _revoke_old_crm() -> None:
    key = key_of(LIVE, OLD_CRM)
    assert key is not None
    key.revoke()


def _end_shop(end: datetime) -> None:
    key = key_of(LIVE, SHOP)
    assert key is not None
    key.expires_at = end
    key.save(update_fields=["expires_at"])


def stories(today: date) -> Iterator[Story]:
    """Customers whose card expires, that look like another one, or that changed often."""
    yield from _with_cards(today)
    yield from _alike(today)
    yield _changed_often(today)


def _with_cards(today: date) -> Iterator[Story]:
    def last_of(months: int) -> datetime:
        number = today.year * 12 + today.month - 1 + months
        return at(date(number // 12, number % 12 + 1, 28))

    cards: list[tuple[str, str, str, int, list[tuple[timedelta, Action, str]]]] = [
        ("Seaview Hotels", "visa", "1881", 0, []),
        ("Blue Heron Press", "mastercard", "5100", 1, []),
        ("Northgate Cinema", "amex", "0126", -1, []),
        (
            "Fernhill Farm Shop",
            "visa",
            "0077",
            -2,
            [(125 * DAY, renew_card("0077", last_of(34)), "The bank sent a new card")],
        ),
        (
            "Copperfield Tea Rooms",
            "mastercard",
            "8210",
            1,
            [
                (
                    70 * DAY,
                    add_bank_account("Harbor Savings", "3310"),
                    "Wants to pay from an account",
                )
            ],
        ),
    ]
    for number, (name, brand, last4, months, later) in enumerate(cards):
        mailbox = f"accounts@{name.lower().replace(' ', '-')}.example"
        values = {
            "external_id": f"S-{101 + number}",
            "name": name,
            "email": mailbox,
            "country": "GB",
        }
        moment = at_work(today - (210 - 9 * number) * DAY, name)
        story = Story(name, LIVE, moment, TOMAS, values)
        story.then(11 * MINUTE, TOMAS, add_card(brand, last4, last_of(months)))
        for after, do, reason in later:
            story.then(after, AIKO, do, reason=reason)
        yield story


def _alike(today: date) -> Iterator[Story]:
    """Two pairs of customers that may each be one: by email, and by name and postal code."""
    twins: list[tuple[str, int, str, str, dict[str, object]]] = [
        (
            "Rosewood Interiors",
            160,
            SYNC,
            LAGO,
            {"external_id": "S-201", "email": "hello@rosewood.example", "country": "GB"},
        ),
        (
            "Rosewood Interiors Ltd.",
            41,
            CHECKOUT,
            ALTERNATIVE_PAYMENTS,
            {"email": "Hello@rosewood.example", "city": "Bath", "country": "GB"},
        ),
        (
            "Café Lumière",
            133,
            TOMAS,
            "",
            {"external_id": "S-203", "postal_code": "33000", "city": "Bordeaux", "country": "FR"},
        ),
        ("CAFE LUMIERE", 19, SYNC, LAGO, {"postal_code": "33000", "country": "FR"}),
    ]
    for name, age, by, through, values in twins:
        moment = at_work(today - age * DAY, name)
        yield Story(name, LIVE, moment, by, {"name": name, **values}, through=through)


def _changed_often(today: date) -> Story:
    """A customer with a long history: every contract and several people have changed it."""
    name = "Meridian Instruments"
    story = Story(
        name,
        LIVE,
        at_work(today - 330 * DAY, name),
        OLD_CRM,
        {"email": "office@meridian.example", "country": "DE", "reference": "CRM 4471"},
        through=BILLABEAR,
    )
    named = revise(
        external_id="S-301",
        name=name,
        legal_name="Meridian Instruments GmbH",
        legal_number="HRB 55501",
        address_line1="Speicherstraße 12",
        city="Bremen",
        postal_code="28195",
    )
    moved = revise(address_line1="Werftstraße 3", postal_code="28217")
    labels = {"segment": "industry", "newsletter": "yes"}
    renamed = revise(legal_name="Meridian Instruments SE", legal_number="HRB 55909")
    card = add_card("visa", "4242", at(today + 20 * DAY))
    lena = add_user("Lena", "Brandt", "lena@meridian.example")
    omar = add_user("Omar", "Farouk", "omar@meridian.example")
    bank = add_bank_account("Weser Sparkasse", "2219")

    story.then(2 * DAY, AIKO, named, reason="Completed from the contract")
    story.then(25 * MINUTE, AIKO, card, reason="First order")
    story.then(12 * DAY, SYNC, revise(phone="+49 421 555 0100"), through=LAGO)
    story.then(30 * DAY, CHECKOUT, lena, through=ALTERNATIVE_PAYMENTS)
    story.then(21 * DAY, SHOP, revise(metadata=labels), through=VATLY)
    story.then(33 * DAY, SHOP, revise(email="invoices@meridian.example"), through=VATLY)
    story.then(20 * DAY, TOMAS, moved, reason="Moved, as their letter says")
    story.then(48 * DAY, MARA, archive, reason="Contract ended")
    story.then(9 * DAY, MARA, restore, reason="Signed a new contract")
    story.then(40 * MINUTE, TOMAS, bank, reason="Wants to pay from an account")
    story.then(60 * DAY, CHECKOUT, omar, through=REGISTRY)
    story.then(30 * DAY, AIKO, renamed, reason="Change of legal form, as the register has it")
    story.then(51 * DAY, SYNC, revise(url="https://meridian.example/"), through=LAGO)
    last_night = after_midnight(today, story.key) + 29 * SECOND
    phone = revise(phone="+49 421 555 0177")
    return story.then_at(last_night, SYNC, phone, through=LAGO)
