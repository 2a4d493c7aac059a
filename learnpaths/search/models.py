"""The glossary and the index, both made from content by a load. Nobody edits these by hand."""

from django.db import models


class Term(models.Model):
    """A word of the field, what it means, and the section of a lesson that teaches it."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    also = models.JSONField(default=list, blank=True, help_text="Other names and abbreviations.")
    definition = models.TextField()
    lesson = models.SlugField(max_length=60, blank=True, default="")
    anchor = models.CharField(max_length=260, blank=True, default="")

    class Meta:
        ordering = ("name", "slug")

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """Something that a search finds. How the columns are indexed is the engine's (`search.engines`)."""

    kind = models.CharField(max_length=20, db_index=True)
    key = models.TextField(unique=True)
    precedence = models.PositiveSmallIntegerField(default=0)
    title = models.TextField()
    url = models.TextField()
    trail = models.TextField(blank=True, default="")
    terms = models.TextField(blank=True, default="")
    text = models.TextField(blank=True, default="")
    code = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return self.key


class IndexState(models.Model):
    """The one row about the whole index: what it was made from, and the words in it."""

    digest = models.CharField(max_length=80)
    words = models.JSONField(default=dict, help_text="Weight by word.")
    names = models.JSONField(default=list, help_text="The glossary: [{key, taught, names}].")

    def __str__(self) -> str:
        return self.digest
