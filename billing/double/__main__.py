"""The command `python -m billing double`."""

# First: it sets Django up, which the rest needs.
import billing.double.environment  # noqa: F401

# isort: split
import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import Collection
from functools import partial
from typing import Any

from billing.asgi import application as registry
from billing.double import credentials, state
from billing.double.application import Double
from billing.double.control import BASE, Control
from billing.double.databases import database
from billing.double.faults import Fault, Faults, Kind, UnknownFault
from billing.double.personas import CAST, cast
from billing.double.server import Application, listen, serve
from billing.embedded_postgres.errors import EmbeddedPostgresError
from customers.rest.contract import contracts

SLUGS = sorted(contract.slug for contract in contracts())
FAULT = "KIND[:contract=…,method=…,path=…,times=…,seconds=…]"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(
        prog="python -m billing double",
        description="Serve the registry as a test double, with a fresh state on request.",
    )
    found.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    found.add_argument("--port", type=int, default=0, help="default: any that is free")
    found.add_argument(
        "--persona",
        dest="personas",
        metavar="NAME",
        choices=CAST,
        action="append",
        default=[],
        help="have these customers only; default: all of the demo's",
    )
    found.add_argument(
        "--fault",
        dest="faults",
        metavar=FAULT,
        type=_fault,
        action="append",
        default=[],
        help=f"what the next requests meet: {', '.join(Kind)}",
    )
    found.add_argument(
        "--prepare",
        action="store_true",
        help="only make what later starts take a copy of, as for the image of a container",
    )
    found.add_argument("--until-eof", action="store_true", help="end when the standard input ends")
    return found


def _fault(text: str) -> Fault:
    try:
        return Fault.read(text, SLUGS)
    except UnknownFault as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def describe(url: str, personas: Collection[str]) -> dict[str, Any]:
    """What the control address says of the double."""
    return {
        "url": url,
        "control": f"{url}{BASE}",
        "contracts": {contract.slug: contract.list_path for contract in contracts()},
        **credentials.described(),
        "personas": cast(personas, url),
    }


async def run(application: Application, listening: socket.socket, *, until_eof: bool) -> None:
    """Serve until a signal or, if it is to be, the end of the standard input."""
    end, loop = asyncio.Event(), asyncio.get_running_loop()

    def end_at_eof() -> None:  # also when whoever started the double was killed
        if not os.read(sys.stdin.fileno(), 4096):
            end.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, end.set)
    if until_eof:
        loop.add_reader(sys.stdin, end_at_eof)
    await serve(application, listening, end)


def main() -> None:
    """Prepare what is not prepared, and serve."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended before it was ready."))
    options = parser().parse_args()
    faults = Faults()
    for fault in options.faults:
        faults.add(fault)
    try:
        listening = listen(options.host, options.port)
    except OSError as error:
        sys.exit(f"{options.host} port {options.port}: {os.strerror(error.errno or 0)}.")
    host, port = listening.getsockname()
    url = f"http://{host}:{port}"
    with database(options.personas) as connection:
        if options.prepare:
            return
        about = describe(url, options.personas or CAST)
        double = Double(registry, faults)
        control = Control(double, partial(state.restore, connection), SLUGS, about)
        print(f"The double serves at {url}", flush=True)  # noqa: T201 (it is a command)
        asyncio.run(run(control.before(double), listening, until_eof=options.until_eof))


if __name__ == "__main__":
    try:
        main()
    except EmbeddedPostgresError as error:
        sys.exit(str(error))
