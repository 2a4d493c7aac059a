"""What apps above may decide: whose share, who sees, who may submit now, and what counts."""

import pytest
from django.db.models import Q

from exercises import hooks, selectors, services
from exercises.grading import job_runner
from exercises.models import Draft, Submission
from exercises.pages.forms import CELL_PREFIX
from learnpaths.core.problems import Forbidden
from learnpaths.progress.models import StepProgress
from tests.exercises.graders import passing


@pytest.fixture
def register(monkeypatch):
    """Register rules as an app's `ready` does, for this test only."""
    for name in ("_share_rules", "_visibility_rules", "_submit_rules", "_count_rules"):
        monkeypatch.setattr(hooks, name, [])
    return hooks


def late(user, exercise):
    raise Forbidden("This assignment closed yesterday.")


def test_without_rules_a_learner_has_a_share_of_their_own_and_sees_only_their_work(alice, bob, submission):
    assert submission.share == f"learner:{alice.pk}"
    assert selectors.find_submission(alice, submission.id) == submission
    assert selectors.find_submission(bob, submission.id) is None


def test_the_first_rule_with_an_opinion_names_the_share(register, alice, exercise, answers):
    register.register_share(lambda user, exercise: "")
    register.register_share(lambda user, exercise: f"class:7:{exercise.slug}")
    submission = services.submit(user=alice, exercise=exercise, sources=answers)
    assert submission.share == "class:7:add"
    job_runner.run(submission.id, grade_notebook=passing)
    order = services.regrade(exercise=exercise)
    assert [again.share for again in order.submissions.all()] == ["class:7:add"]


def test_a_rule_opens_submissions_to_one_person_and_to_nobody_else(register, alice, bob, client, submission):
    register.register_visibility(lambda user: Q(user=alice) if user == bob else Q(pk__in=[]))
    client.force_login(bob)
    assert client.get(f"/submissions/{submission.id}/").status_code == 200
    assert client.post(f"/submissions/{submission.id}/cancel/").status_code == 403  # seeing is not stopping
    bob_sees = Submission.objects.visible_to(bob)
    assert list(bob_sees) == [submission]


def test_rules_add_up_and_a_visitor_sees_nothing(register, alice, bob, client, submission):
    register.register_visibility(lambda user: Q(pk__in=[]))
    register.register_visibility(lambda user: Q(exercise__slug="add"))
    assert list(Submission.objects.visible_to(bob)) == [submission]
    assert client.get(f"/submissions/{submission.id}/").status_code == 404


def test_a_rule_refuses_a_submission_and_what_was_written_is_kept(register, alice, as_alice, exercise, answers):
    register.register_submit(late)
    cells = {f"{CELL_PREFIX}{name}": text for name, text in answers.items()}
    response = as_alice.post("/exercises/add/submit/", cells, HTTP_ACCEPT="text/html")
    assert response.status_code == 403
    assert "closed yesterday" in response.content.decode()
    assert not Submission.objects.exists()
    assert Draft.objects.get(user=alice).sources == answers


def test_the_api_refuses_it_too(register, api, exercise, notebook):
    register.register_submit(late)
    response = api.post("/api/v1/exercises/add/submissions/", notebook, format="json")
    assert response.status_code == 403, response.content
    assert "closed yesterday" in response.json()["detail"]


def test_what_does_not_count_is_graded_and_completes_nothing(register, alice, exercise, submission):
    register.register_count(lambda: ~Q(user=alice))
    assert job_runner.run(submission.id, grade_notebook=passing) == "graded"
    submission.refresh_from_db()
    assert submission.passed
    assert selectors.best_submission(alice, "add") is None
    assert not StepProgress.objects.filter(user=alice).exists()


def test_what_counts_completes_the_step(register, alice, exercise, submission):
    register.register_count(lambda: Q(user=alice))
    job_runner.run(submission.id, grade_notebook=passing)
    assert selectors.best_submission(alice, "add") == submission
    assert StepProgress.objects.filter(user=alice, slug="add").exists()


def test_a_broken_rule_opens_nothing(register, bob, submission):
    def broken(user):
        raise RuntimeError("the class is gone")

    register.register_visibility(broken)
    with pytest.raises(RuntimeError):
        selectors.find_submission(bob, submission.id)
