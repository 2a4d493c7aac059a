"""Addresses of certificates. `badge.json`, the DID document and status lists stand in badges: they never move."""

from django.urls import path

from certification import views

urlpatterns = [
    path("certificates/", views.list_certificates, name="certificates"),
    path("certificates/<uuid:certificate_id>/", views.show_certificate, name="certificate"),
    path("certificates/<uuid:certificate_id>/badge.json", views.download_badge, name="badge"),
    path("certificates/<uuid:certificate_id>/name/", views.name_holder, name="certificate-name"),
    path("certificates/<uuid:certificate_id>/listing/", views.set_listing, name="certificate-listing"),
    path("credentials/<slug:slug>/", views.show_credential, name="credential"),
    path("verify/", views.verify, name="verify"),
    path("status/<uuid:list_id>/", views.show_status_list, name="status-list"),
    path(".well-known/did.json", views.show_did_document, name="did-document"),
    path(".well-known/jwks.json", views.show_jwks, name="jwks"),
]
