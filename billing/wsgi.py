"""The WSGI application: `granian --interface wsgi billing.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing.settings")

application = get_wsgi_application()
