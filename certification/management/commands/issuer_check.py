"""Prove that this site can sign and that others can verify it."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from certification import issuer, issuing, verify_page
from certification.models import Certificate, StatusList
from certification.openbadges import signing
from certification.openbadges.canonical import CREDENTIALS_V2
from certification.openbadges.errors import BadgeError

STUCK_AFTER = timedelta(minutes=15)


class Command(BaseCommand):
    help = (
        "Check the issuer: its DID, its keys, a trial signature, the status lists, and certificates that wait too long."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--key-only", action="store_true", help="only the key: without it no site should start")

    def handle(self, *args: Any, key_only: bool, **options: Any) -> None:
        problems: list[str] = []
        try:
            self._check_keys()
            self._check_signature()
            if key_only:
                return
            self._check_lists()
        except (BadgeError, OSError) as error:
            raise CommandError(str(error)) from error
        stuck = Certificate.objects.signable().filter(awarded_at__lt=timezone.now() - STUCK_AFTER).count()
        if stuck:
            problems.append(
                f"{stuck} certificates wait for a signature since more than 15 minutes: is a worker running?"
            )
        problems += self._unverifiable()
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write(self.style.SUCCESS("The issuer is in order."))

    def _check_keys(self) -> None:
        key_set = issuer.key_set()
        self.stdout.write(f"DID:  {issuer.did()}  (published at {settings.BASE_URL}/.well-known/did.json)")
        self.stdout.write(f"Keys: {len(key_set.keys)}, signing with {key_set.current.multikey}")
        if not settings.IS_HTTPS:
            self.stdout.write(
                self.style.WARNING("did:web needs https: badges of this site verify on this machine only.")
            )

    def _check_signature(self) -> None:
        did, key = issuer.did(), issuer.key_set().current
        document: dict[str, Any] = {"@context": [CREDENTIALS_V2], "type": ["VerifiableCredential"], "issuer": did}
        document |= {"credentialSubject": {"id": did}}
        if key.secret is None:
            raise CommandError("The current key has no secret.")
        signed = signing.sign(document, secret=key.secret, verification_method=key.id(did), created=timezone.now())
        signing.verify(signed, key.public)
        self.stdout.write("Trial signature: made and verified")

    def _check_lists(self) -> None:
        for status_list in StatusList.objects.all():
            document = json.loads(issuing.signed_status_list(status_list.id))
            key = verify_page.resolve_key(issuer.did(), signing.read_proof(document)["verificationMethod"])
            if key is None:
                raise CommandError(f"The status list {status_list.id} is signed with a key that is not published.")
            signing.verify(document, key)
        self.stdout.write(f"Status lists: {StatusList.objects.count()}, all signed with published keys")

    def _unverifiable(self) -> list[str]:
        problems = []
        for certificate in Certificate.objects.exclude(badge="").iterator():
            check = verify_page.check_badge(certificate.badge)
            expected = "revoked" if certificate.is_revoked else certificate.standing
            if check.verdict != expected:
                problems.append(
                    f"Certificate {certificate.id} is {expected}, but its badge verifies as {check.verdict}."
                )
        return problems
