"""The registry as a test double, for the tests of other projects: `python -m billing double`.

One process serves every contract on a loopback port, from a database of its own in a private
PostgreSQL. What takes long is made once and kept in the user's cache folder: a database with the
tables, the cast of the demo as `personas`, and public `credentials`. A run begins with a copy of it
(`databases`), and `state` puts back what a test has changed.

`application` is the ASGI application: the registry's own `billing.front`, with `faults` before it,
and beside it the control address `/_double/` (`control`). `server` is a small HTTP server, because
what has to fail here is the connection too.

`pytest_customer_registry` starts all this for tests in Python. It imports nothing of this package.
"""
