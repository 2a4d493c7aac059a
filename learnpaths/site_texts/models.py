"""Pages that whoever runs the site may write: help, about, privacy, terms."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

MOST_CHARACTERS = 50_000


class Page(models.TextChoices):
    """The pages; each value is the address, the name of the URL and of the file with the default text."""

    HELP = "help", _("Help")
    ABOUT = "about", _("About")
    PRIVACY = "privacy", _("Privacy")
    TERMS = "terms", _("Terms of use")


class SiteText(models.Model):
    """What an administrator wrote for a page; empty, or no row at all: the default text."""

    page = models.CharField(_("page"), max_length=10, choices=Page, unique=True, editable=False)
    body = models.TextField(_("text"), max_length=MOST_CHARACTERS, blank=True, default="")
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("text of a page")
        verbose_name_plural = _("texts of pages")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.get_page_display()

    def get_absolute_url(self) -> str:
        return reverse(self.page)

    @property
    def is_default(self) -> bool:
        return not self.body
