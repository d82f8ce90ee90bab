#!/usr/bin/env python
"""Django's command line in a checkout: `DEBUG=1 .venv/bin/python manage.py migrate`."""

from billing.command_line import main

if __name__ == "__main__":
    main()
