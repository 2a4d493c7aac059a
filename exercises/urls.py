from django.urls import URLPattern, URLResolver, include, path

from exercises.kernels.urls import kernel_urls, lesson_kernel_urls
from exercises.pages import views

exercise_urls: list[URLPattern | URLResolver] = [
    path("", views.show_exercise, name="exercise"),
    path("submit/", views.submit, name="exercise-submit"),
    path("notebook.ipynb", views.download, name="exercise-notebook"),
    path("upload/", views.upload, name="exercise-upload"),
    path("draft/", views.save_draft, name="exercise-draft"),
    path("draft/undo/", views.undo_replacement, name="exercise-undo"),
    path("hints/", views.record_hint, name="exercise-hint"),
    path("submissions/", views.show_history, name="exercise-history"),
    path("submissions/compare/", views.compare_submissions, name="exercise-compare"),
    path("kernel/", include(kernel_urls)),
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
    path("lessons/<slug:slug>/kernel/", include(lesson_kernel_urls), {"of": "lesson"}),
    path("submissions/<uuid:submission_id>/", include(submission_urls)),
]
