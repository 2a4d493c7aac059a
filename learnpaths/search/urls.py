from django.urls import URLPattern, URLResolver, path

from learnpaths.search import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("search/", views.search, name="search"),
    path("search/suggestions/", views.suggestions, name="search-suggestions"),
    path("glossary/", views.glossary, name="glossary"),
]
