"""The second factor of a staff account: an authenticator app, and recovery codes for its loss."""

from __future__ import annotations

import math
from base64 import b32encode
from typing import Any

import segno
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from customers.staff.models import StaffUser

RECOVERY_CODES = 10
_DIGITS_OF_APP = 6


def has_second_factor(user: StaffUser) -> bool:
    """Whether the account needs a code beside its password."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def recovery_codes_left(user: StaffUser) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


def app_in_set_up(user: StaffUser) -> TOTPDevice:
    """The app that waits for its first code; the same one until that comes."""
    with transaction.atomic():
        app = _waiting(user)
        return app or TOTPDevice.objects.create(user=user, confirmed=False, name="app")


def secret(app: TOTPDevice) -> str:
    """The app's secret as people type it: base32, in groups of four."""
    text = b32encode(app.bin_key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def picture(app: TOTPDevice) -> str:
    """The app's secret as a QR code: the address of a picture, within the page itself."""
    return str(segno.make(app.config_url).svg_data_uri(scale=5, border=4, light="#fff"))


def finish_set_up(user: StaffUser, code: str) -> tuple[TOTPDevice, list[str]]:
    """Need the app from now on, if this is its code: the app, and new recovery codes.

    Raises:
        ValidationError: it is not the app's code.
    """
    with transaction.atomic():
        app = _accepting(_waiting(user), code)
        if app is not None:
            TOTPDevice.objects.filter(user=user).exclude(pk=app.pk).delete()
            app.confirmed = True
            app.save(update_fields=["confirmed"])
            return app, _new_recovery_codes(user)
    raise _wrong()


def check_code(user: StaffUser, code: str) -> Device:
    """What the code is of: the account's app, or one of its recovery codes, which is used up.

    Raises:
        ValidationError: it is of neither, or too many codes were wrong.
    """
    given = "".join(code.split()).lower()
    # Never tried on both: a failure with one would slow down the other.
    kind = TOTPDevice if len(given) == _DIGITS_OF_APP else StaticDevice
    with transaction.atomic():
        devices = kind.objects.select_for_update().filter(user=user, confirmed=True)
        device = _accepting(devices.first(), given)
    if device is None:
        raise _wrong()
    return device


@transaction.atomic
def remove(user: StaffUser) -> None:
    """Let the password alone sign in."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _waiting(user: StaffUser) -> TOTPDevice | None:
    """The first app without a code yet. Nobody else sets one up until the transaction ends."""
    StaffUser.objects.select_for_update().get(pk=user.pk)  # no constraint keeps it to one app
    apps = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False)
    return apps.order_by("pk").first()


def _accepting(device: Any, code: str) -> Any:
    """The device if the code is its; None, and a longer wait until the next try, if not."""
    if device is None:
        return None
    allowed, why_not = device.verify_is_allowed()
    if not allowed:
        seconds = math.ceil((why_not["locked_until"] - timezone.now()).total_seconds())
        raise ValidationError(
            ngettext(
                "Too many wrong codes. Wait %(count)d second, then give a new one.",
                "Too many wrong codes. Wait %(count)d seconds, then give a new one.",
                seconds,
            )
            % {"count": seconds},
            code="wait",
        )
    return device if device.verify_token(code) else None


def _new_recovery_codes(user: StaffUser) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [StaticToken.random_token() for _number in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def _wrong() -> ValidationError:
    return ValidationError(
        _("This is not a valid code. Give the one that your app shows now, or a recovery code."),
        code="wrong",
    )
