"""`python -m billing.healthcheck`: exits with 0 if the server in this container responds.

It is run twice a minute, so it does not load Django: it requests the landing page, which reads no
database, as a proxy would.
"""

import http.client
import os
import sys

PORT = 8000
PATH = "/"


def is_healthy(port: int = PORT) -> bool:
    """Whether the server returns a page or, where HTTPS is required, a redirect to it."""
    # A host that it accepts: ".example.org" stands for example.org too, "*" for any.
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip(" .*") or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", PATH, headers={"Host": host, "X-Forwarded-Proto": "https"})
        return connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not is_healthy())
