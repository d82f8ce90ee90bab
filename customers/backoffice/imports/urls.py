"""The URLs of imports, below those of an organization and a mode."""

from django.urls import path

from customers.backoffice.imports import result, upload, views

urlpatterns = [
    path("", views.Imports.as_view(), name="imports"),
    path("new/", upload.ImportNew.as_view(), name="import_new"),
    path("template.csv", upload.ImportTemplate.as_view(), name="import_template"),
    path("<uuid:id>/", result.ImportResult.as_view(), name="import"),
    path("<uuid:id>/rows/<int:number>/", result.ImportOneRow.as_view(), name="import_row"),
    path("<uuid:id>/columns/", views.ImportColumns.as_view(), name="import_columns"),
    path("<uuid:id>/check/", views.ImportCheck.as_view(), name="import_check"),
    path("<uuid:id>/confirm/", views.ImportConfirm.as_view(), name="import_confirm"),
    path("<uuid:id>/refused.csv", result.ImportRefusedRows.as_view(), name="import_refused"),
    path("<uuid:id>/discard/", views.ImportDiscard.as_view(), name="import_discard"),
    path("<uuid:id>/undo/", views.ImportUndo.as_view(), name="import_undo"),
]
