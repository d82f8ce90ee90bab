"""Rows as fixtures: what `dumpdata` writes, `loaddata` reads, and nothing is lost on the way.

- `json` and `jsonl` are Django's formats, but for the `times` in them
- `history` loads the events that a fixture has
"""
