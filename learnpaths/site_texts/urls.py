from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from learnpaths.site_texts import views
from learnpaths.site_texts.models import Page

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{page}/", views.show_page, {"page": page}, name=page) for page in Page
]
