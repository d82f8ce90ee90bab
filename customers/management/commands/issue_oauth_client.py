"""`manage.py issue_oauth_client ORGANIZATION --mode live|test`: prints its id and secret."""

from typing import Any

from customers.management.issuing import IssueCommand
from customers.models import OAuthClient, Organization


class Command(IssueCommand):
    help = (
        "Issue an OAuth client and print its id and secret on one line. "
        "The organization is created if there is none."
    )

    def issue(self, organization: Organization, mode: str, **details: Any) -> str:
        client, secret = OAuthClient.issue(organization, mode, **details)
        return f"{client.client_id} {secret}"
