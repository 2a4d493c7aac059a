"""What visitors and holders send."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.models import Certificate
from certification.verify_page import MAX_BYTES

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    Upload = UploadedFile[bytes]


class CodeForm(forms.Form):
    """The link or code of a certificate of ours."""

    code = forms.CharField(label=_("Link or code"), max_length=500)


class BadgeForm(forms.Form):
    """A badge file, dropped, chosen or pasted; at most 256 KiB."""

    file = forms.FileField(label=_("Badge file"), required=False, help_text=_("badge.json, at most 256 KiB."))
    text = forms.CharField(
        label=_("Or paste its text"), required=False, max_length=MAX_BYTES, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean_file(self) -> "Upload | None":
        file: Upload | None = self.cleaned_data.get("file")
        if file is not None and (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 256 KiB; a badge hardly ever is."))
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("file")) == bool(data.get("text")):
            raise forms.ValidationError(_("Give either a file or its text."))
        return data

    def badge(self) -> str | bytes:
        """Return what was given. Call it after `is_valid`."""
        file: Upload | None = self.cleaned_data["file"]
        return file.read() if file else str(self.cleaned_data["text"])


class HolderForm(forms.ModelForm):  # type: ignore[type-arg]
    """The name that a certificate is to carry."""

    class Meta:
        model = Certificate
        fields = ["holder_name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder_name"].required = True
