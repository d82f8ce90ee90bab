#!/usr/bin/env python
"""Django's command line: `DEBUG=1 .venv/bin/python manage.py help` in a checkout."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing.settings")
    execute_from_command_line(sys.argv)
