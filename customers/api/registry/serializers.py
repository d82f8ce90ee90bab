"""Serializers: the members of each body, by the names of the store's columns."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.models import Customer, CustomerUser, Mode, PaymentMethod
from customers.models.batch import Outcome
from customers.rest.fields import (
    Alpha2Field,
    Body,
    Described,
    EmailField,
    MetadataField,
    OneOf,
    ShownMetadata,
    StoredNumber,
    StoredText,
    StrictText,
)
from customers.rest.meanings import CUSTOMER, PAYMENT_METHOD, USER
from customers.values.validators import METADATA_KEY_LENGTH, METADATA_VALUE_LENGTH, REASON_RULES

# --- Bodies --------------------------------------------------------------------------------------


class CustomerWrite(Body):
    """A customer to write. A new one needs at least one value."""

    meanings = CUSTOMER

    external_id = StoredText(Customer, "external_id")
    processor_reference = StoredText(Customer, "processor_reference")
    reference = StoredText(Customer, "reference")
    email = EmailField(Customer, "email")
    name = StoredText(Customer, "name")
    legal_name = StoredText(Customer, "legal_name")
    legal_number = StoredText(Customer, "legal_number")
    ein = StoredText(Customer, "ein")
    address_line1 = StoredText(Customer, "address_line1")
    address_line2 = StoredText(Customer, "address_line2")
    city = StoredText(Customer, "city")
    state = StoredText(Customer, "state")
    postal_code = StoredText(Customer, "postal_code")
    country = Alpha2Field()
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
        super().__init__(
            validators=[],
            help_text="Merged key by key into what is stored: null removes a key. The whole is up "
            "to 50 keys of 40 characters, with texts of 500.",
        )


class CustomerPatch(CustomerWrite):
    """What PATCH changes: null clears, and metadata is merged key by key."""

    metadata = MetadataPatch()


class WithReason(Body):
    """Why a customer is archived or restored."""

    reason = StrictText(validators=REASON_RULES, help_text="Kept in the history.")


class UserWrite(Body):
    """A user to write. A new one needs an email or a name."""

    meanings = USER

    email = EmailField(CustomerUser, "email")
    first_name = StoredText(CustomerUser, "first_name")
    last_name = StoredText(CustomerUser, "last_name")


class PaymentMethodWrite(Body):
    """A payment method to write: the processor's token, and what a receipt shows."""

    meanings = PAYMENT_METHOD

    type = OneOf(PaymentMethod.Type.choices)
    brand = StoredText(PaymentMethod, "brand")
    last4 = StoredText(PaymentMethod, "last4")
    exp_month = StoredNumber(PaymentMethod, "exp_month")
    exp_year = StoredNumber(PaymentMethod, "exp_year")
    bank_name = StoredText(PaymentMethod, "bank_name")
    processor = StoredText(PaymentMethod, "processor")
    processor_token = StoredText(PaymentMethod, "processor_token")


class PaymentMethodPatch(PaymentMethodWrite):
    """What PATCH changes of a payment method: null clears."""

    type = OneOf(PaymentMethod.Type.choices, required=False)


# --- Objects -------------------------------------------------------------------------------------


class CustomerSerializer(Described):
    """A customer."""

    meanings = CUSTOMER

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
    country = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    logo_url = serializers.CharField(allow_null=True)
    metadata = ShownMetadata()
    default_payment_method_id = serializers.UUIDField(allow_null=True)
    mode = serializers.ChoiceField(choices=Mode.choices)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)


class UserSerializer(Described):
    """A person who acts for a customer."""

    meanings = USER

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    email = serializers.EmailField(allow_null=True)
    first_name = serializers.CharField(allow_null=True)
    last_name = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class PaymentMethodSerializer(Described):
    """A card or bank account that a processor keeps for a customer."""

    meanings = PAYMENT_METHOD

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


MORE = "Whether there are more, which their own list has."


class ExpandedUsersSerializer(serializers.Serializer[Any]):
    """The first 100 users of a customer, oldest first."""

    data = UserSerializer(many=True, help_text="Up to 100 users.")  # type: ignore[assignment]
    has_more = serializers.BooleanField(help_text=MORE)


class ExpandedPaymentMethodsSerializer(serializers.Serializer[Any]):
    """The first 100 payment methods of a customer, oldest first."""

    data = PaymentMethodSerializer(  # type: ignore[assignment]
        many=True, help_text="Up to 100 payment methods."
    )
    has_more = serializers.BooleanField(help_text=MORE)


class ExpandedCustomerSerializer(CustomerSerializer):
    """A customer, with what `expand` asks for."""

    users = ExpandedUsersSerializer(required=False, help_text="With `expand=users`.")
    payment_methods = ExpandedPaymentMethodsSerializer(
        required=False, help_text="With `expand=payment_methods`."
    )


# --- Batches and dry runs ------------------------------------------------------------------------

WAS_DRY_RUN = "True if nothing was written."
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

    type = serializers.CharField(help_text="`about:blank`: the status says what kind it is.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField(help_text="The response's status.")
    detail = serializers.CharField(help_text="A sentence for people.")
    code = serializers.CharField(help_text="A stable code, for programs.")
    request_id = serializers.CharField(help_text="That of the header `X-Request-Id`.")
    errors = FaultSerializer(  # type: ignore[assignment]
        many=True, help_text="The fields or parameters at fault, if it is about any."
    )


class ChangeSerializer(serializers.Serializer[Any]):
    """A member before and after; null where there was none."""

    old = serializers.JSONField(help_text="Before.")
    new = serializers.JSONField(help_text="After.")


class BatchResultSerializer(serializers.Serializer[Any]):
    """What has become of one customer of a batch."""

    index = serializers.IntegerField(help_text="The customer's place in the request, from 0.")
    external_id = serializers.CharField(allow_null=True, help_text="As it was given.")
    outcome = serializers.ChoiceField(
        choices=OUTCOMES, help_text="`created`, `updated`, `unchanged` or `refused`."
    )
    id = serializers.UUIDField(allow_null=True, help_text="Null if it is refused.")
    version = serializers.IntegerField(
        allow_null=True, help_text="The customer's, after the write; null if it is refused."
    )
    errors = FaultSerializer(  # type: ignore[assignment]
        many=True, help_text="Why it is refused; empty if it is not."
    )
    record = CustomerSerializer(required=False, allow_null=True, help_text="In a dry run.")
    changes = serializers.DictField(
        child=ChangeSerializer(), required=False, help_text="In a dry run, by member."
    )


class BatchWrite(serializers.Serializer[Any]):
    """Customers to create or change, each by its external id."""

    customers = serializers.ListField(
        child=CustomerWrite(),
        min_length=1,
        max_length=1000,
        help_text="1 to 1,000 customers, each with an `external_id`.",
    )
    all_or_nothing = serializers.BooleanField(
        default=False, help_text="Write nothing, and answer 422, if one customer is refused."
    )


class BatchSerializer(serializers.Serializer[Any]):
    """What has become of each customer of a batch."""

    dry_run = serializers.BooleanField(help_text=WAS_DRY_RUN)
    created = serializers.IntegerField(help_text="How many customers are new.")
    updated = serializers.IntegerField(help_text="How many were changed.")
    unchanged = serializers.IntegerField(help_text="How many already were so.")
    refused = serializers.IntegerField(help_text="How many are refused.")
    results = BatchResultSerializer(many=True, help_text="One for each, in the order given.")
