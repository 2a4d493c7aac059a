"""The rule that an award enforces, and what a page says is missing."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification import criteria, issuing, services
from certification.accomplishment import survey
from certification.models import Certificate, Credential
from exercises.assignment.definition import Check, Threshold
from exercises.models import Exercise, ExerciseVersion, Submission
from learnpaths.catalog.models import Checkpoint, Lesson, Path, Step, Unit
from learnpaths.progress.models import CheckpointAnswer
from learnpaths.progress.services import record_answer, record_step
from tests.certification.conftest import DEFINITION, METRICS, REPORT, answer_all, make_exercise, make_version, submit

pytestmark = pytest.mark.django_db
LOST = [{"id": "accuracy", "outcome": "failed", "hidden": True, "points": 0, "title": "Accuracy"}, REPORT["checks"][1]]


def way(user, credential):
    return survey(user, [credential])[0]


def report(*, metrics=METRICS, **changes):
    return REPORT | {"checks": [REPORT["checks"][0] | {"metrics": metrics}, REPORT["checks"][1]]} | changes


def test_all_of_it_is_enough(finished, credential) -> None:
    found = way(finished, credential)
    assert found.is_earned
    assert not found.missing_lessons
    assert not found.missing_checkpoints
    assert not found.missing_exercises


def test_one_checkpoint_of_many_is_not_enough(finished, credential) -> None:
    """Signed once after 2 of 20."""
    CheckpointAnswer.objects.filter(checkpoint="step").delete()
    found = way(finished, credential)
    assert (found.checkpoint_tally.done, found.checkpoint_tally.total) == (1, 2)
    assert [point.get_absolute_url() for point in found.missing_checkpoints] == [
        "/paths/foundations/loss/#checkpoint-step"
    ]
    assert not issuing.is_earned(finished, credential)
    with pytest.raises(issuing.NotEarned):
        issuing.record_award(finished, credential)
    assert not Certificate.objects.exists()


def test_an_answer_that_the_question_no_longer_takes_is_none(finished, credential) -> None:
    choice = {"prompt": "?", "options": [{"text": "a", "correct": True, "explanation": ""}]}
    Checkpoint.objects.filter(slug="step").update(kind="choice", definition=choice)
    assert [point.slug for point in way(finished, credential).missing_checkpoints] == ["step"]


def test_a_checkpoint_that_was_added_is_missing(finished, credential) -> None:
    Checkpoint.objects.create(
        lesson=Lesson.objects.get(), slug="third", kind="number", definition={"answer": 1, "tolerance": 0, "wrong": []}
    )
    assert [point.number for point in way(finished, credential).missing_checkpoints] == [3]


def test_answers_of_somebody_else_do_not_count(finished, credential, alice) -> None:
    assert len(way(alice, credential).missing_checkpoints) == 2
    assert len(way(alice, credential).missing_exercises) == 2


def test_a_path_that_lost_its_exercises_is_not_earned(finished, credential) -> None:
    Step.objects.filter(kind="exercise").delete()
    found = way(finished, credential)
    assert not found.is_possible
    assert not found.is_earned
    assert list(issuing.unawarded(credential)) == []


def test_a_step_that_no_rule_speaks_of_is_in_the_way(finished, credential) -> None:
    Step.objects.create(unit=Unit.objects.get(), kind="exam", slug="final", title="Final", position=9)
    assert not way(finished, credential).is_earned


def test_the_last_checkpoint_awards(finished, credential, django_capture_on_commit_callbacks) -> None:
    CheckpointAnswer.objects.all().delete()
    for checkpoint, certificates in (("slope", 0), ("step", 1)):
        with django_capture_on_commit_callbacks(execute=True):
            record_answer(user=finished, lesson="loss", checkpoint=checkpoint, answer="1", is_correct=True)
        assert Certificate.objects.count() == certificates


def test_what_was_earned_is_found_without_a_message(finished, credential) -> None:
    CheckpointAnswer.objects.filter(checkpoint="step").delete()
    assert list(issuing.unawarded(credential)) == []
    answer_all(finished)
    assert list(issuing.unawarded(credential)) == [finished]
    Submission.objects.filter(exercise__slug="lines").update(passed=False, verdict="failed")
    assert list(issuing.unawarded(credential)) == []


# --- exercises: which submission counts, and what it proves ---


def test_an_exercise_says_which_required_check_is_missing(finished, credential) -> None:
    Submission.objects.filter(exercise__slug="digits").update(
        passed=False, verdict="failed", report=report(checks=LOST)
    )
    (work,) = way(finished, credential).missing_exercises
    assert work.step.slug == "digits"
    assert any("required" in lack and "Accuracy" in lack for lack in work.lacks), work.lacks


def test_an_exercise_that_nobody_submitted(ada, credential) -> None:
    assert {work.lacks for work in way(ada, credential).exercises} == {("It has no graded submission yet.",)}


@pytest.mark.parametrize(
    "metrics",
    [
        [],
        METRICS[:1],
        [METRICS[0] | {"value": None}, METRICS[1]],
        [METRICS[0] | {"value": 0.9299}, METRICS[1]],
        [METRICS[0], METRICS[1] | {"value": 0.21}],
        [METRICS[0] | {"name": "accuracy"}, METRICS[1]],
        [*METRICS, METRICS[0] | {"value": 0.5}],
    ],
    ids=["none", "one missing", "not finite", "too low", "too high", "another name", "one of two too low"],
)
def test_a_threshold_that_nobody_measured_is_no_award(finished, credential, metrics, caplog) -> None:
    """A fault of ours, not the learner's: nothing is claimed, it is logged, and the learner sees what is missing."""
    Submission.objects.filter(exercise__slug="digits").update(report=report(metrics=metrics))
    with pytest.raises(issuing.NotEarned):
        issuing.record_award(finished, credential)
    (work,) = way(finished, credential).missing_exercises
    assert "no measurement of" in work.lacks[0]
    assert "passed_without_proof" in caplog.text


