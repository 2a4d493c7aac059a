from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExercisesConfig(AppConfig):
    name = "exercises"
    verbose_name = _("Exercises")

    def ready(self) -> None:
        from exercises import exercise_files, monitoring, search

        exercise_files.register(_("Exercise"))
        monitoring.register()
        search.register()
