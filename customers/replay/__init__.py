"""Replays recorded traffic of a vendor against the registry, and compares the answers.

`recordings` reads HAR and JSON Lines; `selection` says which requests are sent; `preparing` stores
what was there before; `ids` maps ids; `sending` sends through the whole stack; `comparing` finds
differences; `masking` hides secrets and personal values; `report` writes; `run` does it all.

No contract is named here: what one says of its traffic is its `customers.rest.traffic.Traffic`.
"""
