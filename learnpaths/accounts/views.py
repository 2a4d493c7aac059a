"""A person's own pages; sign-up, sign-in and second factors are allauth's."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from learnpaths.accounts import services
from learnpaths.accounts.forms import ProfileForm
from learnpaths.accounts.models import ApiToken, User


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_profile(request: HttpRequest) -> HttpResponse:
    """The name that others see, and the way to all other settings."""
    user = _person(request)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("profile")
    if form.errors:
        user.refresh_from_db()  # the head of the page shows the name that is kept, not the refused one
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD"])
@login_required
@never_cache
def show_token(request: HttpRequest) -> HttpResponse:
    """Whether there is an API token, and since when; the token itself is shown only when it is made."""
    return render(request, "accounts/token.html", {"token": ApiToken.objects.filter(user=_person(request)).first()})


@require_POST
@login_required
@never_cache
def rotate_token(request: HttpRequest) -> HttpResponse:
    """Make a token in place of the old one and show it this once."""
    key = services.rotate_token(user=_person(request))
    token = ApiToken.objects.get(user=_person(request))
    return render(request, "accounts/token.html", {"token": token, "key": key})


@require_POST
@login_required
def delete_token(request: HttpRequest) -> HttpResponse:
    services.delete_token(user=_person(request))
    messages.success(request, _("The token no longer works."))
    return redirect("token")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # login_required stands before
    return request.user
