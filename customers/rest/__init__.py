"""The HTTP behaviour that all contracts share: parsing, errors, conditional requests, lists.

Above the store and below `customers.api`. Nothing in here names a contract.
"""
