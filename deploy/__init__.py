"""Configurations of production, which the fault tests and `make cluster` start as they are."""
