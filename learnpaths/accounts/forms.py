from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from learnpaths.accounts.models import User

PASSWORD_RULES = format_lazy(
    _("At least {length} characters: not only digits, no common password, not your e-mail address."),
    length=MinimumLengthValidator().min_length,
)


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["display_name"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"display_name": forms.TextInput(attrs={"autocomplete": "name"})}


class NewPasswordMixin:
    """Says the rules of passwords in one line, and no label twice."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = str(PASSWORD_RULES)
        for name in self.fields.keys() & {"oldpassword", "password1", "password2"}:
            self.fields[name].widget.attrs.pop("placeholder", None)


class SignupForm(NewPasswordMixin, allauth_forms.SignupForm):  # type: ignore[misc]  # allauth has no types
    pass


class ChangePasswordForm(NewPasswordMixin, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(NewPasswordMixin, allauth_forms.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(NewPasswordMixin, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass
