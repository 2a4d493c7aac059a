"""What the rows of certificates say of themselves."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from certification.models import Certificate

pytestmark = pytest.mark.django_db


def test_the_database_refuses_a_second_award(certificate) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(user=certificate.user, credential=certificate.credential)


def test_expired_is_a_matter_of_time(certificate) -> None:
    assert certificate.standing == "valid"
    certificate.valid_until = certificate.issued_at - timedelta(days=1)
    assert certificate.standing == "expired"
