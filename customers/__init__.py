"""The customer registry: the store, the wire contracts over it, and the admin."""
