"""What was earned stays what it was, whatever the files say later."""

import json
from importlib import import_module

import pytest
from django.apps import apps

from certification import credential_files, issuing, notices, services, verify_page
from certification.models import Certificate
from exercises.models import Exercise, Submission
from learnpaths.catalog.models import Checkpoint, Path
from tests.certification.conftest import make_version

pytestmark = pytest.mark.django_db
migration = import_module("certification.migrations.0002_what_was_earned")


def change_everything(credential) -> None:
    """What a load of other content does, and what an author does to a submission's exercise."""
    credential.refresh_from_db()
    credential.title, credential.description, credential.criteria = "Rewritten", "Rewritten.", "Rewritten, 100 %."
    credential.note, credential.skills, credential.achievement_type = "Rewritten.", ["rewritten"], "Degree"
    credential.valid_months = 1
    credential.save()
    Path.objects.update(title="Rewritten")
    Checkpoint.objects.all().delete()
    for exercise in Exercise.objects.all():
        make_version(exercise, title="Rewritten", thresholds=(), pass_percent=1)
    Submission.objects.update(report={}, points=1)


def words(badge: str) -> dict:
    subject = json.loads(badge)["credentialSubject"]
    return {
        "achievement": subject["achievement"],
        "result": subject["result"],
        "evidence": json.loads(badge)["evidence"],
    }


def test_a_reissue_signs_the_words_of_the_award(certificate, credential, charlie) -> None:
    before = words(certificate.badge)
    change_everything(credential)
    services.reissue(certificate=certificate, reason="Asked for", actor=charlie)
    certificate.refresh_from_db()
    assert words(certificate.badge) == before
    assert "validUntil" not in json.loads(certificate.badge)
    assert verify_page.check_badge(certificate.badge).outcome.verdict == "valid"


def test_a_certificate_that_waits_is_frozen_too(finished, credential, signing_keys) -> None:
    credential.valid_months = 24
    credential.save()
    finished.display_name = ""
    finished.save()
    certificate = issuing.record_award(finished, credential)
    kept = certificate.achievement, certificate.evidence
    change_everything(credential)
    services.name_holder(certificate=certificate, name="Ada Lovelace")
    assert issuing.sign(certificate.id)
    certificate.refresh_from_db()
    assert (certificate.achievement, certificate.evidence) == kept
    signed = json.loads(certificate.badge)["credentialSubject"]["achievement"]
    assert signed["name"] == "TensorFlow Foundations"
    assert signed["criteria"]["narrative"] == kept[0]["criteria"]
    assert certificate.valid_until.year == certificate.issued_at.year + 2


def test_pages_api_and_mail_use_the_words_of_the_award(client, certificate, credential, charlie) -> None:
    change_everything(credential)
    certificate.refresh_from_db()
    page = client.get(certificate.get_absolute_url()).text
    data = client.get(f"/api/v1/certificates/{certificate.id}/").json()
    client.force_login(certificate.user)
    mine = client.get("/certificates/").text
    client.force_login(charlie)
    listed = client.get("/admin/certification/certificate/").text
    for text in (page, mine, json.dumps(data), listed.partition("result_list")[2]):
        assert "TensorFlow Foundations" in text
        assert "ewritten" not in text
    assert notices.announce(certificate.id)
    from django.core import mail

    assert "TensorFlow Foundations" in mail.outbox[0].subject + mail.outbox[0].body
    assert "ewritten" not in mail.outbox[0].body


def test_the_snapshot_has_all_that_was_asked(certificate) -> None:
    earned = certificate.achievement
    assert earned.keys() == {
        *("title", "description", "criteria", "achievement_type", "skills", "valid_months", "rule", "exercises")
    }
    first = earned["exercises"][0]
    version = Exercise.objects.get(slug="digits").version
    assert (first["exercise"], first["version"], first["pass_percent"], first["required"]) == (
        *("digits", version.digest, 80),
        ["accuracy", "shape"],
    )
    assert first["thresholds"][1] == {
        "check": "accuracy",
        "metric": "loss <b>",
        "words": "loss <b>",
        "value": 0.2,
        "better": "lower",
    }


