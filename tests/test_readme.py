"""README.md: the table of fields is what the code says."""

from __future__ import annotations

from pathlib import Path

from customers.models import Customer
from customers.rest.contract import contracts

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- fields -->", "<!-- /fields -->"


def fields_table() -> str:
    """Which contract can express which field of the store, in Markdown."""
    found = contracts()
    names = [field.name for field in Customer._meta.fields if field.name in Customer.WRITABLE]
    rows = [
        ["field", *(contract.title for contract in found)],
        ["---", *("---" for _ in found)],
        *(
            [f"`{name}`", *("✓" if name in each.expresses else "\u2013" for each in found)]
            for name in names
        ),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def test_the_table_of_fields_is_what_the_code_says() -> None:
    text = README.read_text()
    assert (text.count(BEGIN), text.count(END)) == (1, 1)

    reported = text.partition(BEGIN)[2].partition(END)[0].strip()

    assert reported == fields_table(), f"Put this between {BEGIN} and {END}:\n\n{fields_table()}"


def test_the_table_has_every_field_and_every_contract() -> None:
    header, _, *rows = fields_table().splitlines()

    assert len(rows) == len(Customer.WRITABLE)
    assert all(f"| {contract.title} |" in header for contract in contracts())
    for column, contract in enumerate(contracts(), start=2):
        marked = {row.split("|")[1].strip(" `") for row in rows if "✓" in row.split("|")[column]}
        assert marked == contract.expresses
