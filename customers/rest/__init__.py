"""What every wire contract needs of HTTP and none may decide: parsing, errors, conditions, lists.

Above the store and below `customers.api`. Nothing in here knows a contract by name.
"""
