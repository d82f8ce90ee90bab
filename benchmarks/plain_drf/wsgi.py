"""The WSGI application of the textbook API."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.plain_drf.settings"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
