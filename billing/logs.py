"""Log lines that never carry a customer's data."""

import logging
import re

# PostgreSQL puts the values of the offending row into these lines of an error.
_ROW_VALUES = re.compile(r"^(DETAIL|CONTEXT|HINT|LINE \d+): .*$", re.MULTILINE)


class WithoutRowValues(logging.Formatter):
    """Formats as usual, without the lines in which PostgreSQL quotes row values."""

    def format(self, record: logging.LogRecord) -> str:
        return _ROW_VALUES.sub(r"\1: (left out)", super().format(record))
