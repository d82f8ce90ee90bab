"""The second factor of a staff account: an authenticator app, and codes for its loss."""

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
    """Whether the account needs a code to sign in."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def recovery_codes_left(user: StaffUser) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


def app_in_set_up(user: StaffUser) -> TOTPDevice:
    """Return the app that is being set up: the same one until its first code is entered."""
    with transaction.atomic():
        app = _unconfirmed(user)
        return app or TOTPDevice.objects.create(user=user, confirmed=False, name="app")


def secret(app: TOTPDevice) -> str:
    """Return the app's secret as people type it: base32, in groups of four."""
    text = b32encode(app.bin_key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def picture(app: TOTPDevice) -> str:
    """Return the app's secret as a QR code, in a data URI."""
    return str(segno.make(app.config_url).svg_data_uri(scale=5, border=4, light="#fff"))


def finish_set_up(user: StaffUser, code: str) -> tuple[TOTPDevice, list[str]]:
    """Turn on the second factor. Return the app, and new recovery codes.

    Raises:
        ValidationError: the code is not the app's.
    """
    with transaction.atomic():
        app = _verified(_unconfirmed(user), code)
        if app is not None:
            TOTPDevice.objects.filter(user=user).exclude(pk=app.pk).delete()
            app.confirmed = True
            app.save(update_fields=["confirmed"])
            return app, _new_recovery_codes(user)
    raise _invalid()


def check_code(user: StaffUser, code: str) -> Device:
    """Return the device that accepts the code. A recovery code works once.

    Raises:
        ValidationError: no device accepts the code, or there were too many wrong codes.
    """
    code = "".join(code.split()).lower()
    # Tried on one device only: a failure throttles the device.
    kind = TOTPDevice if len(code) == _DIGITS_OF_APP else StaticDevice
    with transaction.atomic():
        devices = kind.objects.select_for_update().filter(user=user, confirmed=True)
        device = _verified(devices.first(), code)
    if device is None:
        raise _invalid()
    return device


@transaction.atomic
def remove(user: StaffUser) -> None:
    """Delete the app and the recovery codes."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _unconfirmed(user: StaffUser) -> TOTPDevice | None:
    """Return the unconfirmed app, and lock the account until the transaction ends."""
    StaffUser.objects.select_for_update().get(pk=user.pk)  # no constraint allows only one app
    apps = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False)
    return apps.order_by("pk").first()


def _verified(device: Any, code: str) -> Any:
    """Return the device if it accepts the code, or None after throttling it."""
    if device is None:
        return None
    allowed, details = device.verify_is_allowed()
    if not allowed:
        seconds = math.ceil((details["locked_until"] - timezone.now()).total_seconds())
        raise ValidationError(
            ngettext(
                "Too many wrong codes. Wait %(count)d second, then enter a new one.",
                "Too many wrong codes. Wait %(count)d seconds, then enter a new one.",
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


def _invalid() -> ValidationError:
    return ValidationError(
        _("This code is not valid. Enter the one that your app shows now, or a recovery code."),
        code="wrong",
    )
