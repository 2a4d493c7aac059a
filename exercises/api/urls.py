from django.urls import path

from exercises.api import submission_stream, views

urlpatterns = [
    path("exercises/", views.exercises, name="api-exercises"),
    path("exercises/<slug:slug>/", views.exercise, name="api-exercise"),
    path("exercises/<slug:slug>/notebook/", views.notebook, name="api-exercise-notebook"),
    path("exercises/<slug:slug>/submissions/", views.submissions, name="api-exercise-submissions"),
    path("submissions/<uuid:submission_id>/", views.submission, name="api-submission"),
    path("submissions/<uuid:submission_id>/events/", submission_stream.stream, name="api-submission-events"),
    path("submissions/<uuid:submission_id>/cancel/", views.cancel, name="api-submission-cancel"),
]
