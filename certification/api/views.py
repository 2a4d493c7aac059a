"""API v1: read a certificate."""

from uuid import UUID

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from certification import selectors
from certification.api.serializers import CertificateSerializer


@extend_schema(responses=CertificateSerializer, tags=["certificates"])
@api_view(["GET"])
@permission_classes([AllowAny])
def certificate(request: Request, certificate_id: UUID) -> Response:
    """Return a certificate. Whoever knows its id may read it; one that is not signed yet does not exist here."""
    certificate = selectors.find_certificate(certificate_id)
    if certificate is None or certificate.is_pending:
        raise Http404
    return Response(CertificateSerializer(certificate, context={"base_url": settings.BASE_URL}).data)
