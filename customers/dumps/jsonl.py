"""Django's format `jsonl`, so that nothing is lost."""

from django.core.serializers import jsonl

from customers.dumps.times import Loadable

Deserializer = jsonl.Deserializer


class Serializer(Loadable, jsonl.Serializer):
    """Writes objects as JSON Lines."""
