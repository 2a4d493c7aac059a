"""The pages and documents that everybody may see."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.utils import timezone

from certification import issuer, issuing
from certification.models import Certificate

pytestmark = pytest.mark.django_db


def page(client, certificate) -> str:
    response = client.get(certificate.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_it_works(client, certificate) -> None:
    text = page(client, certificate)
    for part in (
        "Ada Lovelace",
        "TensorFlow Foundations",
        "Awarded for completing the path <em>Foundations</em>",
        "tf.data",
        "9 of 10",
        "0.957",
    ):
        assert part in text
    assert "at least 0.93 needed" in text
    assert "at most 0.2 needed" in text
    assert ">Valid<" in text


def test_the_page_says_what_was_signed_not_what_is_offered_now(client, certificate) -> None:
    certificate.credential.description = certificate.credential.title = "Rewritten"
    certificate.credential.save()
    text = page(client, certificate)
    assert "Trains and examines small networks." in text
    assert "Rewritten" not in text


def test_names_and_metrics_are_escaped(client, certificate) -> None:
    Certificate.objects.update(holder_name="<script>alert(1)</script>")
    text = page(client, certificate)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "loss &lt;b&gt;" in text


def test_a_revoked_certificate_says_why(client, revoked) -> None:
    text = page(client, revoked)
    assert "Awarded by mistake" in text
    assert ">Revoked<" in text
    assert "Add to LinkedIn" not in text


def test_an_expired_certificate_says_so(client, certificate) -> None:
    Certificate.objects.update(valid_until=timezone.now() - timedelta(days=1))
    assert ">Expired<" in page(client, certificate)


def test_search_engines_are_kept_out_until_the_holder_says_otherwise(client, certificate, ada) -> None:
    response = client.get(certificate.get_absolute_url())
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    client.force_login(ada)
    client.post(f"{certificate.get_absolute_url()}listing/", {"is_indexed": "on"})
    response = client.get(certificate.get_absolute_url())
    assert "X-Robots-Tag" not in response


def test_only_the_holder_decides_that(client, certificate, alice) -> None:
    client.force_login(alice)
    assert client.post(f"{certificate.get_absolute_url()}listing/", {"is_indexed": "on"}).status_code == 404
    assert client.post(f"{certificate.get_absolute_url()}name/", {"holder_name": "Eve"}).status_code == 404
    client.logout()
    assert client.post(f"{certificate.get_absolute_url()}listing/").status_code == 302
    certificate.refresh_from_db()
    assert (certificate.is_indexed, certificate.holder_name) == (False, "Ada Lovelace")


@pytest.mark.parametrize("suffix", ["", "badge.json"])
def test_an_unknown_certificate_is_not_found(client, certificate, suffix) -> None:
    assert client.get(f"/certificates/{uuid4()}/{suffix}").status_code == 404
    assert client.get(f"/certificates/1/{suffix}").status_code == 404


def test_ids_cannot_be_guessed(certificate) -> None:
    assert certificate.id.version == 4


def test_a_pending_certificate_is_the_holders_affair(client, finished, credential, alice) -> None:
    certificate = issuing.record_award(finished, credential)
    url = certificate.get_absolute_url()
    assert client.get(url).status_code == 404
    assert client.get(f"{url}badge.json").status_code == 404
    assert client.get(f"/api/v1/certificates/{certificate.id}/").status_code == 404
    client.force_login(alice)
    assert client.get(url).status_code == 404
    client.force_login(finished)
    assert "being signed" in page(client, certificate)


def test_the_holder_writes_a_missing_name(client, finished, credential) -> None:
    finished.display_name = ""
    finished.save()
    certificate = issuing.record_award(finished, credential)
    client.force_login(finished)
    assert "Only a name is missing" in page(client, certificate)
    assert client.post(f"{certificate.get_absolute_url()}name/", {"holder_name": " "}).status_code == 422
    assert client.post(f"{certificate.get_absolute_url()}name/", {"holder_name": "Ada"}).status_code == 302
    certificate.refresh_from_db()
    assert certificate.holder_name == "Ada"


def test_the_badge_is_served_byte_for_byte(client, certificate) -> None:
    response = client.get(f"{certificate.get_absolute_url()}badge.json")
    assert response.content == certificate.badge.encode()
    assert response["Content-Type"] == "application/vc"
    assert response["Access-Control-Allow-Origin"] == "*"
    again = client.get(f"{certificate.get_absolute_url()}badge.json", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_documents_do_not_depend_on_a_session(client, certificate) -> None:
    for url in ("/.well-known/did.json", "/.well-known/jwks.json", certificate.status_list.public_url):
        response = client.get(urlsplit(url).path)
        assert response.status_code == 200
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Cookie" not in response.get("Vary", "")
        assert not response.cookies
        json.loads(response.content)


def test_the_did_document_is_ours(client, signing_keys) -> None:
    document = client.get("/.well-known/did.json").json()
    assert document["id"] == issuer.did()
    assert document["verificationMethod"][0]["publicKeyMultibase"] == signing_keys.current.multikey


def test_an_unknown_status_list_is_not_found(client, certificate) -> None:
    assert client.get(f"/status/{uuid4()}/").status_code == 404


def test_linkedin_gets_what_it_asks_for(client, certificate) -> None:
    response = client.get(certificate.get_absolute_url())
    values = parse_qs(urlsplit(response.context["linkedin_url"]).query)
    assert values["certUrl"] == [certificate.public_url]
    assert values["name"] == ["TensorFlow Foundations"]
    assert values["issueYear"] == [str(certificate.issued_at.year)]
    assert "expirationYear" not in values


def test_my_certificates(client, certificate, ada, alice) -> None:
    assert client.get("/certificates/").status_code == 302
    client.force_login(ada)
    text = client.get("/certificates/").content.decode()
    assert certificate.get_absolute_url() in text
    client.force_login(alice)
    text = client.get("/certificates/").content.decode()
    assert "There is none yet" in text
    assert "What you can earn" in text


def test_the_credential_page(client, credential) -> None:
    assert "Go to the path Foundations" in client.get("/credentials/foundations/").content.decode()
    credential.is_listed = False
    credential.save()
    assert "no longer offered" in client.get("/credentials/foundations/").content.decode()
    assert client.get("/credentials/none/").status_code == 404


def test_a_page_costs_the_same_queries_whatever_it_shows(client, certificate, django_assert_num_queries) -> None:
    client.get(certificate.get_absolute_url())
    with django_assert_num_queries(1):
        client.get(certificate.get_absolute_url())
    Certificate.objects.update(evidence=certificate.evidence * 10)
    with django_assert_num_queries(1):
        client.get(certificate.get_absolute_url())
