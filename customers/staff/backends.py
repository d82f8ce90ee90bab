"""The authentication backend of staff."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from customers.values.demo_credentials import is_refused


class StaffBackend(ModelBackend):
    """Signs in staff by user name and password, except the demo's accounts outside the demo."""

    def user_can_authenticate(self, user: Any) -> bool:
        if user is None or not user.is_staff or is_refused(user.get_username()):
            return False
        return super().user_can_authenticate(user)
