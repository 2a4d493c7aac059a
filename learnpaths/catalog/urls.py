from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from learnpaths.catalog import views

urlpatterns: list[URLPattern | URLResolver] = [path("search/", views.search, name="search")]
