"""`manage.py openapi [--check]`: the pinned OpenAPI documents."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.rest.contract import contracts
from customers.rest.openapi import InvalidDocument, checked_document


class Command(BaseCommand):
    help = "Write each contract's OpenAPI document to fixtures/openapi/."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail where a document differs"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        folder = Path(settings.STATE_DIR, "fixtures", "openapi")
        for contract in contracts():
            try:
                schema = checked_document(contract)
            except InvalidDocument as error:
                raise CommandError(str(error)) from None
            text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
            path = folder / f"{contract.slug}.json"
            if not check:
                folder.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            elif not path.exists() or path.read_text(encoding="utf-8") != text:
                raise CommandError(
                    f"{path.relative_to(settings.STATE_DIR)} is out of date. "
                    "See what changed with `make openapi` and `git diff`."
                )
