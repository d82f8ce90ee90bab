"""Who changed what: the context that the triggers write into every history event.

`pgh_context` of an event is `{"actor": {"kind", "id", "label"}, "contract", "request_id"}`, where
`contract` is absent for staff and commands, and `request_id` for commands. A change by an import
or by its undoing has the import's id in `import`; a reason that someone gave is in `reason`.
"""

from dataclasses import asdict

import pghistory

from customers.models.credential import Actor


def recording(**context: object) -> pghistory.context:
    """Record `context` with every change made within the `with` block."""
    return pghistory.context(**context)


def acting(actor: Actor, **context: object) -> pghistory.context:
    """Record who acts. Called without `with`, it adds to the open block, which is the request's."""
    return pghistory.context(actor=asdict(actor), **context)
