"""How long the server takes for each page of the back office, with few and with many customers.

    make bench-pages                  10,000 and 1,000,000 customers
    make bench-pages SIZE=100000

Prints for each page the milliseconds with few customers and with many, and their ratio: the ratio
is what counts, the times are this machine's. The databases are made in the checkout's private
PostgreSQL the first time (minutes, for a million) and kept; `make reset` deletes them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time

from benchmarks.databases import ROOT, Databases

FEW = 10_000
ROUNDS = 5
HERE = "/backoffice/acme/live"
# {old} and {middle} are customers from the end and from the middle of the list.
PAGES = [
    f"{HERE}/",
    f"{HERE}/customers/",
    f"{HERE}/customers/?after={{middle}}",
    f"{HERE}/customers/?q=anna",
    f"{HERE}/customers/?q=K1-000777",
    f"{HERE}/customers/?q=osprey-dental-5.example",
    f"{HERE}/customers/?q=poznan osprey",
    f"{HERE}/customers/?q=+43 1 555 77",
    f"{HERE}/customers/?q=nobody",
    f"{HERE}/customers/?q=an",
    f"{HERE}/customers/?q=zq",
    f"{HERE}/customers/?q=4242 visa",
    f"{HERE}/customers/?q=milton",
    f"{HERE}/customers/?q=quarry vancouver",
    f"{HERE}/customers/?country=NZ",
    f"{HERE}/customers/?country=NZ&sort=name",
    f"{HERE}/customers/?status=archived",
    f"{HERE}/customers/?cards=expired",
    f"{HERE}/customers/?cards=expired&q=osprey",
    f"{HERE}/customers/?duplicates=on",
    f"{HERE}/customers/?month=2023-05",
    f"{HERE}/customers/?sort=name",
    f"{HERE}/customers/?sort=-name&after={{middle}}",
    f"{HERE}/customers/{{old}}/",
    f"{HERE}/customers/{{old}}/edit/",
    f"{HERE}/imports/",
    f"{HERE}/credentials/",
    "/admin/customers/customer/",
    "/admin/customers/customer/?q=anna",
    "/admin/customers/customer/{old}/change/",
    "/admin/customers/customerevent/",
]


def measure() -> dict[str, float]:
    """The milliseconds of each page in the database of the settings: the median of `ROUNDS`."""
    import django

    django.setup()
    from django.test import Client

    from customers.insights.figures import count
    from customers.models import Customer, Organization
    from customers.models.credential import Tenant
    from customers.staff.models import StaffUser

    person, _ = StaffUser.objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True}
    )
    acme = Organization.objects.get(slug="acme")
    count(Tenant(acme.pk, "live"))
    live = Customer.objects.live().order_by("pk").values_list("pk", flat=True)
    places = {"old": live[0], "middle": live[live.count() // 2]}
    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend="customers.staff.backends.StaffBackend")
    medians = {}
    for page in PAGES:
        address = page.format(**places)
        times = []
        for _round in range(ROUNDS + 1):  # the first one warms up
            start = time.perf_counter()
            response = client.get(address)
            times.append(time.perf_counter() - start)
            assert response.status_code == 200, (address, response.status_code)
        medians[page] = sorted(times[1:])[ROUNDS // 2] * 1000
    return medians


def measured(databases: Databases, customers: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.back_office", "--measure"]
    with databases.copy_of(databases.loaded(customers)) as url:
        environment = {**os.environ, "DATABASE_URL": url}
        output = subprocess.run(
            command, check=True, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
    found: dict[str, float] = json.loads(output.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--measure", action="store_true", help="used by the script itself")
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure()))
        return
    databases = Databases()
    few, many = measured(databases, FEW), measured(databases, arguments.customers)
    print(f"{f'{FEW:,}':>10} {f'{arguments.customers:,}':>10}   ratio   page")
    for page in PAGES:
        ratio = many[page] / few[page]
        print(f"{few[page]:7.0f} ms {many[page]:7.0f} ms {ratio:7.1f}   {page}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing.settings")
    main()
