"""What is kept of webhooks."""

from customers.webhooks.models.delivery import Attempt, Delivery
from customers.webhooks.models.endpoint import FeedPosition, WebhookEndpoint

__all__ = ["Attempt", "Delivery", "FeedPosition", "WebhookEndpoint"]
