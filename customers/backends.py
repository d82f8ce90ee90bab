"""How staff sign in."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from customers.demo import is_refused


class StaffBackend(ModelBackend):
    """Django's own, with a name and a password; not with the demo's where there is no demo."""

    def user_can_authenticate(self, user: Any) -> bool:
        known_to_all = user is not None and is_refused(user.get_username())
        return not known_to_all and super().user_can_authenticate(user)
