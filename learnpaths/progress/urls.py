from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from learnpaths.progress import views

_LESSON = "paths/<slug:path>/<slug:lesson>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("paths/", views.paths, name="paths"),
    path("paths/<slug:path>/", views.path, name="path"),
    path(_LESSON, views.lesson, name="lesson"),
    path(f"{_LESSON}complete/", views.complete_lesson, name="lesson-complete"),
    path(f"{_LESSON}checkpoints/<slug:checkpoint>/", views.answer_checkpoint, name="checkpoint-answer"),
]
