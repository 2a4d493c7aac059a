from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "learnpaths.progress"

    def ready(self) -> None:
        from learnpaths.progress import receivers  # noqa: F401 - connects them
