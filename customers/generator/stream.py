"""Rows from a process of their own, which makes them while the database stores others.

    python -m customers.generator.stream ORDER

writes the lines of one table after the other, as `Part` has them: a line with the table's number,
the number of lines and that of bytes, and then the bytes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from customers.generator.rows import Order, Rows

_PACKAGES = Path(__file__).resolve().parent.parent.parent
_PIECE = 1 << 17  # bytes


class Part(NamedTuple):
    """Some lines of one table. Its pieces are read before the next part is asked for."""

    table: int
    """The place of the table in `rows.Batch`."""
    lines: int
    pieces: Iterator[bytes]


def parts(order: Order) -> Generator[Part]:
    """All rows of an order.

    Raises:
        RuntimeError: the process ended before it had written them.
    """
    with subprocess.Popen(
        [sys.executable, "-m", __name__, json.dumps(order)],
        env={**os.environ, "PYTHONPATH": str(_PACKAGES)},
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the process that reads
    ) as process:
        assert process.stdout is not None
        try:
            while head := process.stdout.readline():
                table, lines, size = map(int, head.split())
                yield Part(table, lines, _pieces(process.stdout, size))
            if status := process.wait():
                raise RuntimeError(f"The process that makes the rows ended with {status}.")
        finally:
            process.kill()


def _pieces(source: IO[bytes], size: int) -> Iterator[bytes]:
    while size:
        piece = source.read(min(size, _PIECE))
        if not piece:
            raise RuntimeError("The process that makes the rows ended in the middle of them.")
        size -= len(piece)
        yield piece


def write(order: Order, target: IO[bytes]) -> None:
    """Write all rows of an order, as `parts` reads them."""
    for batch in Rows(order).batches():
        for table, lines in enumerate(batch):
            data = "".join(lines).encode()
            target.write(b"%d %d %d\n" % (table, len(lines), len(data)))
            target.write(data)


if __name__ == "__main__":
    try:
        write(Order(*json.loads(sys.argv[1])), sys.stdout.buffer)
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(1)  # the reader is gone
