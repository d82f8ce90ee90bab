"""The people of the back office, quite apart from the users of a customer."""

from django.contrib.auth.models import AbstractUser


class StaffUser(AbstractUser):
    """Someone who signs in to the admin. Organizations say what they see, groups what they do."""

    class Meta(AbstractUser.Meta):
        verbose_name = "staff user"
        verbose_name_plural = "staff users"
