from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The project package is an app for its commands (`serve`) and to make the Celery application the current one."""

    name = "learnpaths"
    label = "project"

    def ready(self) -> None:
        import learnpaths.celery  # noqa: F401 - tasks find their broker through the current app
