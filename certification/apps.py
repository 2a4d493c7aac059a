from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificationConfig(AppConfig):
    name = "certification"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        from certification import content, receivers  # noqa: F401 - listens from here on

        content.register()