def test_a_pass_that_its_report_does_not_show_is_none(finished, credential) -> None:
    Submission.objects.filter(exercise__slug="digits").update(report=report(checks=LOST))
    (work,) = way(finished, credential).missing_exercises
    assert "its report does not show it" in work.lacks[0]


@pytest.mark.parametrize(
    "changes",
    [{"metrics": [METRICS[0] | {"value": "0.99"}, METRICS[1]]}, {"checks": "all"}, {"checks": [{"id": 1}]}],
    ids=["a text for a number", "no list", "no outcome"],
)
def test_a_report_that_cannot_be_read_proves_nothing(finished, credential, changes, caplog) -> None:
    Submission.objects.filter(exercise__slug="digits").update(report=report(**changes))
    with pytest.raises(issuing.NotEarned):
        issuing.record_award(finished, credential)
    (work,) = way(finished, credential).missing_exercises
    assert "its report does not show it" in work.lacks[0]
    assert "malformed_report" in caplog.text and "passed_without_proof" in caplog.text


def test_a_metric_of_another_check_proves_nothing(finished, credential) -> None:
    checks = [REPORT["checks"][0] | {"metrics": []}, REPORT["checks"][1] | {"metrics": METRICS}]
    Submission.objects.filter(exercise__slug="digits").update(report=report(checks=checks))
    assert not issuing.is_earned(finished, credential)


def old_version(exercise: str, **changes) -> ExerciseVersion:
    """Make a version that is not the current one."""
    row = Exercise.objects.get(slug=exercise)
    current = row.version
    version = make_version(row, **changes)
    row.version = current
    row.save()
    return version


UNREQUIRED = tuple(replace(check, required=False) for check in DEFINITION.checks)


