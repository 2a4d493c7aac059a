from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from learnpaths.accounts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("profile/", views.profile, name="profile"),
    path("token/", views.token, name="api_token"),
    path("token/new/", views.rotate_token, name="rotate_token"),
    path("token/delete/", views.delete_token, name="delete_token"),
]
