"""The customers of every day: the same for a day whenever the demo is started."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

from billing.demo.cast import (
    AIKO,
    CHECKOUT,
    GLOBEX,
    LIVE,
    MARA,
    OTHER_LIVE,
    OTHER_TEST,
    SHOP,
    SYNC,
    TEST,
    TOMAS,
    Home,
)
from billing.demo.chance import letters, number, pick
from billing.demo.companies import address, company
from billing.demo.stories import Story, add_card, add_user, archive, restore, revise
from billing.demo.times import DAY, MINUTE, SECOND, after_midnight, at_work, months_until

HOMES = [LIVE, TEST, OTHER_LIVE, OTHER_TEST]
NIGHTS = 7

LAGO, BILLABEAR, VATLY, REGISTRY = "lago", "billabear", "vatly", "registry"
ALTERNATIVE_PAYMENTS = "alternative-payments"

PEOPLE = [
    ("Noor", "Haddad"),
    ("Elena", "Sokolova"),
    ("Mateus", "Prado"),
    ("Ingrid", "Solheim"),
    ("Kofi", "Mensah"),
    ("Yuki", "Arai"),
]


def stories(today: date) -> Iterator[Story]:
    """The stories of the last two years, more of them in the last one, and of today."""
    for age, month in enumerate(reversed(months_until(today))):
        for home in HOMES:
            each_month = (3 if age < 12 else 2) if home == LIVE else 1
            for day in _days(month, home, each_month):
                if day < today:
                    yield _by_day(day, home)
    for home in HOMES:
        for age in range(NIGHTS if home == LIVE else 1):
            yield _by_night(today - age * DAY, home)


def _days(month: date, home: Home, count: int) -> list[date]:
    """Some days of a month, `count` or up to two more; a smaller `count` has the first of them."""
    key = f"{home} {month}"
    more = number(key, 3) if count > 1 else 0
    days = sorted(range(28), key=lambda day: number(f"{key} {day}", 1 << 32))
    return [month + day * DAY for day in days[: count + more]]


def _by_night(day: date, home: Home) -> Story:
    """A customer of another system, which sends its new customers after midnight."""
    key = f"{home} night {day}"
    moment = after_midnight(day, key)
    values = {name: value for name, value in company(day, 0, home).items() if name != "ein"}
    return Story(key, home, moment, SYNC, values, through=LAGO)


def _by_day(day: date, home: Home) -> Story:
    """A customer of the working day, created in one of four ways."""
    key = f"{home} day {day}"
    moment = at_work(day, key)
    values = company(day, 1, home)
    ways = [_by_staff, _by_checkout, _by_shop, _by_sync] if home == LIVE else [_by_staff, _by_sync]
    story = pick(f"{key} way", ways)(key, home, moment, values)
    for turn in range(number(f"{key} turns", 3) if home == LIVE else 0):
        pick(f"{key} turn {turn}", TURNS)(story, f"{key} turn {turn}")
    return story


# --- How a customer is created --------------------------------------------------------------------

Values = dict[str, str | None]


def _by_staff(key: str, home: Home, moment: datetime, values: Values) -> Story:
    who = AIKO if home.slug == GLOBEX else pick(f"{key} who", [TOMAS, AIKO, MARA])
    return Story(key, home, moment, who, values)


def _by_checkout(key: str, home: Home, moment: datetime, values: Values) -> Story:
    known = {name: value for name, value in values.items() if name != "phone"}
    story = Story(key, home, moment, CHECKOUT, known, through=ALTERNATIVE_PAYMENTS)
    first, last = pick(key, PEOPLE)
    user = add_user(first, last, f"{first.lower()}@{_domain(values)}")
    story.then(3 * SECOND, CHECKOUT, user, through=ALTERNATIVE_PAYMENTS)
    brand = pick(f"{key} brand", ["visa", "mastercard", "amex"])
    last4 = f"{number(f'{key} last four', 10000):04}"
    expires = moment + timedelta(days=200 + number(f"{key} expires", 1200))
    return story.then(26 * MINUTE, TOMAS, add_card(brand, last4, expires), reason="First order")


def _by_shop(key: str, home: Home, moment: datetime, values: Values) -> Story:
    """A shop knows an email and a country; someone asks for the rest."""
    known = {
        "email": values["email"],
        "country": values["country"],
        "reference": f"Order {10000 + number(key, 90000)}",
        "processor_reference": f"cus_{letters(key, 14)}",
    }
    story = Story(key, home, moment, SHOP, known, through=BILLABEAR)
    rest = {name: value for name, value in values.items() if name not in known and value}
    return story.then(DAY, AIKO, revise(**rest), reason="Completed from the order")


def _by_sync(key: str, home: Home, moment: datetime, values: Values) -> Story:
    known = {name: value for name, value in values.items() if name != "ein"}
    return Story(key, home, moment, SYNC, known, through=LAGO)


def _domain(values: Mapping[str, object]) -> str:
    return str(values["email"]).partition("@")[2]


# --- What happens to it later ---------------------------------------------------------------------


def _moves(story: Story, key: str) -> None:
    new = address(key, str(story.values["country"]))
    after = timedelta(days=20 + number(key, 150))
    story.then(after, pick(key, [TOMAS, AIKO]), revise(**new), reason="Moved, as their letter says")


def _changes_email(story: Story, key: str) -> None:
    after = timedelta(days=5 + number(key, 200))
    email = f"invoices{number(key, 90)}@{_domain(story.values)}"
    story.then(after, SHOP, revise(email=email), through=VATLY)


def _is_labelled(story: Story, key: str) -> None:
    label = {"segment": pick(key, ["retail", "wholesale", "public"]), "source": "web shop"}
    after = timedelta(days=1 + number(key, 60))
    story.then(after, SHOP, revise(metadata=label), through=VATLY)


def _is_referenced(story: Story, key: str) -> None:
    after = timedelta(days=3 + number(key, 90))
    reference = f"Contract {2000 + number(key, 7000)}"
    story.then(after, SHOP, revise(reference=reference), through=BILLABEAR)


def _gives_website(story: Story, key: str) -> None:
    after = timedelta(days=1 + number(key, 40))
    website = f"https://www.{_domain(story.values)}/"
    story.then(after, SYNC, revise(url=website), through=LAGO)


def _leaves(story: Story, key: str) -> None:
    after = timedelta(days=60 + number(key, 200))
    story.then(after, MARA, archive, reason="Closed its business")


def _is_mistaken(story: Story, key: str) -> None:
    after = timedelta(days=30 + number(key, 120))
    story.then(after, TOMAS, archive, reason="No order for a long time")
    story.then(6 * DAY, AIKO, restore, reason="Archived by mistake: it ordered again")


TURNS: list[Callable[[Story, str], None]] = [
    *(_moves, _moves, _changes_email, _is_labelled, _is_labelled, _is_referenced),
    *(_gives_website, _gives_website, _leaves, _is_mistaken),
]
