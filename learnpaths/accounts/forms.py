from typing import ClassVar

from django import forms

from learnpaths.accounts.models import User


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["display_name"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"display_name": forms.TextInput(attrs={"autocomplete": "name"})}
