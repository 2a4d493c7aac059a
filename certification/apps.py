from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificationConfig(AppConfig):
    name = "certification"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        from certification import credential_files, receivers, selectors  # noqa: F401 - receivers listen from here on
        from learnpaths.progress import goals

        credential_files.register()
        goals.register(selectors.goals_of_paths)
