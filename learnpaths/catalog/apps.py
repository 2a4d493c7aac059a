from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from learnpaths.catalog import course_reader
from learnpaths.catalog.registry import PATHS_ORDER, ContentKind, StepKind, register_content, register_step_kind

if TYPE_CHECKING:
    from learnpaths.catalog.models import Step


class CatalogConfig(AppConfig):
    name = "learnpaths.catalog"

    def ready(self) -> None:
        register_step_kind(StepKind("lesson", _("Lesson"), _lesson_url))
        from learnpaths.catalog.loader import listed_paths, save_paths  # models exist only now

        register_content(ContentKind("paths", course_reader.read, save_paths, PATHS_ORDER, listed=listed_paths))


def _lesson_url(step: "Step") -> str:
    return reverse("lesson", args=[step.unit.path.slug, step.slug])
