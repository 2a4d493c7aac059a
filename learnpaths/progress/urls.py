from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from learnpaths.progress import views

_LESSON = "paths/<slug:path>/<slug:lesson>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.show_home, name="home"),
    path("paths/", views.list_paths, name="paths"),
    path("paths/<slug:path>/", views.show_path, name="path"),
    path(_LESSON, views.show_lesson, name="lesson"),
    path(f"{_LESSON}complete/", views.complete_lesson, name="lesson-complete"),
    path(f"{_LESSON}checkpoints/<slug:checkpoint>/", views.answer_checkpoint, name="checkpoint-answer"),
]
