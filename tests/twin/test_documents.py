"""docs/twin.md: every command in it runs."""

from __future__ import annotations

import re
import shlex
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from customers.models import Customer


@pytest.mark.django_db
def test_each_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("loaddata", "demo", verbosity=0)
    before = Customer.objects.count()
    monkeypatch.chdir(tmp_path)
    text = Path(settings.BASE_DIR, "docs", "twin.md").read_text("utf-8")
    commands = re.findall(r"^manage.py (.+)$", text, re.MULTILINE)

    for command in commands:
        call_command(*shlex.split(command), stdout=StringIO(), stderr=StringIO())

    assert len(commands) == 4
    assert Customer.objects.count() == before + 2
