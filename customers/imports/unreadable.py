"""What is said of a file that cannot be taken in."""

from customers.models.errors import Refusal


class Unreadable(Refusal):
    """The file cannot be read. The message says why and what to do, to the person who gave it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
