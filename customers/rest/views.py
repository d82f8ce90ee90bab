"""Base views of all contracts: authentication, strict input, errors in the contract's shape."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from rest_framework import status
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from customers.models import Customer
from customers.models.credential import Credential, Tenant
from customers.models.history import acting
from customers.rest import idempotency
from customers.rest.authentication import HasScope
from customers.rest.conditional import etag, expected_versions, is_known
from customers.rest.contract import Contract
from customers.rest.idempotency import Handler
from customers.rest.parsers import StrictJSONParser
from customers.rest.problems import InvalidQuery, of_exception
from customers.rest.throttling import CredentialThrottle
from customers.values.card_numbers import contains_card_number


class AlwaysJSON(BaseContentNegotiation):
    """Returns JSON whatever `Accept` says: an error the caller cannot read helps no one."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return next(
            (parser for parser in parsers if parser.media_type == _media_type(request)), None
        )

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        return renderers[0], renderers[0].media_type


def _media_type(request: Request) -> str:
    return request.content_type.split(";", 1)[0].strip().lower()


class ContractView(APIView):
    """Base of all views. A contract's views set `contract` and `authentication_classes`."""

    contract: Contract = None  # type: ignore[assignment]
    permission_classes = [HasScope]
    throttle_classes = [CredentialThrottle]
    parser_classes = [StrictJSONParser]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = AlwaysJSON
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    @property
    def tenant(self) -> Tenant:
        """Whose data this request is about."""
        assert isinstance(self.request.auth, Credential)
        return self.request.auth.tenant

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Handle a request as DRF does, except that a write is one transaction (`write`)."""
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(self.request, *args, **kwargs)
            act = self.read if self.request.method in SAFE_METHODS else self.write
            response: Any = act(self.handler(), *args, **kwargs)
        except Exception as error:  # noqa: BLE001 (DRF's own; the handler renders or raises it)
            response = self.handle_exception(error)
        self.response = self.finalize_response(self.request, response, *args, **kwargs)
        return self.response

    def handler(self) -> Handler:
        """The method that handles the request's HTTP method."""
        method = (self.request.method or "").lower()
        if method not in self.http_method_names:
            return self.http_method_not_allowed
        handler: Handler = getattr(self, method, self.http_method_not_allowed)
        return handler

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self._check_parameters(request)
        if isinstance(request.auth, Credential):
            acting(request.auth.actor, contract=self.contract.slug)

    def read(self, handler: Handler, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return handler(self.request, *args, **kwargs)

    @transaction.atomic
    def write(self, handler: Handler, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Run the handler in a transaction that an error rolls back, and once for each key."""
        if isinstance(self.request.auth, Credential):
            key = idempotency.key_of(self.request)
            handler = idempotency.once(handler, self.request, key) if key else handler
        return handler(self.request, *args, **kwargs)

    def query_parameters(self) -> set[str]:
        """The query parameters that the endpoint has; all others are refused."""
        return set()

    def _check_parameters(self, request: Request) -> None:
        known = self.query_parameters()
        wrong = {}
        for name, values in request.query_params.lists():
            if name not in known:
                shown = "query" if contains_card_number(name) else name
                wrong[shown] = ["There is no such parameter here."]
            elif len(values) > 1:
                wrong[name] = ["Given more than once."]
        if wrong:
            raise InvalidQuery(wrong)

    def get_exception_handler(self) -> Callable[..., Response]:
        return self.render_problem

    def render_problem(self, error: Exception, context: Any) -> Response:
        problem = of_exception(error)
        code, body = self.contract.render_error(problem)
        return Response(body, code, headers=dict(problem.headers))


class ContractViewSet(ContractView, GenericViewSet[models.Model]):
    """Base of the views of one kind of object: its list, and the actions on one of them."""

    def query_parameters(self) -> set[str]:
        if self.action != "list":
            return set()
        names: set[str] = set(getattr(self.paginator, "query_parameters", ()))
        if filterset := getattr(self, "filterset_class", None):
            names |= filterset.base_filters.keys()
        return names

    def page(self, rows: models.QuerySet[Any]) -> Response:
        """The page of `rows` that the query asks for, in the contract's envelope."""
        serializer = self.get_serializer(self.paginate_queryset(rows), many=True)
        return self.get_paginated_response(serializer.data)


class CustomerView(ContractViewSet):
    """Base of views of one customer: one of the tenant's, returned with its `ETag`."""

    def get_customer(self, id: str) -> Customer:
        """The customer of this id, archived or not.

        Raises:
            Http404: it does not exist, or belongs to another tenant.
        """
        customer = Customer.objects.visible_to(self.tenant).filter(pk=uuid_or_404(id)).first()
        if customer is None:
            raise Http404
        return customer

    def get_live_customer(self, id: str) -> Customer:
        """Like `get_customer`, for a contract in which archived customers are not found."""
        customer = self.get_customer(id)
        if customer.archived_at is not None:
            raise Http404
        return customer

    @property
    def origin(self) -> str:
        """What absolute links begin with: scheme and host, a trusted proxy's if there is one."""
        return self.request.build_absolute_uri("/").removesuffix("/")

    @property
    def expecting(self) -> Collection[int] | None:
        """The versions of the customer that the caller accepts (`If-Match`); None for any."""
        return expected_versions(self.request)

    def answer(self, customer: Customer, status: int = status.HTTP_200_OK) -> HttpResponseBase:
        """A response with the customer in the contract's shape, or 304 if it has not changed."""
        headers = {"ETag": etag(customer)}
        if self.request.method in ("GET", "HEAD") and is_known(self.request, customer):
            return Response(status=304, headers=headers)
        shown = self.contract.represent(customer, self.origin)
        return Response(shown, status, headers=headers)


class UnknownPath(ContractView):
    """A contract's 404, for the paths below its bases that are no endpoint.

    Mounted as `UnknownPath.as_view(contract=…)`.
    """

    schema = None

    authentication_classes = []
    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404


def uuid_or_404(text: str) -> UUID:
    """The id in a path. Raises Http404 for text that is not a UUID in its usual form."""
    try:
        id = UUID(text)
    except ValueError:
        raise Http404 from None
    if str(id) != text.lower():
        raise Http404
    return id
