"""The store: one aggregate a module."""

from customers.models.base import Mode
from customers.models.customer import Customer
from customers.models.customer_import import CustomerImport, ImportCorrection, ImportRow
from customers.models.customer_note import CustomerNote
from customers.models.customer_user import CustomerUser
from customers.models.figures import Figures, PossibleDuplicate
from customers.models.issued_credentials import ApiKey, OAuthClient
from customers.models.not_duplicate import NotDuplicate
from customers.models.organization import Membership, Organization
from customers.models.payment_method import PaymentMethod
from customers.models.requests import IdempotencyRecord, LastWrite, RequestCount
from customers.models.saved_view import SavedView
from customers.models.selection import Selection

__all__ = [
    "ApiKey",
    "Customer",
    "CustomerImport",
    "CustomerNote",
    "CustomerUser",
    "Figures",
    "IdempotencyRecord",
    "ImportCorrection",
    "ImportRow",
    "LastWrite",
    "Membership",
    "Mode",
    "NotDuplicate",
    "OAuthClient",
    "Organization",
    "PaymentMethod",
    "PossibleDuplicate",
    "RequestCount",
    "SavedView",
    "Selection",
]
