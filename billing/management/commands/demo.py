"""`manage.py demo`: the whole product with demo data, for someone who has just cloned it."""

import errno
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections
from django.utils import timezone

from billing.demo import documentation
from billing.demo.history import add_history
from billing.embedded_postgres.errors import EmbeddedPostgresError
from billing.server import server_command
from customers.models import ApiKey, Mode, OAuthClient, Organization, PaymentMethod
from customers.models.credential import Actor
from customers.models.history import acting
from customers.rest.contract import contracts
from customers.staff.models import StaffUser
from customers.values.api_keys import digest
from customers.values.demo_credentials import (
    API_KEYS,
    CLIENT_ID,
    CLIENT_SECRET,
    STAFF_LOGIN,
    STAFF_PASSWORD,
)

ORGANIZATION = "demo-acme"
# The credentials are public, so they expire unless the demo is started again.
LIFETIME = timedelta(days=7)
EXPOSED = "Other machines can reach this demo, and everyone knows its credentials."


def address() -> IPv4Address | IPv6Address:
    """Where the demo serves."""
    try:
        return ip_address(settings.HOST)
    except ValueError:
        raise CommandError(
            f"HOST is not an IP address: {settings.HOST}. 127.0.0.1 serves this machine only, "
            "0.0.0.0 every network that it is in."
        ) from None


def origin() -> str:
    """What the addresses of its pages begin with, on this machine."""
    host = address()
    if host.is_unspecified:
        host = ip_address("127.0.0.1" if host.version == 4 else "::1")
    return f"http://{host if host.version == 4 else f'[{host}]'}:{settings.PORT}"


def refuse_taken_port() -> None:
    """Raise CommandError unless the demo's address is free."""
    family = socket.AF_INET if address().version == 4 else socket.AF_INET6
    try:
        socket.create_server((settings.HOST, settings.PORT), family=family).close()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise CommandError(
                f"Cannot serve at {settings.HOST}: {os.strerror(error.errno or 0)}."
            ) from None
        raise CommandError(
            f"Port {settings.PORT} is taken. Choose another: PORT={settings.PORT + 1}"
        ) from None


def is_listening() -> bool:
    """Whether something serves there."""
    here = urlsplit(origin())
    try:
        socket.create_connection((here.hostname, here.port), timeout=1).close()
    except OSError:
        return False
    return True


def python() -> str:
    """This Python, as a line of the shell in this folder names it."""
    path, here = Path(sys.executable), Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))


def environment() -> dict[str, str]:
    """The server's environment. Other machines may reach it by any host name."""
    if address().is_loopback:
        return dict(os.environ)
    return {**os.environ, "ALLOWED_HOSTS": ",".join(settings.DEMO_ALLOWED_HOSTS)}


