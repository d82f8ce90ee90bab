"""Django's format `json`, with whole times."""

from django.core.serializers import json

from customers.dumps.times import WholeTimes

Deserializer = json.Deserializer


class Serializer(WholeTimes, json.Serializer):
    """Writes objects as JSON."""
