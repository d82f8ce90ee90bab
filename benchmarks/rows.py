"""The rows of the benchmark: what is asked, and the goals that belong to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One thing that is measured. The goals are ratios of requests per second, but `alone`."""

    key: str
    title: str
    #: At least this many times plain DRF's rate, and this share of one bare psycopg process's.
    of_plain: float | None = None
    of_bare: float | None = None
    #: At least this share of another row's rate: its key, and the share.
    of_row: tuple[str, float] | None = None
    #: How many customers each request writes: what a second writes is compared, not the requests.
    each: int = 1
    #: One request at a time takes at most this many milliseconds.
    alone: float | None = None
    #: The 99th percentile of the times is at most this many times their median.
    tail: float | None = None
    #: With few customers the rate is at most this many times that with many.
    of_few: float | None = None


SEARCH_MS = 50.0
TAIL = 4.0
FEW = 1.3
BATCH = 1_000  # customers

#: The patterns of a search: their titles, and the share of list 10's rate that each should reach.
PATTERNS = {
    "rare": ("rare", 0.8),
    "common": ("common", None),
    "absent": ("absent", 0.8),
    "two": ("two characters", None),
}


def _searches(prefix: str, title: str, *patterns: str, of_list: bool = True) -> list[Row]:
    return [
        Row(
            f"{prefix}-{key}",
            f"{title}, {PATTERNS[key][0]}",
            of_row=("list-10", share) if of_list and (share := PATTERNS[key][1]) else None,
            alone=SEARCH_MS,
        )
        for key in patterns
    ]


ROWS = [
    Row("get", "get", 6, 0.20, tail=TAIL, of_few=FEW),
    Row("get-beside-search", "get, beside a searching client", tail=TAIL),
    Row("list-10", "list 10, first page", 6.5, 0.35, tail=TAIL, of_few=FEW),
    Row("list-10-middle", "list 10, middle page", 6.5, 0.35, ("list-10", 0.9), of_few=FEW),
    Row("list-10-last", "list 10, last page", 6.5, None, ("list-10", 0.9)),
    Row("list-100", "list 100, first page", 7.5, 0.50, tail=TAIL),
    Row("list-100-middle", "list 100, middle page", 7.5, 0.50, ("list-100", 0.9)),
    Row("list-100-last", "list 100, last page", 7.5, None, ("list-100", 0.9)),
    Row("create", "create", 2.5, 0.50, tail=TAIL, of_few=FEW),
    Row("idempotent-create", "create with an Idempotency-Key"),
    Row("replay", "its replay"),
    Row("patch", "patch"),
    Row("lago-upsert", "Lago: upsert of a known customer", of_row=("create", 0.8)),
    *_searches("named", "`company_name` containing", *PATTERNS),
    *_searches("email", "BillaBear: `email` containing", *PATTERNS),
    *_searches("pages", "back office: search page", "rare", "absent", of_list=False),
    Row("billabear-get", "BillaBear: get"),
    Row("billabear-list", "BillaBear: list 10, first page"),
    Row("billabear-list-middle", "BillaBear: list 10, middle page"),
    Row("billabear-create", "BillaBear: create"),
    Row("lago-get", "Lago: get"),
    Row("lago-list", "Lago: list 10, page 1", of_row=("list-10", 0.8)),
    Row("lago-list-deep", "Lago: list 10, from page 5,000 on", of_row=("list-10", 0.5)),
    Row("registry-get", "Registry: get", of_row=("get", 0.9)),
    Row("registry-list", "Registry: list 10, first page", of_row=("list-10", 0.8)),
    Row("registry-updated", "Registry: list 10, last changed first", of_row=("list-10", 0.8)),
    Row("registry-create", "Registry: create", of_row=("create", 0.9)),
    Row(
        "registry-batch",
        f"Registry: batches of {BATCH:,}, customers in each second",
        of_row=("create", 6),
        each=BATCH,
    ),
    Row("vatly-get", "Vatly: get"),
    Row("vatly-list", "Vatly: list 10, first page"),
    Row("vatly-list-middle", "Vatly: list 10, middle page"),
    Row("vatly-create", "Vatly: create"),
]
