from django.urls import URLPattern, URLResolver, include, path

from exercises.kernels.urls import kernel_urls, lesson_kernel_urls
from exercises.pages.views import drafts, exercise, submissions

exercise_urls: list[URLPattern | URLResolver] = [
    path("", exercise.show_exercise, name="exercise"),
    path("submit/", exercise.submit, name="exercise-submit"),
    path("notebook.ipynb", exercise.download, name="exercise-notebook"),
    path("upload/", exercise.upload, name="exercise-upload"),
    path("draft/", drafts.save_draft, name="exercise-draft"),
    path("draft/undo/", drafts.undo_replacement, name="exercise-undo"),
    path("hints/", drafts.record_hint, name="exercise-hint"),
    path("submissions/", submissions.show_history, name="exercise-history"),
    path("submissions/compare/", submissions.compare_submissions, name="exercise-compare"),
    path("kernel/", include(kernel_urls)),
]
submission_urls = [
    path("", submissions.show_submission, name="submission"),
    path("status/", submissions.show_status, name="submission-status"),
    path("solution/", submissions.show_solution, name="submission-solution"),
    path("cancel/", submissions.cancel, name="submission-cancel"),
    path("restore/", submissions.restore, name="submission-restore"),
]
urlpatterns = [
    path("exercises/", exercise.list_exercises, name="exercises"),
    path("exercises/<slug:slug>/", include(exercise_urls)),
    path("lessons/<slug:slug>/kernel/", include(lesson_kernel_urls), {"of": "lesson"}),
    path("submissions/<uuid:submission_id>/", include(submission_urls)),
]