def test_a_submission_of_an_earlier_version_counts_for_what_that_version_asked(ada, credential) -> None:
    """Its certificate states no threshold that was not required then, though its report has the number."""
    version = old_version("digits", checks=UNREQUIRED, pass_hidden_percent=0, title="Numerals")
    poor = [METRICS[0] | {"value": 0.1}]
    submit(ada, "digits", points=8, passed=True, version=version, report=report(metrics=poor))
    submit(ada, "lines", points=9, passed=True)
    answer_all(ada)
    record_step(user=ada, kind="lesson", slug="loss", completed=True)
    certificate = issuing.record_award(ada, credential)
    words = certificate.achievement["criteria"]
    assert "- **Numerals**: Passed with at least 80 % of its points." in words
    assert words.count("held-out accuracy at least 0.93") == 1
    assert "- **Lines**: held-out accuracy at least 0.93; loss \\<b\\> at most 0.2." in words
    assert certificate.evidence[0]["version"] == version.digest
    assert certificate.evidence[0]["thresholds"] == []


def test_the_current_version_is_preferred(finished, credential) -> None:
    version = old_version("digits", checks=UNREQUIRED)
    submit(finished, "digits", points=10, passed=True, version=version, seed=99)
    assert issuing.record_award(finished, credential).evidence[0]["seed"] == 7


def test_another_submission_may_prove_it(finished, credential) -> None:
    submit(finished, "digits", points=10, passed=True, seed=1, report=report(metrics=[]))
    submit(finished, "digits", points=9, passed=True, seed=2)
    certificate = issuing.record_award(finished, credential)
    assert certificate.evidence[0]["seed"] in (2, 7)
    assert all(item["is_met"] for item in certificate.evidence[0]["thresholds"])


def test_a_version_that_cannot_be_read_counts_for_nothing(finished, credential) -> None:
    broken = ExerciseVersion.objects.create(
        exercise=Exercise.objects.get(slug="digits"), digest="sha256:broken", definition={"new": 1}
    )
    Submission.objects.filter(exercise__slug="digits").update(version=broken)
    assert not issuing.is_earned(finished, credential)


def test_evidence_and_sentences_are_of_one_reading(finished, credential, monkeypatch) -> None:
    """A better submission that comes between does not mix with the one that was judged."""
    real = issuing.survey

    def survey_and_then(*given):
        found = real(*given)
        submit(finished, "digits", points=10, passed=True, seed=12, report=report(metrics=[]))
        return found

    monkeypatch.setattr(issuing, "survey", survey_and_then)
    certificate = issuing.record_award(finished, credential)
    assert certificate.evidence[0]["seed"] == 7
    assert certificate.evidence[0]["metrics"]


# --- pages ---


def test_the_credential_page_says_what_is_missing(client, ada, credential) -> None:
    record_answer(user=ada, lesson="loss", checkpoint="slope", answer="1", is_correct=True)
    submit(ada, "lines", points=9, passed=True)
    submit(ada, "digits", points=4, passed=False, report=report(checks=LOST))
    client.force_login(ada)
    text = client.get("/credentials/foundations/").text
    for part in ("0 of 1 lesson", "1 of 2 checkpoints", "1 of 2 exercises"):
        assert part in text
    assert 'href="/paths/foundations/loss/#checkpoint-step"' in text
    assert 'href="/paths/foundations/loss/#checkpoint-slope"' not in text
    assert '<a href="/exercises/digits/">Digits</a>: pass it' in text
    assert "This check is required and has not passed: Accuracy." in text


def test_path_and_list_say_it_too(client, ada, credential) -> None:
    client.force_login(ada)
    for url in ("/paths/foundations/", "/certificates/"):
        text = client.get(url).text
        assert "0 of 2 checkpoints" in text
        assert 'href="/paths/foundations/loss/#checkpoint-step"' in text
        assert credential.get_absolute_url() in text


def test_whoever_has_it_sees_the_certificate(client, certificate, ada) -> None:
    client.force_login(ada)
    text = client.get("/paths/foundations/").text
    assert certificate.get_absolute_url() in text
    assert "checkpoints" not in text
    assert "What you still need" not in client.get("/credentials/foundations/").text


