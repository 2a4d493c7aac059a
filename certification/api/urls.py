from django.urls import path

from certification.api import views

urlpatterns = [path("certificates/<uuid:certificate_id>/", views.certificate, name="api-certificate")]
