"""The mail to the holder: once, and again if it could not be sent."""

import pytest
from django.core import mail

from certification import notices
from certification.models import Certificate

pytestmark = pytest.mark.django_db


def test_the_holder_is_told_once(certificate) -> None:
    assert notices.announce(certificate.id)
    assert not notices.announce(certificate.id)
    (message,) = mail.outbox
    assert message.to == ["ada@example.org"]
    assert "TensorFlow Foundations" in message.subject
    assert certificate.public_url in message.body
    assert "&" not in message.body


def test_a_mail_that_fails_is_sent_later(certificate, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("learnpaths.accounts.models.send_mail", lambda *_: (_ for _ in ()).throw(OSError("no mail")))
        with pytest.raises(OSError, match="no mail"):
            notices.announce(certificate.id)
    assert certificate in Certificate.objects.unannounced()
    assert notices.announce(certificate.id)
