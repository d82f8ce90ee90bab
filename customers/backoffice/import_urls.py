"""The addresses of imports, below an organization and a mode."""

from django.urls import path

from customers.backoffice import import_start, imports

urlpatterns = [
    path("", import_start.Imports.as_view(), name="imports"),
    path("new/", import_start.ImportNew.as_view(), name="import_new"),
    path("template.csv", import_start.ImportTemplate.as_view(), name="import_template"),
    path("<uuid:id>/", imports.ImportResult.as_view(), name="import"),
    path("<uuid:id>/columns/", imports.ImportColumns.as_view(), name="import_columns"),
    path("<uuid:id>/check/", imports.ImportCheck.as_view(), name="import_check"),
    path("<uuid:id>/confirm/", imports.ImportConfirm.as_view(), name="import_confirm"),
    path("<uuid:id>/refused.csv", imports.ImportRefused.as_view(), name="import_refused"),
    path("<uuid:id>/undo/", imports.ImportUndo.as_view(), name="import_undo"),
]
