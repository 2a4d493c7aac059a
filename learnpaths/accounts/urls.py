from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from learnpaths.accounts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("profile/", views.edit_profile, name="profile"),
    path("token/", views.show_token, name="token"),
    path("token/new/", views.rotate_token, name="token-rotate"),
    path("token/delete/", views.delete_token, name="token-delete"),
]
