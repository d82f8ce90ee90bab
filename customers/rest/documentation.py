"""The public pages: the landing page, each contract's documentation, and the site of docs/."""

from pathlib import Path

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve
from drf_spectacular.views import SpectacularSwaggerSplitView

from customers.rest.contract import contracts

# They change with a release only.
public = cache_control(public=True, max_age=300)


@require_safe
@public
def landing(request: HttpRequest) -> HttpResponse:
    """The landing page, with links to everything else."""
    is_built = Path(settings.DOCS_ROOT, "index.html").is_file()
    return render(request, "landing.html", {"contracts": contracts(), "is_built": is_built})


@require_safe
@public
def site(request: HttpRequest, path: str) -> HttpResponseBase:
    """A page or file of the site that `make docs` builds; 404 where it was not built."""
    return serve(request, path, document_root=str(settings.DOCS_ROOT))


# Swagger UI sets style attributes.
@csp_update({"style-src": [SELF, UNSAFE_INLINE]})  # type: ignore[arg-type]
@require_safe
@public
def contract_documentation(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Swagger UI over the OpenAPI document of one contract."""
    contract = next((contract for contract in contracts() if contract.slug == slug), None)
    if contract is None:
        raise Http404
    view = SpectacularSwaggerSplitView.as_view(
        url=contract.openapi_path, title=f"{contract.title}: customers"
    )
    return view(request)