class Command(BaseCommand):
    help = "Load the demo data, make the demo credentials, print them, and serve (HOST=127.0.0.1, PORT=8000)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo has credentials that everyone knows: DEBUG=1 only.")
        refuse_taken_port()
        try:
            self.step("Preparing the database")
            # With an author of changes, each statement has parameters, and a per cent sign in the
            # migrations of the queue would be read as the place of one.
            call_command("migrate", verbosity=0)
            with acting(Actor("command", "demo", "manage.py demo")):
                self.prepare()
            self.step("Adding what happened until today")
            add_history()
        except (EmbeddedPostgresError, OperationalError) as error:
            raise CommandError(f"There is no database to use: {error}") from None
        except KeyboardInterrupt:
            raise CommandError("Stopped before it was ready.") from None
        connections.close_all()
        if documentation.can_build():
            self.step("Building the documentation")
            if wrong := documentation.build():
                self.stderr.write(wrong)
        self.serve()

    def prepare(self) -> None:
        if Organization.objects.filter(slug=ORGANIZATION).exists():
            self.step("Keeping the existing data (`make reset` deletes it)")
        else:
            self.step("Loading the demo data")
            call_command("loaddata", "demo", verbosity=0)
        today = timezone.now().date()
        PaymentMethod.objects.filter(processor_token="pm_demo_amex_0005").exclude(
            exp_month=today.month, exp_year=today.year
        ).update(exp_month=today.month, exp_year=today.year)
        self.step("Making the demo credentials")
        self.make_credentials(Organization.objects.get(slug=ORGANIZATION))

    def make_credentials(self, organization: Organization) -> None:
        staff, _ = StaffUser.objects.get_or_create(
            username=STAFF_LOGIN, defaults={"is_staff": True, "is_superuser": True}
        )
        if not staff.check_password(STAFF_PASSWORD):
            staff.set_password(STAFF_PASSWORD)
            staff.save()
        # By the day, so that another start on the same day changes nothing.
        last_day = timezone.now() + LIFETIME
        expires_at = last_day.replace(hour=23, minute=59, second=59, microsecond=0)
        for mode, secret in API_KEYS.items():
            ApiKey.objects.update_or_create(
                digest=digest(secret),
                defaults={"expires_at": expires_at},
                create_defaults={
                    "organization": organization,
                    "mode": mode,
                    "name": "demo",
                    "prefix": secret[:9],
                    "last4": secret[-4:],
                    "expires_at": expires_at,
                },
            )
        OAuthClient.objects.get_or_create(
            client_id=CLIENT_ID,
            defaults={
                "organization": organization,
                "mode": Mode.LIVE,
                "name": "demo",
                "client_secret": CLIENT_SECRET,
                "client_type": OAuthClient.CLIENT_CONFIDENTIAL,
                "authorization_grant_type": OAuthClient.GRANT_CLIENT_CREDENTIALS,
                "expires_at": expires_at,
            },
        )
        OAuthClient.objects.filter(client_id=CLIENT_ID).update(expires_at=expires_at)

    def welcome(self) -> str:
        here = origin()
        bold = self.style.MIGRATE_HEADING
        bearer = f'-H "Authorization: Bearer {API_KEYS["live"]}"'
        examples = "\n".join(
            contract.example.format(host=here, api_key=API_KEYS["live"]) for contract in contracts()
        )
        api_pages = "\n".join(
            f"    {contract.title:<22} {here}/docs/{contract.slug}/" for contract in contracts()
        )
        has_site = (settings.DOCS_ROOT / "index.html").is_file()
        site = f"          {here}/docs/" if has_site else ""
        warning = "" if address().is_loopback else f"\n{self.style.WARNING(EXPOSED)}\n"
        return f"""
{bold("Customer registry")} {here}/

  {bold("Back office")}            {here}/backoffice/  login {STAFF_LOGIN}, password {STAFF_PASSWORD}
  {bold("Admin")}                  {here}/admin/  the same login
  {bold("Documentation")}{site}
{api_pages}
  {bold("Credentials")}            live data of {ORGANIZATION}, unless it says test
    OAuth client           {CLIENT_ID} {CLIENT_SECRET}
    API key                {API_KEYS["live"]}
    API key, test data     {API_KEYS["test"]}

  {bold("Try")}
curl -u {CLIENT_ID}:{CLIENT_SECRET} -d grant_type=client_credentials {here}/oauth/token
curl {bearer} -H "Content-Type: application/json" -d '{{"name": "Hooli", "country": "USA"}}' {here}/customers
{examples}

  {bold("Next, if you call the API")}  Read a customer that staff and all five APIs have changed:
curl {bearer} "{here}/registry/v1/customers/external/S-301?expand=users,payment_methods"
  {bold("Next, if you work with customers")}  Open what needs attention today, such as cards that expire:
{here}/backoffice/{ORGANIZATION}/live/
  {bold("Next, if you develop")}  Add a million made-up customers, in another terminal:
DEBUG=1 {python()} -m billing generate_customers 1000000 --organization load
{warning}
Ctrl-C stops it.
"""

    def serve(self) -> None:
        command = server_command(settings.HOST, settings.PORT, workers=1)
        delivering = [sys.executable, "-m", "billing", "deliver_webhooks"]
        # In process groups of their own, so that Ctrl-C in a terminal reaches each once, from here.
        server, deliverer = (
            subprocess.Popen(each, cwd=settings.STATE_DIR, env=environment(), process_group=0)
            for each in (command, delivering)
        )
        # This process waits, without a traceback, until the server has ended.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: server.terminate())
        while server.poll() is None and not is_listening():
            time.sleep(0.05)
        if server.poll() is None:
            self.stdout.write(self.welcome())
        ended = server.wait()
        deliverer.terminate()
        deliverer.wait()
        if ended not in (0, -signal.SIGINT, -signal.SIGTERM):
            raise CommandError(f"{shlex.join(command)} ended with status {server.returncode}.")
        self.stdout.write("Stopped.")

    def step(self, text: str) -> None:
        self.stdout.write(f"{text} …")
        self.stdout.flush()
