"""What is sent by email, if there is a mail server (`EMAIL_HOST`)."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from customers.staff.models import PasswordLink, StaffUser

logger = logging.getLogger(__name__)


def email_is_configured() -> bool:
    return bool(settings.EMAIL_HOST)


def send_link(link: PasswordLink, address: str, sender: StaffUser) -> bool:
    """Send a link to choose a password to whom it is for. Returns whether the server took it."""
    context = {"link": link, "person": link.staff_user, "address": address, "sender": sender}
    text = render_to_string("staff/password_link.txt", context)
    try:
        send_mail(_("Choose your password"), text, None, [link.staff_user.email])
    except (OSError, SMTPException) as error:
        logger.warning("an email was not sent: %s", type(error).__name__)
        return False
    return True
