"""An app whose migrations stand for those of a later release."""