def test_the_evidence_says_whether_each_threshold_was_met(certificate) -> None:
    first = certificate.evidence[0]
    assert [(item["better"], item["value"], item["measured"], item["is_met"]) for item in first["thresholds"]] == [
        ("higher", 0.93, 0.957, True),
        ("lower", 0.2, 0.081234, True),
    ]
    assert [item["outcome"] for item in first["required"]] == ["passed", "passed"]
    assert (first["pass_percent"], first["pass_hidden_percent"]) == (80, 75)


def test_a_result_where_less_is_better_has_no_least_value(certificate) -> None:
    """`requiredValue` reads as the least that is needed."""
    subject = json.loads(certificate.badge)["credentialSubject"]
    described = {item["name"]: item for item in subject["achievement"]["resultDescription"]}
    assert described["Digits: held-out accuracy"]["requiredValue"] == "0.93"
    assert "requiredValue" not in described["Digits: loss <b> (at most 0.2)"]


# --- certificates of before ---


def test_the_migration_takes_the_words_of_the_badge(certificate, credential, charlie) -> None:
    before = words(certificate.badge)
    Certificate.objects.update(achievement={})
    credential.title = credential.criteria = "Rewritten"
    credential.save()
    migration.keep_what_was_earned(apps, None)
    certificate.refresh_from_db()
    assert certificate.achievement["title"] == "TensorFlow Foundations"
    assert certificate.achievement["criteria"] == before["achievement"]["criteria"]["narrative"]
    assert certificate.achievement["rule"] == {"path": "foundations", "lessons": "read", "exercises": "passed"}
    services.reissue(certificate=certificate, reason="Asked for", actor=charlie)
    certificate.refresh_from_db()
    assert words(certificate.badge) == before


def test_the_migration_gives_an_unsigned_one_no_typed_claim(finished, credential, signing_keys) -> None:
    certificate = issuing.record_award(finished, credential)
    old = ("title", "exercise", "points", "max_points", "pass_percent", "metrics", "version", "runtime", "seed", "sources_sha256", "graded_at")  # fmt: skip
    evidence = [{key: item[key] for key in old} for item in certificate.evidence]
    Certificate.objects.update(achievement={}, evidence=evidence)
    credential.criteria = "At least 0.99 accuracy."
    credential.save()
    migration.keep_what_was_earned(apps, None)
    certificate.refresh_from_db()
    assert "0.99" not in certificate.achievement["criteria"]
    assert "- **Digits**, with at least 80 % of its points" in certificate.achievement["criteria"]
    assert issuing.sign(certificate.id)
    certificate.refresh_from_db()
    assert verify_page.check_badge(certificate.badge).outcome.verdict == "valid"


def test_the_migration_leaves_others_alone(certificate) -> None:
    migration.keep_what_was_earned(apps, None)
    before = certificate.achievement
    certificate.refresh_from_db()
    assert certificate.achievement == before


def test_a_load_makes_the_words_anew(credential, finished) -> None:
    item = credential_files.Source(
        slug="foundations",
        title="TensorFlow Foundations",
        description="Trains and examines small networks.",
        note="",
        achievement_type="Certificate",
        skills=["gradient descent", "tf.data"],
        valid_months=None,
        path="foundations",
        path_line=1,
        file="credentials/foundations.toml",
    )
    assert credential_files.save({"foundations": item}).updated == 1
    assert credential_files.save({"foundations": item}).unchanged == 1
    credential.refresh_from_db()
    assert credential.criteria == issuing.record_award(finished, credential).achievement["criteria"]
    assert "<strong>Digits</strong>" in credential.criteria_html
    make_version(Exercise.objects.get(slug="digits"), pass_percent=90)
    assert credential_files.save({"foundations": item}).updated == 1
    credential.refresh_from_db()
    assert "at least 90 % of its points" in credential.criteria
