from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "learnpaths.core"

    def ready(self) -> None:
        import learnpaths.core.tasks  # noqa: F401 - whoever looks into the list of tasks finds them
