"""The demo's recent history: what `manage.py demo` adds to the fixture, up to the day of its start.

It is drawn from the calendar alone, so all who start the demo on a day get the same rows, and it is
written with the store's own verbs and triggers, each change as at its time:

- `clock` stops the clocks at a time in the past; `chance` draws what is drawn, ids too; `times`
  has the days and times
- `cast` makes the people and the credentials that act
- `stories` says how a customer came and what was done to it since
- `calendar` has the customers of every day, `scenes` those that show something in particular,
  `files` the imports; `companies` has their names and places
- `history` puts all in order of time and lets it happen
"""
