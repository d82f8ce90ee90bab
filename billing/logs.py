"""Log lines that never carry a customer's data, a card number or a secret."""

import logging
import re

from customers.values.masking import masked

# PostgreSQL quotes the offending row, or the statement with its values, under these headings. A
# value may have line breaks, so everything up to the next exception of the chain is left out.
_ROW_VALUES = re.compile(
    r"^(DETAIL|CONTEXT|HINT|LINE \d+):.*?(?=\n\n(?:The above exception|During handling)|\Z)",
    re.MULTILINE | re.DOTALL,
)


class WithoutRowValues(logging.Formatter):
    """Formats as usual, without card numbers, secrets and PostgreSQL's quotations of a row."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(_ROW_VALUES.sub(r"\1: (left out)", super().format(record)))
