"""Django's PostgreSQL backend, with what a server that runs for months needs."""
