"""`python -m billing.healthcheck`: exits with 0 if the server in this container responds.

It is run twice a minute, so it does not load Django.
"""

import http.client
import sys

PORT = 8000
PATH = "/healthz"  # answered by any host name, without HTTPS and without the database


def is_healthy(port: int = PORT) -> bool:
    """Whether the server responds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", PATH)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not is_healthy())
