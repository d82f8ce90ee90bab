"""Django's format `jsonl`, with whole times."""

from django.core.serializers import jsonl

from customers.dumps.times import WholeTimes

Deserializer = jsonl.Deserializer


class Serializer(WholeTimes, jsonl.Serializer):
    """Writes objects as JSON Lines."""
