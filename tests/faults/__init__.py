"""Faults: servers that a test starts are broken while it writes through the API."""

import os

FULL = os.environ.get("FAULTS") == "full"
"""Whether each fault happens as often as the reliability goals ask for."""
