"""Serializers: the members of each body, by the names of the store's columns."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.insights.events import TYPES
from customers.models import Customer, CustomerUser, Mode, PaymentMethod
from customers.models.batch import Outcome
from customers.rest.fields import (
    Alpha2Field,
    Body,
    EmailField,
    MetadataField,
    OneOf,
    ShownMetadata,
    StoredNumber,
    StoredText,
    StrictText,
)
from customers.values.validators import METADATA_KEY_LENGTH, METADATA_VALUE_LENGTH, REASON_RULES

# --- Bodies --------------------------------------------------------------------------------------


class CustomerWrite(Body):
    """A customer to write. A new one needs at least one value."""

    external_id = StoredText(Customer, "external_id", help_text="Unique among live customers")
    processor_reference = StoredText(
        Customer, "processor_reference", help_text="The id in an integrated outside system"
    )
    reference = StoredText(Customer, "reference", help_text="A free label")
    email = EmailField(Customer, "email")
    name = StoredText(Customer, "name")
    legal_name = StoredText(Customer, "legal_name")
    legal_number = StoredText(Customer, "legal_number", help_text="Company registration number")
    ein = StoredText(Customer, "ein", help_text="US employer identification number")
    address_line1 = StoredText(Customer, "address_line1")
    address_line2 = StoredText(Customer, "address_line2")
    city = StoredText(Customer, "city")
    state = StoredText(Customer, "state")
    postal_code = StoredText(Customer, "postal_code")
    country = Alpha2Field(help_text="ISO 3166-1 alpha-2")
    phone = StoredText(Customer, "phone")
    url = StoredText(Customer, "url")
    logo_url = StoredText(Customer, "logo_url")
    metadata = MetadataField()


@extend_schema_field(
    {
        "type": "object",
        "propertyNames": {"maxLength": METADATA_KEY_LENGTH},
        "additionalProperties": {"type": ["string", "null"], "maxLength": METADATA_VALUE_LENGTH},
    }
)
class MetadataPatch(MetadataField):
    """Metadata to merge into what is stored, which the store checks as a whole."""

    def __init__(self) -> None:
        super().__init__(validators=[])


class CustomerPatch(CustomerWrite):
    """What PATCH changes: null clears, and metadata is merged key by key."""

    metadata = MetadataPatch()


class Reason(Body):
    """Why a customer is archived or restored."""

    reason = StrictText(validators=REASON_RULES, help_text="Kept in the history")


class UserWrite(Body):
    """A user to write. A new one needs an email or a name."""

    email = EmailField(CustomerUser, "email")
    first_name = StoredText(CustomerUser, "first_name")
    last_name = StoredText(CustomerUser, "last_name")


class PaymentMethodWrite(Body):
    """A payment method to write: the processor's token, and what a receipt shows."""

    type = OneOf(PaymentMethod.Type.choices)
    brand = StoredText(PaymentMethod, "brand", help_text="Of a card: visa, mastercard, …")
    last4 = StoredText(PaymentMethod, "last4", help_text="The last four digits")
    exp_month = StoredNumber(PaymentMethod, "exp_month")
    exp_year = StoredNumber(PaymentMethod, "exp_year", help_text="Of four digits")
    bank_name = StoredText(PaymentMethod, "bank_name")
    processor = StoredText(PaymentMethod, "processor", help_text="Who keeps it: stripe, adyen, …")
    processor_token = StoredText(
        PaymentMethod, "processor_token", help_text="The processor's name for it"
    )


class PaymentMethodPatch(PaymentMethodWrite):
    """What PATCH changes of a payment method: null clears."""

    type = OneOf(PaymentMethod.Type.choices, required=False)


# --- Objects -------------------------------------------------------------------------------------


