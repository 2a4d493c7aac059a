from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from learnpaths.core import design, metrics, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("design/", design.show, name="design"),
    path("metrics", metrics.metrics, name="metrics"),
]
