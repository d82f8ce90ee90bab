"""Runs the events of the demo's history that have not been run yet."""

from __future__ import annotations

from datetime import UTC, date
from itertools import chain

from django.utils import timezone

from billing.demo import calendar, clock, files, scenes
from billing.demo.cast import ACME, SYNC, Cast
from billing.demo.stories import Event, Story
from billing.demo.times import MINUTE, at
from customers.models import ApiKey, Customer

# What was ever created, even if someone has removed it since.
_CustomerEvent = Customer._meta.get_field("events").related_model
_ApiKeyEvent = ApiKey._meta.get_field("events").related_model


def add_history() -> int:
    """Add the events until the last midnight (UTC). Returns the number of events added.

    The first time these are two years'. Later they are the customers of the days since then, so
    that the demo stays current. Existing rows are left as they are, and a second call on the same
    day adds nothing.
    """
    today = timezone.now().astimezone(UTC).date()
    with clock.stopped():
        cast = Cast()
        events = _missing_events(today)
        for event in events:
            event.run(cast)
        for used, moment in cast.uses.items():
            with clock.showing(moment, ""):
                used.touch_last_used()
    return len(events)


def _missing_events(today: date) -> list[Event]:
    """The events to add, in order of time, until a minute after midnight."""
    is_new = not _ApiKeyEvent._default_manager.filter(
        organization__slug=ACME, name=SYNC, pgh_context__actor__label="mara"
    ).exists()
    stories = list(calendar.stories(today))
    if is_new:
        stories += scenes.stories(today)
    known = _known(stories)
    found = chain.from_iterable(story.events for story in stories if story.id not in known)
    if is_new:
        found = chain(scenes.staff_and_credentials(today), files.imports(today), found)
    end = at(today) + MINUTE
    return sorted((one for one in found if one.at < end), key=lambda one: (one.at, one.key))


def _known(stories: list[Story]) -> set[object]:
    """The ids of the customers that an earlier start of the demo has created."""
    events = _CustomerEvent._default_manager.filter(
        pgh_obj__in=[story.id for story in stories], pgh_label="insert"
    )
    return set(events.values_list("pgh_obj_id", flat=True))
