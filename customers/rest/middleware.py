"""Middleware of all requests: ids, errors in the contract's shape, and what caches may keep."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from customers.rest.contract import contract_of, root_contract
from customers.rest.problems import PathNotFound, of_exception, of_status
from customers.rest.request_id import request_id as current_request_id
from customers.values.masking import masked
from customers.values.uuid7 import uuid7

_READS = frozenset({"GET", "HEAD"})
_FOUND = frozenset({200, 304})
_REQUEST_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)


class RequestId:
    """Gives every response an `X-Request-Id`, which the history records of a write.

    It is the request's if a trusted proxy has set it, and otherwise a new one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request.headers.get("X-Request-Id", "")
        if not (settings.TRUST_PROXY_HEADERS and _may_be_kept(request_id)):
            request_id = str(uuid7(timezone.now()))
        # Django logs some lines after the middleware has ended, with the request in the record.
        request.request_id = request_id  # type: ignore[attr-defined]
        token = current_request_id.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            current_request_id.reset(token)
        response["X-Request-Id"] = request_id
        return response


def _may_be_kept(request_id: str) -> bool:
    """Whether the history and the log may have this id: it has no card number or secret in it."""
    return bool(_REQUEST_ID.fullmatch(request_id)) and masked(request_id) == request_id


class CacheHeaders:
    """Says of every response which caches may keep it, and whose it is.

    Only what a view itself calls public, such as documentation and the static files, may be given
    to someone else. A customer with an `ETag` may be kept by the caller, who asks each time whether
    it has changed; nothing else is kept. `Vary` names the credential: a shared cache knows that an
    answer to `Authorization` is private, but not that one to `X-API-Key` is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = response.headers
        if "public" in headers.get("Cache-Control", ""):
            return response
        if request.method in _READS and response.status_code in _FOUND and "ETag" in headers:
            headers["Cache-Control"] = "private, no-cache"
        else:
            headers["Cache-Control"] = "no-store"
        contract = contract_of(request)
        credential = "Cookie" if contract is None else contract.credential_header
        if "Vary" in headers:
            patch_vary_headers(response, [credential])
        else:
            headers["Vary"] = credential
        return response


class ContractErrors:
    """Renders Django's own errors, for a bad host or an unknown path, in the contract's shape.

    Django's own handlers would return a page, and with DEBUG on one full of settings. An unknown
    path that no contract has is one of the vendor's that begins at the root, unless it is a page's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400:
            return response
        contract = contract_of(request) or root_contract(request)
        if contract is None or response.get("Content-Type") == contract.error_type:
            return response
        is_path = response.status_code == 404  # a view of a contract answers for itself
        problem = of_exception(PathNotFound()) if is_path else of_status(response.status_code)
        status, body = contract.render_error(problem)
        rendered = JsonResponse(body, status=status, safe=False, content_type=contract.error_type)
        # Django sets this once the response is logged, so that it is logged only once.
        rendered._has_been_logged = getattr(response, "_has_been_logged", False)  # type: ignore[attr-defined]
        return rendered
