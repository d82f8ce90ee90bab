"""The demo's recent history: what `manage.py demo` adds to the fixture, up to the day of its start.

It depends on the date alone, so everyone who starts the demo on a day gets the same rows. It is
written with the store's own methods and triggers, each change at its own time:

- `clock` stops the clocks at a time in the past; `chance` makes the random choices, also of ids;
  `times` has the days and times
- `cast` creates the people and the credentials that act
- `stories` has the events of one customer
- `calendar` has the customers of every day, `scenes` those that demonstrate a feature, `files` the
  imports; `companies` has their names and places
- `documentation` builds the site that the demo serves at `/docs/`
- `history` puts the events in order of time and runs them
"""
