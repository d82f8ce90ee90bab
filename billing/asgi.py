"""The ASGI application that `manage.py serve` serves."""

# First: it sets Django up, which the rest needs.
from billing.wsgi import application as wsgi_application

# isort: split
from django.conf import settings

from billing.front.application import Front

application = Front(
    wsgi_application, threads=settings.API_THREADS, page_threads=settings.PAGE_THREADS
)
