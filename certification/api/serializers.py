"""Certificates as the API gives them."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from certification.models import Certificate


class CertificateSerializer(serializers.Serializer[Certificate]):
    """One certificate, public by its id."""

    id = serializers.UUIDField()
    status = serializers.CharField(source="standing", help_text="valid, expired or revoked")
    holder = serializers.CharField(source="holder_name")
    credential = serializers.CharField(source="credential.slug")
    title = serializers.CharField(help_text="as it was at the award, like all that follows")
    achievement = serializers.DictField(
        help_text="what the certificate says: description, criteria (Markdown), skills, rule, and what each exercise asked in the version passed"
    )
    awarded_at = serializers.DateTimeField()
    issued_at = serializers.DateTimeField()
    valid_until = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(help_text="why it was revoked; empty if it was not")
    evidence = serializers.ListField(child=serializers.DictField())
    url = serializers.URLField(source="public_url")
    badge_url = serializers.SerializerMethodField()

    def get_badge_url(self, certificate: Certificate) -> str:
        base: str = self.context["base_url"]
        return base + reverse("badge", args=[certificate.id])

    def create(self, validated_data: Any) -> Certificate:
        raise NotImplementedError("certificates are awarded, not written")

    def update(self, instance: Certificate, validated_data: Any) -> Certificate:
        raise NotImplementedError("certificates are awarded, not written")
