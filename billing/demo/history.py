"""Lets the demo's history happen, as far as it has not happened yet."""

from __future__ import annotations

from datetime import UTC, date
from itertools import chain

from django.utils import timezone

from billing.demo import calendar, clock, files, scenes
from billing.demo.cast import ACME, SYNC, Cast
from billing.demo.stories import Happening, Story
from billing.demo.times import MINUTE, at
from customers.models import ApiKey, Customer

# The events tell what was ever there, also where someone has removed it.
_CustomerEvent = Customer._meta.get_field("events").related_model
_ApiKeyEvent = ApiKey._meta.get_field("events").related_model


def add_history() -> int:
    """Add what happened until the last midnight (UTC); how much that was.

    The first time this is two years. Later it is the customers of the days since then, so that the
    demo stays young; what is there is left as it is. Twice on a day is once.
    """
    today = timezone.now().astimezone(UTC).date()
    with clock.stopped():
        cast = Cast()
        happenings = _not_yet_happened(today)
        for happening in happenings:
            happening.happen(cast)
        for used, moment in cast.uses.items():
            with clock.showing(moment, ""):
                used.touch_last_used()
    return len(happenings)


def _not_yet_happened(today: date) -> list[Happening]:
    """In order of time, until a minute after midnight."""
    is_new = not _ApiKeyEvent._default_manager.filter(
        organization__slug=ACME, name=SYNC, pgh_context__actor__label="mara"
    ).exists()
    told = list(calendar.stories(today))
    if is_new:
        told += scenes.stories(today)
    known = _known(told)
    found = chain.from_iterable(story.happenings for story in told if story.id not in known)
    if is_new:
        found = chain(scenes.staff_and_credentials(today), files.imports(today), found)
    end = at(today) + MINUTE
    return sorted((one for one in found if one.at < end), key=lambda one: (one.at, one.key))


def _known(told: list[Story]) -> set[object]:
    """The ids of stories that have begun at an earlier start of the demo."""
    events = _CustomerEvent._default_manager.filter(
        pgh_obj__in=[story.id for story in told], pgh_label="insert"
    )
    return set(events.values_list("pgh_obj_id", flat=True))
