"""Serializers: the members of each body, and the column that each one is."""

from typing import Any

from rest_framework import serializers

from customers.models import Customer, CustomerUser, PaymentMethod
from customers.rest.fields import Body, CountryField, Described, EmailField, StoredText
from customers.rest.meanings import CUSTOMER, PAYMENT_METHOD, USER


class CustomerPatch(Body):
    """What PATCH changes."""

    meanings = CUSTOMER

    city = StoredText(Customer, "city")
    country = CountryField(
        help_text="ISO 3166-1 code of two or three letters, or an English name. It is returned as "
        "alpha-3."
    )
    ein = StoredText(Customer, "ein")
    legal_name = StoredText(Customer, "legal_name")
    name = StoredText(Customer, "name")
    postal_code = StoredText(Customer, "postal_code")
    state = StoredText(Customer, "state")
    street_address = StoredText(Customer, "address_line1")
    sub_premise = StoredText(Customer, "address_line2")


class CustomerCreate(CustomerPatch):
    """What POST takes: all optional, but at least one with a value."""

    email = EmailField(Customer, "email")
    external_id = StoredText(Customer, "external_id")


class CustomerSerializer(Described):
    """A customer."""

    meanings = CUSTOMER

    id = serializers.UUIDField()
    created_at = serializers.DateTimeField()
    external_id = serializers.CharField(allow_null=True)
    customer_integration_id = serializers.CharField(source="processor_reference", allow_null=True)
    email = serializers.EmailField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    legal_name = serializers.CharField(allow_null=True)
    ein = serializers.CharField(allow_null=True)
    street_address = serializers.CharField(source="address_line1", allow_null=True)
    sub_premise = serializers.CharField(source="address_line2", allow_null=True)
    city = serializers.CharField(allow_null=True)
    state = serializers.CharField(allow_null=True)
    postal_code = serializers.CharField(allow_null=True)
    country = CountryField(required=True, allow_blank=False, help_text="As alpha-3: `USA`.")
    default_payment_method_id = serializers.UUIDField(allow_null=True)


class UserCreate(Body):
    """What POST takes for a user: all optional, but at least one with a value."""

    meanings = USER

    email = EmailField(CustomerUser, "email")
    first_name = StoredText(CustomerUser, "first_name")
    last_name = StoredText(CustomerUser, "last_name")


class UserSerializer(Described):
    """A person who acts for a customer."""

    meanings = USER

    id = serializers.UUIDField()
    email = serializers.EmailField(allow_null=True)
    first_name = serializers.CharField(allow_null=True)
    last_name = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()


class PaymentMethodSerializer(Described):
    """A card or bank account of a customer."""

    meanings = PAYMENT_METHOD

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    type = serializers.ChoiceField(choices=PaymentMethod.Type.choices)
    brand = serializers.CharField(allow_null=True)
    last4 = serializers.CharField(allow_null=True)
    exp_month = serializers.IntegerField(allow_null=True)
    exp_year = serializers.IntegerField(allow_null=True)
    bank_name = serializers.CharField(allow_null=True)
    is_default = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class TokenRequest(serializers.Serializer[Any]):
    """The form of a token request; the client's credentials are in the Authorization header."""

    grant_type = serializers.ChoiceField(
        choices=["client_credentials"], help_text="The only grant that there is."
    )
    scope = serializers.CharField(
        required=False, help_text="Scopes, separated by spaces; all of the client's if omitted."
    )


class TokenSerializer(serializers.Serializer[Any]):
    """An access token."""

    access_token = serializers.CharField(help_text="To send as `Authorization: Bearer …`.")
    expires_in = serializers.IntegerField(help_text="For how many seconds it is valid.")
    token_type = serializers.ChoiceField(choices=["bearer"], help_text="How it is sent.")


class RevocationRequest(serializers.Serializer[Any]):
    """The form of a revocation (RFC 7009)."""

    token = serializers.CharField(help_text="The access token to revoke.")


class ErrorSerializer(serializers.Serializer[Any]):
    """What went wrong."""

    code = serializers.CharField(help_text="A stable code, for programs.")
    message = serializers.CharField(help_text="A sentence for people.")
    validation_errors = serializers.DictField(
        child=serializers.CharField(), help_text="One sentence for each field at fault."
    )
