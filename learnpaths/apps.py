from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The project package is an app only for its commands (`serve`)."""

    name = "learnpaths"
    label = "project"
