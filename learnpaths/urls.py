"""Which app answers which URL. Each app owns its own list."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from exercises.api import reference

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("accounts/", include("learnpaths.accounts.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", reference.show, name="api-docs"),
    path("api/v1/", include("exercises.api.urls")),
    path("api/v1/", include("certification.api.urls")),
    path("api/v1/", include("learnpaths.catalog.api.urls")),
    path("", include("learnpaths.core.urls")),
    path("", include("learnpaths.progress.urls")),
    path("", include("learnpaths.site_texts.urls")),
    path("", include("learnpaths.search.urls")),
    path("", include("exercises.urls")),
    path("", include("certification.urls")),
]

handler400 = "learnpaths.core.views.bad_request"
handler403 = "learnpaths.core.views.forbidden"
handler404 = "learnpaths.site_texts.views.not_found"
