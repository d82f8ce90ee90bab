"""The second factor of a staff account: an authenticator app, and codes for its loss."""

from __future__ import annotations

import hashlib
import math
import os
from base64 import b32encode, b64encode
from typing import Any

import segno
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from customers.staff.encryption import Unreadable
from customers.staff.models import AuthenticatorApp, StaffUser

RECOVERY_CODES = 10
_RECOVERY_CODE_BYTES = 10  # shown as 16 characters
_DIGEST_BYTES = 12  # 16 characters, as many as the column has
_DIGITS_OF_APP = 6


def has_second_factor(user: StaffUser) -> bool:
    """Whether the account needs a code to sign in."""
    return bool(AuthenticatorApp.objects.filter(user=user, confirmed=True).exists())


def recovery_codes_left(user: StaffUser) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


def app_in_set_up(user: StaffUser) -> AuthenticatorApp:
    """Return the app that is being set up: the same one until its first code is entered."""
    with transaction.atomic():
        app = _unconfirmed(user)
        if app is not None and app.is_readable:
            return app
        AuthenticatorApp.objects.filter(user=user, confirmed=False).delete()
        return AuthenticatorApp.set_up(user, confirmed=False)


def secret(app: AuthenticatorApp) -> str:
    """Return the app's secret as people type it: base32, in groups of four."""
    text = b32encode(app.bin_key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def picture(app: AuthenticatorApp) -> str:
    """Return the app's secret as a QR code, in a data URI."""
    return str(segno.make(app.config_url).svg_data_uri(scale=5, border=4, light="#fff"))


def finish_set_up(user: StaffUser, code: str) -> tuple[AuthenticatorApp, list[str]]:
    """Turn on the second factor. Return the app, and new recovery codes.

    Raises:
        ValidationError: the code is not the app's.
    """
    with transaction.atomic():
        app = _verified(_unconfirmed(user), code)
        if app is not None:
            AuthenticatorApp.objects.filter(user=user).exclude(pk=app.pk).delete()
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
    is_app = len(code) == _DIGITS_OF_APP
    kind: Any = AuthenticatorApp if is_app else StaticDevice
    with transaction.atomic():
        devices = kind.objects.select_for_update().filter(user=user, confirmed=True)
        device = _verified(devices.first(), code if is_app else _digest(code))
    if device is None:
        raise _invalid()
    return device


@transaction.atomic
def remove(user: StaffUser) -> None:
    """Delete the app and the recovery codes."""
    AuthenticatorApp.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _unconfirmed(user: StaffUser) -> AuthenticatorApp | None:
    """Return the unconfirmed app, and lock the account until the transaction ends."""
    StaffUser.objects.select_for_update().get(pk=user.pk)  # no constraint allows only one app
    apps = AuthenticatorApp.objects.select_for_update().filter(user=user, confirmed=False)
    app: AuthenticatorApp | None = apps.order_by("pk").first()
    return app


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
    try:
        return device if device.verify_token(code) else None
    except Unreadable:
        raise ValidationError(
            _(
                "The secret of your app cannot be read, because the server's key was changed. "
                "Enter a recovery code, or let a superuser remove your second factor."
            ),
            code="unreadable",
        ) from None


def _new_recovery_codes(user: StaffUser) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [_new_recovery_code() for _number in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(
        StaticToken(device=device, token=_digest(code)) for code in codes
    )
    return codes


def _new_recovery_code() -> str:
    return b32encode(os.urandom(_RECOVERY_CODE_BYTES)).decode().lower()


def _digest(code: str) -> str:
    """What is stored of a recovery code: the beginning of its SHA-256.

    django-otp's own codes have 40 bits, which are soon tried out. These have 80, so that a slow
    hash would add nothing, as with API keys. Nor is there a key, which might be changed and lost.
    """
    return b64encode(hashlib.sha256(code.encode()).digest()[:_DIGEST_BYTES]).decode()


def _invalid() -> ValidationError:
    return ValidationError(
        _("This code is not valid. Enter the one that your app shows now, or a recovery code."),
        code="wrong",
    )
