"""The people of the back office, quite apart from the users of a customer."""

from django.contrib.auth.models import AbstractUser

from customers.models.credential import Actor


class StaffUser(AbstractUser):
    """Someone who signs in to the admin. Organizations say what they see, groups what they do."""

    class Meta(AbstractUser.Meta):
        verbose_name = "staff user"
        verbose_name_plural = "staff users"

    @property
    def actor(self) -> Actor:
        """Who acts, in the history of what this person changes."""
        return Actor("staff", str(self.pk), self.get_username())
