"""Django's format `json`, so that nothing is lost."""

from django.core.serializers import json

from customers.dumps.times import Loadable

Deserializer = json.Deserializer


class Serializer(Loadable, json.Serializer):
    """Writes objects as JSON."""
