from django.urls import include, path

from exercises import views

exercise_urls = [
    path("", views.show_exercise, name="exercise"),
    path("submit/", views.submit, name="exercise-submit"),
    path("notebook.ipynb", views.download, name="exercise-notebook"),
    path("upload/", views.upload, name="exercise-upload"),
    path("draft/", views.save_draft, name="exercise-draft"),
    path("draft/undo/", views.undo_replacement, name="exercise-undo"),
    path("hints/", views.record_hint, name="exercise-hint"),
    path("submissions/", views.show_history, name="exercise-history"),
    path("submissions/compare/", views.compare_submissions, name="exercise-compare"),
]
submission_urls = [
    path("", views.show_submission, name="submission"),
    path("status/", views.show_status, name="submission-status"),
    path("solution/", views.show_solution, name="submission-solution"),
    path("cancel/", views.cancel, name="submission-cancel"),
    path("restore/", views.restore, name="submission-restore"),
]
urlpatterns = [
    path("exercises/", views.list_exercises, name="exercises"),
    path("exercises/<slug:slug>/", include(exercise_urls)),
    path("submissions/<uuid:submission_id>/", include(submission_urls)),
]
