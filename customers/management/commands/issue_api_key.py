"""`manage.py issue_api_key ORGANIZATION --mode live|test`: prints the key, and only the key."""

from typing import Any

from customers.management.issuing import IssueCommand
from customers.models import ApiKey, Organization


class Command(IssueCommand):
    help = "Issue an API key and print it. The organization is created if there is none."

    def issue(self, organization: Organization, mode: str, **details: Any) -> str:
        _, secret = ApiKey.issue(organization, mode, **details)
        return secret
