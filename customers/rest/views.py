"""Base views of all contracts: authentication, strict input, errors in the contract's shape."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import models
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from rest_framework import status
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from customers.models import Customer, replicas
from customers.models.credential import Credential, Tenant
from customers.models.errors import waiting
from customers.models.history import acting
from customers.models.keyset import Page
from customers.rest import idempotency, sources
from customers.rest.authentication import HasScope
from customers.rest.conditional import etag, expected_versions, is_known
from customers.rest.contract import Contract
from customers.rest.failed_credentials import limited
from customers.rest.filters import FilterSet, may_repeat
from customers.rest.idempotency import Handler
from customers.rest.pagination import QueryPagination
from customers.rest.parsers import StrictJSONParser
from customers.rest.problems import EncodedBody, InvalidQuery, PathNotFound, of_exception
from customers.rest.reading import Found, Source, read_one, read_page
from customers.rest.renderers import JSONRenderer
from customers.rest.request_id import request_id
from customers.rest.throttling import CredentialThrottle
from customers.values.card_numbers import contains_card_number


class AlwaysJSON(BaseContentNegotiation):
    """Returns JSON whatever `Accept` says: an error the caller cannot read helps no one."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        coding = request.headers.get("Content-Encoding", "identity")
        if coding.strip().lower() != "identity":
            raise EncodedBody(coding)
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
        """Handle a request as DRF does, except that reads and writes differ (`write`)."""
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
        if request._request.META["QUERY_STRING"]:
            self._check_parameters(request)

    def perform_authentication(self, request: Request) -> None:
        with limited(request):
            super().perform_authentication(request)

    def read(self, handler: Handler, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(self.request.auth, Credential):
            return handler(self.request, *args, **kwargs)
        with replicas.reading(self.request.auth.owner):
            return handler(self.request, *args, **kwargs)

    def write(self, handler: Handler, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Run the handler, and with an `Idempotency-Key` once for each key.

        A handler writes by one verb of the store, which is one transaction. The history records who
        acts, through which contract, and the request's id.

        After the verb nothing is asked of the database: the server tries a request again whose last
        statement a limit has ended, and the write would be done twice.
        """
        if not isinstance(self.request.auth, Credential):
            return handler(self.request, *args, **kwargs)
        key = idempotency.key_of(self.request)
        handler = idempotency.once(handler, self.request, key) if key else handler
        context = {"contract": self.contract.slug, "request_id": request_id.get()}
        with acting(self.request.auth.actor, **context), waiting():
            response = handler(self.request, *args, **kwargs)
        replicas.written(self.request.auth.owner)
        return response

    def has_parameter(self, name: str) -> bool:
        """Whether the endpoint has this query parameter; all others are refused."""
        return False

    def _check_parameters(self, request: Request) -> None:
        wrong = {}
        for name, values in request.query_params.lists():
            if not self.has_parameter(name):
                shown = "query" if contains_card_number(name) else name
                wrong[shown] = ["There is no such parameter here."]
            elif len(values) > 1 and not may_repeat(name):
                wrong[name] = ["Given more than once."]
        if wrong:
            raise InvalidQuery(wrong)

    def get_exception_handler(self) -> Callable[..., Response]:
        return self.render_problem

    def render_problem(self, error: Exception, context: Any) -> Response:
        problem = of_exception(error)
        code, body = self.contract.render_error(problem)
        response = Response(
            body, code, headers=dict(problem.headers), content_type=self.contract.error_type
        )
        response.problem = problem  # type: ignore[attr-defined] # for the metrics
        return response


class ContractViewSet(ContractView, GenericViewSet[models.Model]):
    """Base of the views of one kind of object: its list, and the actions on one of them."""

    filterset_class: type[FilterSet] | None = None

    def has_parameter(self, name: str) -> bool:
        if self.action != "list":
            return False
        filters, pagination = self.filterset_class, self.pagination_class
        assert pagination is not None
        assert issubclass(pagination, QueryPagination)
        is_filter = filters is not None and filters.has_parameter(name)
        return is_filter or name in pagination.query_parameters()

    @property
    def origin(self) -> str:
        """What absolute links begin with: scheme and host, a trusted proxy's if there is one."""
        return f"{self.request.scheme}://{self.request.get_host()}"

    @property
    def shown_by(self) -> Any:
        """The serializer of the objects that the view shows."""
        assert self.serializer_class is not None
        return self.serializer_class

    def page(self, source: Source, **given: Any) -> Response:
        """The page of a source that the query asks for, in the contract's envelope."""
        assert isinstance(self.paginator, QueryPagination)
        return Response(self.paginator.envelope(self.rows(source, **given)))

    def rows(self, source: Source, **given: Any) -> Page[Found]:
        """The page of a source that the query asks for."""
        assert isinstance(self.paginator, QueryPagination)
        place = self.paginator.read_place(self.request)
        filters = self.filterset_class
        asked = filters.read(self.request.query_params) if filters else {}
        return read_page(
            source,
            self.shown_by,
            self.tenant,
            self.origin,
            given,
            place,
            filters,
            asked,
        )

    def one(self, source: Source, **given: Any) -> Found:
        """The object of a source. Raises Http404 if there is none."""
        return self._one(source, self.shown_by, given)

    def _one(self, source: Source, serializer: Any, given: Mapping[str, Any]) -> Found:
        found = read_one(source, serializer, self.tenant, self.origin, given)
        if found is None:
            raise Http404
        return found


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

    def customer_id(self, id: str, source: Source = sources.customer) -> UUID:
        """The id of a customer that a source has. Raises Http404 as `get_customer`."""
        return self._one(source, self.contract.serializer, {"id": uuid_or_404(id)}).id

    @property
    def expecting(self) -> Collection[int] | None:
        """The versions of the customer that the caller accepts (`If-Match`); None for any."""
        return expected_versions(self.request)

    def show(self, found: Found) -> HttpResponseBase:
        """A response with a customer that was read, or 304 if the caller knows this version."""
        headers = {"ETag": etag(found)}
        if is_known(self.request, found):
            return Response(status=304, headers=headers)
        return Response(self.contract.envelope(found.members), headers=headers)

    def answer(self, customer: Customer, status: int = status.HTTP_200_OK) -> HttpResponseBase:
        """A response with a customer that was written."""
        shown = self.contract.represent(customer, self.origin)
        return Response(shown, status, headers={"ETag": etag(customer)})


class UnknownPath(ContractView):
    """A contract's 404, for the paths below its bases that are no endpoint.

    Mounted as `UnknownPath.as_view(contract=…)`.
    """

    schema = None

    authentication_classes = []
    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise PathNotFound


def uuid_or_404(text: str) -> UUID:
    """The id in a path. Raises Http404 for text that is not a UUID in its usual form."""
    try:
        id = UUID(text)
    except ValueError:
        raise Http404 from None
    if str(id) != text.lower():
        raise Http404
    return id
