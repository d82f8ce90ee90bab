"""What the launcher raises. In a module of its own, which every system can import."""


class EmbeddedPostgresError(Exception):
    """The private server cannot be had; the message says why and what to do."""
