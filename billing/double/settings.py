"""The project's settings in development, with hashes that take no time."""

from billing.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
