"""The Django project: settings, URLs, the WSGI entry point and a PostgreSQL for development."""
