"""Pages of certificates, and the documents that make badges verifiable without us."""

import hashlib
import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from certification import evidence, issuer, issuing, selectors, services, verify_page
from certification.forms import BadgeForm, CodeForm, HolderForm
from certification.models import Certificate, StatusList
from learnpaths.core.addresses import read_network

# The registered media type of a credential with an embedded proof (VC Data Model 2.0, section 6.3). It is what wallets
# and validators ask for; "application/ld+json" would be true of any JSON-LD.
CREDENTIAL_TYPE = "application/vc"
DID_TYPE = "application/did+ld+json"


@require_safe
def show_certificate(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """The public page. One that is not signed yet is seen by its holder only."""
    certificate = _get_certificate(request, certificate_id)
    response = render(request, "certification/certificate.html", _page(request, certificate))
    if not certificate.is_indexed:
        response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def download_badge(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """The signed file, byte for byte. A revoked badge is still served: its status list says what it is worth."""
    certificate = selectors.find_certificate(certificate_id)
    if certificate is None or not certificate.badge:
        raise Http404
    return _public(request, certificate.badge, CREDENTIAL_TYPE, modified=certificate.signed_at)


@login_required
@require_safe
def list_certificates(request: HttpRequest) -> HttpResponse:
    context = {
        "certificates": selectors.certificates_of(request.user),
        "to_earn": selectors.to_earn(request.user),
    }
    return render(request, "certification/my_certificates.html", context)


@require_safe
def show_credential(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be earned: the achievement's id in badges leads here, also when it is no longer offered."""
    credential = selectors.find_credential(slug)
    if credential is None:
        raise Http404
    context = {"credential": credential, "way": selectors.way_to(request.user, credential)}
    return render(request, "certification/credential.html", context)


@login_required
@require_POST
def name_holder(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """Put a name on one's own certificate that waits for it."""
    certificate = _get_own_certificate(request, certificate_id)
    form = HolderForm(request.POST, instance=certificate)
    if form.is_valid():
        try:
            services.name_holder(certificate=certificate, name=form.cleaned_data["holder_name"])
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Thank you. The certificate is being signed."))
        return redirect(certificate)
    return render(request, "certification/certificate.html", _page(request, certificate) | {"form": form}, status=422)


@login_required
@require_POST
def set_listing(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """Let search engines list one's own certificate, or not."""
    certificate = _get_own_certificate(request, certificate_id)
    services.set_indexed(certificate=certificate, is_indexed=request.POST.get("is_indexed") == "on")
    messages.success(request, _("Saved."))
    return redirect(certificate)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check a code, a link (`?code=`) or a badge file."""
    code_form, badge_form, status = CodeForm(), BadgeForm(), 200
    check = None
    if request.method == "POST":
        visitor = read_network(request)
        verify_page.check_rate("file", visitor)
        badge_form = BadgeForm(request.POST, request.FILES)
        if badge_form.is_valid():
            check = verify_page.check_badge(badge_form.badge(), visitor=visitor)
        else:
            status = 422
    elif "code" in request.GET:
        verify_page.check_rate("code", read_network(request))
        code_form = CodeForm(request.GET)
        check = _check_code(code_form)
        status = 200 if check else 422
    context = {"code_form": code_form, "badge_form": badge_form, "check": check}
    return render(request, "certification/verify.html", context, status=status)


@require_GET
def show_status_list(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """A signed status list; whoever checks a badge asks for it, so it may be cached for five minutes."""
    try:
        document = issuing.signed_status_list(list_id)
    except StatusList.DoesNotExist:
        raise Http404 from None
    return _public(request, document, CREDENTIAL_TYPE)


@require_GET
def show_did_document(request: HttpRequest) -> HttpResponse:
    """What our did:web resolves to: every key that ever signed here."""
    return _public(request, json.dumps(issuer.did_document(), indent=2), DID_TYPE)


@require_GET
def show_jwks(request: HttpRequest) -> HttpResponse:
    return _public(request, json.dumps(issuer.jwks(), indent=2), "application/jwk-set+json")


def linkedin_url(certificate: Certificate, title: str) -> str:
    """Return the link that fills in LinkedIn's form for a certificate."""
    values: dict[str, Any] = {
        "startTask": "CERTIFICATION_NAME",
        "name": title,
        "organizationName": settings.ISSUER_NAME,
        "certUrl": certificate.public_url,
        "certId": certificate.id,
    }
    if certificate.issued_at:
        values |= {"issueYear": certificate.issued_at.year, "issueMonth": certificate.issued_at.month}
    if certificate.valid_until:
        values |= {"expirationYear": certificate.valid_until.year, "expirationMonth": certificate.valid_until.month}
    return "https://www.linkedin.com/profile/add?" + urlencode(values)


def _page(request: HttpRequest, certificate: Certificate) -> dict[str, Any]:
    is_holder = request.user.is_authenticated and certificate.user_id == request.user.pk
    achievement = selectors.achievement(certificate)
    return {
        "certificate": certificate,
        "achievement": achievement,
        "is_holder": is_holder,
        "form": HolderForm(instance=certificate) if is_holder and certificate.is_pending else None,
        "evidence": [
            item | {"runtime_text": evidence.describe_runtime(item["runtime"])} for item in certificate.evidence
        ],
        "linkedin_url": linkedin_url(certificate, achievement.title),
        "issuer_name": settings.ISSUER_NAME,
        "issuer_did": issuer.did(),
    }


def _get_certificate(request: HttpRequest, certificate_id: UUID) -> Certificate:
    certificate = selectors.find_certificate(certificate_id)
    if certificate is None or (certificate.is_pending and not _may_see_pending(request, certificate)):
        raise Http404
    return certificate


def _may_see_pending(request: HttpRequest, certificate: Certificate) -> bool:
    return request.user.is_authenticated and (certificate.user_id == request.user.pk or request.user.is_staff)


def _get_own_certificate(request: HttpRequest, certificate_id: UUID) -> Certificate:
    certificate = selectors.find_certificate(certificate_id)
    if certificate is None or certificate.user_id != request.user.pk:
        raise Http404
    return certificate


def _check_code(form: CodeForm) -> verify_page.Check | None:
    if not form.is_valid():
        return None
    try:
        return verify_page.check_code(form.cleaned_data["code"])
    except verify_page.UnknownCode as error:
        form.add_error("code", str(error))
        return None


def _public(request: HttpRequest, text: str, content_type: str, modified: Any = None) -> HttpResponse:
    """Answer a document that any page of any origin may read; it holds no secret and never depends on a session."""
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300", "ETag": etag}
    if modified:
        headers["Last-Modified"] = http_date(modified.timestamp())
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(text, content_type=content_type, headers=headers)
