"""Addresses of certificates. `badge.json`, the DID document and status lists stand in badges: they never move."""

from django.urls import path

from certification import views

urlpatterns = [
    path("certificates/", views.my_certificates, name="certificates"),
    path("certificates/<uuid:certificate_id>/", views.certificate, name="certificate"),
    path("certificates/<uuid:certificate_id>/badge.json", views.badge, name="badge"),
    path("certificates/<uuid:certificate_id>/name/", views.name_holder, name="certificate-name"),
    path("certificates/<uuid:certificate_id>/listing/", views.list_certificate, name="certificate-listing"),
    path("credentials/<slug:slug>/", views.credential, name="credential"),
    path("verify/", views.verify, name="verify"),
    path("status/<uuid:list_id>/", views.status_list, name="status-list"),
    path(".well-known/did.json", views.did_document, name="did-document"),
    path(".well-known/jwks.json", views.jwks, name="jwks"),
]
