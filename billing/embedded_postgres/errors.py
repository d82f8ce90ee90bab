"""What the launcher raises, in a module that can be imported on every system."""


class EmbeddedPostgresError(Exception):
    """The private server is not available; the message says why and what to do."""
