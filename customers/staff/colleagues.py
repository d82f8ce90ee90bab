"""What a member of staff may give to colleagues and take from them: at most what they have.

A superuser may do it to everyone. Nobody else may make a superuser, give a permission that they
lack, or let someone into an organization that they are not in; nor change what a colleague may do,
or the password of one, who has more than they have or works for an organization that they are not
in, where the change would hold as well. Groups hold for all organizations of a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from customers.models import Membership, Organization
from customers.staff.models import AuthenticatorApp, PasswordLink, StaffUser


class NotAllowed(Exception):
    """This person may not do that to this colleague."""


class Changed(Exception):
    """Someone changed the colleague since the person looked at them."""


def colleagues_in(organization: Organization) -> QuerySet[StaffUser]:
    """Who sees an organization: its members and the superusers, each with what a list shows."""
    of_person = AuthenticatorApp.objects.filter(user=OuterRef("pk"), confirmed=True)
    is_member = Membership.objects.filter(organization=organization, staff_user=OuterRef("pk"))
    return (
        StaffUser.objects.filter(Exists(is_member) | Q(is_superuser=True))
        .annotate(has_second_factor=Exists(of_person), link_made_at=_latest_link())
        .prefetch_related("organizations", "groups__permissions", "user_permissions")
        .order_by("first_name", "last_name", "username")
    )


def _latest_link() -> Any:
    return Max("password_links__created_at", filter=Q(password_links__used_at=None))


@dataclass(frozen=True)
class Powers:
    """What a person may do to colleagues."""

    person: StaffUser

    @cached_property
    def permissions(self) -> set[int]:
        """The ids of the permissions that the person has, unless they are a superuser."""
        return {permission.pk for permission in _permissions_of(self.person)}

    @cached_property
    def organizations(self) -> list[Organization]:
        """The organizations that the person may let others into."""
        return list(Organization.objects.visible_to_staff(self.person))

    @cached_property
    def groups(self) -> list[Group]:
        """The groups that the person may put others into: the least first."""
        groups = Group.objects.prefetch_related("permissions").order_by("name")
        may_give = [group for group in groups if self._has(group.permissions.all())]
        return sorted(may_give, key=lambda group: (len(group.permissions.all()), group.name))

    def may_let_in(self, colleague: StaffUser) -> bool:
        """Whether the person may change the colleague's organizations, among their own."""
        if colleague.pk == self.person.pk:
            return False
        if self.person.is_superuser:
            return True
        return not colleague.is_superuser and self._has(_permissions_of(colleague))

    def may_manage(self, colleague: StaffUser) -> bool:
        """Whether the person may change the colleague's role and account."""
        return self.may_let_in(colleague) and not self.elsewhere(colleague)

    def elsewhere(self, colleague: StaffUser) -> int:
        """The number of the colleague's organizations that the person is not in."""
        return len({row.pk for row in colleague.organizations.all()} - self._organization_ids)

    @cached_property
    def _organization_ids(self) -> set[Any]:
        return {organization.pk for organization in self.organizations}

    def _has(self, permissions: Iterable[Permission]) -> bool:
        return self.person.is_superuser or {row.pk for row in permissions} <= self.permissions

    # --- Verbs -----------------------------------------------------------------------------------
    # Each locks the account, and looks again at whether it is allowed.

    @transaction.atomic
    def invite(
        self, values: dict[str, str], group: Group | None, organizations: Iterable[Organization]
    ) -> tuple[PasswordLink, str]:
        """Make an account without a password, and a link to choose one. Returns it and its token.

        Raises:
            NotAllowed: the person may not give the group, or let anyone into an organization.
        """
        self._check_given(group, organizations)
        colleague = StaffUser(**values, is_staff=True, is_active=True, is_superuser=False)
        colleague.set_unusable_password()
        colleague.save(force_insert=True)
        colleague.groups.set([] if group is None else [group])
        colleague.organizations.set(organizations)
        return PasswordLink.issue(colleague)

    @transaction.atomic
    def change(
        self,
        colleague: StaffUser,
        group: Group | None,
        organizations: Iterable[Organization],
        *,
        seen: str,
    ) -> None:
        """Set the role (None leaves it), and which of the person's organizations they see.

        Raises:
            NotAllowed: as `invite`, or the colleague is beyond what the person may change.
            Changed: the colleague's state is not the one that was seen.
        """
        colleague.lock()
        if state_of(colleague) != seen:
            raise Changed
        self._check_given(group, organizations)
        if not (self.may_let_in(colleague) if group is None else self.may_manage(colleague)):
            raise NotAllowed
        if group is not None:
            colleague.groups.set([group])
        others = colleague.organizations.exclude(pk__in=self._organization_ids)
        colleague.organizations.set([*others, *organizations])

    @transaction.atomic
    def deactivate(self, colleague: StaffUser) -> None:
        """Let the colleague sign in no more, end their sessions and links. Raises NotAllowed."""
        self._set_active(colleague, is_active=False)
        colleague.password_links.all().delete()

    @transaction.atomic
    def reactivate(self, colleague: StaffUser) -> None:
        """Let the colleague sign in again. Raises NotAllowed."""
        self._set_active(colleague, is_active=True)

    @transaction.atomic
    def new_link(self, colleague: StaffUser) -> tuple[PasswordLink, str]:
        """Make a link to choose a password; the one that they have works until then.

        Raises NotAllowed.
        """
        colleague.lock()
        if not (self.may_manage(colleague) and colleague.is_active and colleague.is_staff):
            raise NotAllowed
        return PasswordLink.issue(colleague)

    def _set_active(self, colleague: StaffUser, *, is_active: bool) -> None:
        colleague.lock()
        if not self.may_manage(colleague):
            raise NotAllowed
        if colleague.is_active != is_active:
            colleague.is_active = is_active
            colleague.save(update_fields=["is_active"])

    def _check_given(self, group: Group | None, organizations: Iterable[Organization]) -> None:
        mine = {organization.pk for organization in organizations} <= self._organization_ids
        if not mine or (group is not None and group not in self.groups):
            raise NotAllowed


def state_of(colleague: StaffUser) -> str:
    """The colleague's groups and organizations, to tell whether someone changed them."""
    groups = sorted(str(row.pk) for row in colleague.groups.all())
    organizations = sorted(str(row.pk) for row in colleague.organizations.all())
    return f"{' '.join(groups)}|{' '.join(organizations)}"


def _permissions_of(person: StaffUser) -> list[Permission]:
    """What a person may do, even if they are deactivated: then Django's own answer is nothing."""
    of_groups = [row for group in person.groups.all() for row in group.permissions.all()]
    return [*of_groups, *person.user_permissions.all()]
