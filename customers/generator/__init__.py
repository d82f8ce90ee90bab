"""Customers for development and for measuring: made up, realistic, the same in every run.

- `places` and `words` are what they are made of
- `rows` makes them, with their users, payment methods and history
- `load` writes them with COPY, all or none
"""