class CustomerSerializer(serializers.Serializer[Any]):
    """A customer."""

    id = serializers.UUIDField()
    external_id = serializers.CharField(allow_null=True)
    processor_reference = serializers.CharField(allow_null=True)
    reference = serializers.CharField(allow_null=True)
    email = serializers.EmailField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    legal_name = serializers.CharField(allow_null=True)
    legal_number = serializers.CharField(allow_null=True)
    ein = serializers.CharField(allow_null=True)
    address_line1 = serializers.CharField(allow_null=True)
    address_line2 = serializers.CharField(allow_null=True)
    city = serializers.CharField(allow_null=True)
    state = serializers.CharField(allow_null=True)
    postal_code = serializers.CharField(allow_null=True)
    country = serializers.CharField(allow_null=True, help_text="ISO 3166-1 alpha-2")
    phone = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    logo_url = serializers.CharField(allow_null=True)
    metadata = ShownMetadata()
    default_payment_method_id = serializers.UUIDField(allow_null=True)
    mode = serializers.ChoiceField(choices=Mode.choices)
    version = serializers.IntegerField(help_text="Rises by one with every change.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)


class UserSerializer(serializers.Serializer[Any]):
    """A person who acts for a customer."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    email = serializers.EmailField(allow_null=True)
    first_name = serializers.CharField(allow_null=True)
    last_name = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class PaymentMethodSerializer(serializers.Serializer[Any]):
    """A card or bank account that a processor keeps for a customer."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    type = serializers.ChoiceField(choices=PaymentMethod.Type.choices)
    brand = serializers.CharField(allow_null=True)
    last4 = serializers.CharField(allow_null=True)
    exp_month = serializers.IntegerField(allow_null=True)
    exp_year = serializers.IntegerField(allow_null=True)
    bank_name = serializers.CharField(allow_null=True)
    processor = serializers.CharField(allow_null=True)
    processor_token = serializers.CharField(allow_null=True)
    is_default = serializers.BooleanField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ExpandedUsersSerializer(serializers.Serializer[Any]):
    """The first 100 users of a customer, oldest first."""

    data = UserSerializer(many=True)  # type: ignore[assignment]
    has_more = serializers.BooleanField()


class ExpandedPaymentMethodsSerializer(serializers.Serializer[Any]):
    """The first 100 payment methods of a customer, oldest first."""

    data = PaymentMethodSerializer(many=True)  # type: ignore[assignment]
    has_more = serializers.BooleanField()


class ExpandedCustomerSerializer(CustomerSerializer):
    """A customer, with what `expand` asks for."""

    users = ExpandedUsersSerializer(required=False)
    payment_methods = ExpandedPaymentMethodsSerializer(required=False)


# --- Events --------------------------------------------------------------------------------------


class ActorSerializer(serializers.Serializer[Any]):
    """Who made a change."""

    kind = serializers.CharField(
        help_text="`api_key`, `oauth_client`, `staff`, `command` or another kind."
    )
    id = serializers.CharField()
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="A name for people; of a key its first characters."
    )


class EventSerializer(serializers.Serializer[Any]):
    """One change of a customer, or of a user or payment method of it."""

    id = serializers.CharField()
    type = serializers.ChoiceField(choices=TYPES)
    time = serializers.DateTimeField()
    customer_id = serializers.UUIDField()
    version = serializers.IntegerField(help_text="The record's, after the change.")
    record = serializers.DictField(
        help_text="The customer, user or payment method after the change, or as it was when it was "
        "deleted. A payment method is without `is_default`: that is the customer's "
        "`default_payment_method_id`."
    )
    previous = serializers.DictField(help_text="The former values of the members that changed.")
    actor = ActorSerializer(allow_null=True, help_text="Null for a change by SQL.")
    contract = serializers.CharField(
        allow_null=True, help_text="The API of the request, null for the back office."
    )
    request_id = serializers.CharField(allow_null=True)
    import_id = serializers.CharField(allow_null=True, help_text="Of a change by an import.")
    reason = serializers.CharField(allow_null=True)


class EventPageSerializer(serializers.Serializer[Any]):
    """Events in their order."""

    data = EventSerializer(many=True)  # type: ignore[assignment]
    cursor = serializers.CharField(help_text="Where to go on: keep it when the events are stored.")
    has_more = serializers.BooleanField(help_text="Whether there are more already.")


# --- Batches and dry runs ------------------------------------------------------------------------

#: What a write does, or would do.
OUTCOMES = [*Outcome.values, "removed"]


class FaultSerializer(serializers.Serializer[Any]):
    """What is wrong with one field."""

    field = serializers.CharField(allow_null=True, help_text="Null for the whole body.")
    pointer = serializers.CharField(
        allow_null=True,
        help_text="JSON Pointer to it in the body; null for a parameter of the query.",
    )
    code = serializers.CharField(help_text="A stable code, for programs.")
    message = serializers.CharField(help_text="A sentence for people.")


class ErrorSerializer(serializers.Serializer[Any]):
    """Problem details (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence for people.")
    code = serializers.CharField(help_text="A stable code, for programs.")
    request_id = serializers.CharField(help_text="That of the header `X-Request-Id`.")
    errors = FaultSerializer(many=True)  # type: ignore[assignment]


class ChangeSerializer(serializers.Serializer[Any]):
    """A member before and after; null where there was none."""

    old = serializers.JSONField()
    new = serializers.JSONField()


class BatchResultSerializer(serializers.Serializer[Any]):
    """What has become of one customer of a batch."""

    index = serializers.IntegerField(help_text="The customer's place in the request, from 0.")
    external_id = serializers.CharField(allow_null=True)
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    id = serializers.UUIDField(allow_null=True, help_text="Null if it is refused.")
    version = serializers.IntegerField(allow_null=True)
    errors = FaultSerializer(many=True)  # type: ignore[assignment]
    record = CustomerSerializer(required=False, allow_null=True, help_text="In a dry run.")
    changes = serializers.DictField(
        child=ChangeSerializer(), required=False, help_text="In a dry run, by member."
    )


class BatchWrite(serializers.Serializer[Any]):
    """Customers to create or change, each by its external id."""

    customers = serializers.ListField(child=CustomerWrite(), min_length=1, max_length=1000)
    all_or_nothing = serializers.BooleanField(
        default=False, help_text="Write nothing, and answer 422, if one customer is refused."
    )


class BatchSerializer(serializers.Serializer[Any]):
    """What has become of each customer of a batch."""

    dry_run = serializers.BooleanField()
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = BatchResultSerializer(many=True)
