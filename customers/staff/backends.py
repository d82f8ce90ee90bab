"""How staff sign in."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from customers.values.demo_credentials import is_refused


class StaffBackend(ModelBackend):
    """Django's own, with a name and a password; for staff, and not for the demo's out of place."""

    def user_can_authenticate(self, user: Any) -> bool:
        if user is None or not user.is_staff or is_refused(user.get_username()):
            return False
        return super().user_can_authenticate(user)
