"""Staff users, who have nothing to do with the users of a customer."""

from django.contrib.auth.models import AbstractUser

from customers.models.credential import Actor


class StaffUser(AbstractUser):
    """Someone who signs in.

    Memberships decide which organizations they see, and groups what they may do. The groups Viewer,
    Editor and Manager are made by `migrate`.
    """

    class Meta(AbstractUser.Meta):
        verbose_name = "staff user"
        verbose_name_plural = "staff users"

    @property
    def actor(self) -> Actor:
        """The actor in the history of this person's changes."""
        return Actor("staff", str(self.pk), self.get_username())
