"""Where an administrator writes the site's texts: looked at before they are kept, and taken back to the default."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learnpaths.site_texts import texts, views
from learnpaths.site_texts.models import Page, SiteText

PREVIEW, DEFAULT = "_preview", "_default"  # the names of the two buttons beside Django's


class SiteTextForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """The text as it stands on the page; the default, and nothing at all, are kept as empty, so that updates bring new words."""

    class Meta:
        model = SiteText
        fields = ("body",)
        widgets = {"body": forms.Textarea(attrs={"rows": 32, "cols": 100, "spellcheck": "true"})}
        help_texts = {
            "body": gettext_lazy(
                "Markdown: ## for headings, - for lists, [words](address) for links; no HTML. "
                "Empty: the text that comes with the product."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = Page(self.instance.page)
        if self.instance.is_default:
            self.initial["body"] = texts.default_text(self.page)

    def clean_body(self) -> str:
        if DEFAULT in self.data:
            return ""
        body: str = self.cleaned_data["body"].replace("\r\n", "\n").strip()
        if problems := texts.problems_in(body):
            raise ValidationError(problems)
        return "" if body == texts.default_text(self.page).strip() else body


@admin.register(SiteText)
class SiteTextAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = SiteTextForm
    list_display = ("page", "state", "updated_at", "look")
    readonly_fields = ("updated_at",)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """List every page, also one that a newer version of the product brought."""
        SiteText.objects.bulk_create([SiteText(page=page) for page in Page], ignore_conflicts=True)
        return super().changelist_view(request, extra_context)

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the page with the text as it is typed, without keeping it, where the preview was asked for."""
        if request.method == "POST" and PREVIEW in request.POST and (row := self.get_object(request, object_id)):
            form = self.get_form(request, row)(request.POST, instance=row)
            if self.has_change_permission(request, row) and form.is_valid():
                return self._preview(request, form)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _preview(self, request: HttpRequest, form: Any) -> HttpResponse:
        text = texts.PageText(form.cleaned_data["body"] or texts.default_text(form.page), None)
        return TemplateResponse(request, views.TEMPLATE, views.page_context(form.page, text) | {"is_preview": True})

    def save_model(self, request: HttpRequest, obj: SiteText, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.is_default:
            messages.info(request, _("The page has the text that comes with the product."))

    @admin.display(description=gettext_lazy("text"))
    def state(self, text: SiteText) -> str:
        return _("the default") if text.is_default else _("your own")

    @admin.display(description=gettext_lazy("look at it"))
    def look(self, text: SiteText) -> str:
        return format_html('<a href="{0}">{0}</a>', text.get_absolute_url())