def test_visitors_all_get_the_same_page(client, finished, credential) -> None:
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]*"')
    first = token.sub("", client.get("/paths/foundations/").text)
    client.force_login(finished)
    assert "Certificate:" in client.get("/paths/foundations/").text
    client.logout()
    client.cookies.clear()
    assert token.sub("", client.get("/paths/foundations/").text) == first
    assert "Certificate:" not in first
    assert "What you still need" not in client.get("/credentials/foundations/").text


def test_a_path_that_cannot_be_certified_says_so(client, ada, charlie, credential) -> None:
    Step.objects.filter(kind="exercise").delete()
    client.force_login(ada)
    for url in ("/credentials/foundations/", "/paths/foundations/", "/certificates/"):
        assert "It cannot be earned at present" in client.get(url).text
    client.force_login(charlie)
    assert "icon-no" in client.get("/admin/certification/credential/").text


def queries(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


@pytest.mark.parametrize("more", [0, 6])
def test_an_award_takes_the_same_queries_for_any_number_of_exercises(finished, credential, more) -> None:
    for number in range(more):
        Step.objects.create(
            unit=Unit.objects.get(), kind="exercise", slug=f"e{number}", title="E", position=20 + number
        )
        make_exercise(f"e{number}")
        submit(finished, f"e{number}", points=9, passed=True)
    survey(finished, [credential])  # so that the definitions are known
    with CaptureQueriesContext(connection) as captured:
        certificate = issuing.record_award(finished, credential)
    assert len(certificate.evidence) == 2 + more
    assert len(captured) == 15


@pytest.mark.parametrize("url", ["/credentials/foundations/", "/paths/foundations/", "/certificates/"])
def test_the_queries_do_not_grow(client, ada, credential, url) -> None:
    submit(ada, "digits", points=9, passed=True)
    submit(ada, "lines", points=9, passed=False)
    record_answer(user=ada, lesson="loss", checkpoint="slope", answer="1", is_correct=True)
    client.force_login(ada)
    before = queries(client, url)
    unit = Unit.objects.get()
    for number in range(4):
        lesson = Step.objects.create(unit=unit, kind="lesson", slug=f"l{number}", title="L", position=10 + number)
        text = Lesson.objects.create(step=lesson, body_html="", text="")
        for slug in "abc":
            definition = {"answer": 1, "tolerance": 0, "wrong": [], "explanation": "", "otherwise": ""}
            Checkpoint.objects.create(lesson=text, slug=slug, kind="number", definition=definition)
        record_answer(user=ada, lesson=lesson.slug, checkpoint="a", answer="1", is_correct=True)
        Step.objects.create(unit=unit, kind="exercise", slug=f"e{number}", title="E", position=20 + number)
        make_exercise(f"e{number}")
        for points in (3, 9, 10):
            submit(ada, f"e{number}", points=points, passed=points > 8)
        other = Path.objects.create(
            slug=f"p{number}", title="P", summary="…", level="beginner", hours=1, position=number + 2
        )
        Step.objects.create(
            unit=Unit.objects.create(path=other, title="U", position=1),
            kind="exercise",
            slug="digits",
            title="D",
            position=1,
        )
        Credential.objects.create(slug=f"c{number}", title="C", description="…", achievement_type="Badge", path=other)
    assert queries(client, url) == before


def test_the_shown_rule_is_the_enforced_one(finished, credential) -> None:
    certificate = issuing.record_award(finished, credential)
    assert certificate.achievement["rule"] == {"path": "foundations", **criteria.RULE}
    assert services.award_for_step(user=finished, kind="lesson", slug="loss") == []


def test_a_check_that_is_not_required_states_nothing() -> None:
    definition = replace(DEFINITION, checks=(*UNREQUIRED, Check(id="x", title="X", points=1, hidden=True, requires=())))
    assert criteria.claims(definition) == ()
    more = replace(DEFINITION, thresholds=(*DEFINITION.thresholds, Threshold(check="gone", metric="m", value=1)))
    assert len(criteria.claims(more)) == 2
