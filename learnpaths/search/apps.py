from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from learnpaths.search.registry import Kind, register_kind


class SearchConfig(AppConfig):
    name = "learnpaths.search"

    def ready(self) -> None:
        from learnpaths.catalog.signals import content_loaded
        from learnpaths.search import course_entries, glossary, indexing  # models exist only now

        register_kind(Kind("lesson", _("Lessons"), course_entries.lesson_entries))
        register_kind(Kind("path", _("Paths"), course_entries.path_entries))
        register_kind(Kind("term", _("Glossary"), course_entries.term_entries))
        glossary.register()
        content_loaded.connect(indexing.index_after_load, dispatch_uid="search.index")
