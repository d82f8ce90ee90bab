"""The wire contracts: each package speaks one vendor's customer API, and only translates.

A contract decides names, shapes, statuses and paging. It never decides who a customer is or what
may be done to one: that is `customers.models.querysets` and the models' verbs.

To add one, make a package here with

- `__init__`: a docstring with the source, base path, credentials and deviations; it becomes the
  description of the OpenAPI document;
- `contract`: `CONTRACT`, a `customers.rest.contract.Contract`, which the rest of the project uses;
- `documentation`: the texts of that document, by tag and by operation: what each operation does,
  when to use it, and what goes wrong;
- `serializers`: explicit, with a field for each wire name and the column it is. Reads derive from
  them which columns to read and how to write them (`customers.rest.reading`), so a member that is
  made of several columns is a `customers.rest.fields.Computed`;
- `errors`: `render_error`, for every status;
- `replay`: `TRAFFIC`, a `customers.rest.traffic.Traffic`: which members of recorded traffic are ids
  and times of the server, and each difference from the vendor that is meant, with a sentence;
- `views` and `urls`, and `pagination` and `filters` where it lists;

and one line in `billing/urls.py`: `serve("customers.api.…")`. Contracts never import one another.
"""
