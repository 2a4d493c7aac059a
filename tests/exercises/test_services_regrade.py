"""Grading again: what is chosen, that it waits behind everything else, and that nobody loses by it."""

from exercises import selectors, services
from exercises.grading import job_runner
from exercises.models import ExerciseVersion, Priority, Submission
from learnpaths.progress.models import StepProgress
from tests.exercises.graders import changed, no_points, passing


def rows_of(order):
    return list(order.submissions.order_by("regrade_of__created_at"))


def test_it_works(graded, exercise, alice, bob):
    best, _middle, last = graded(alice), graded(alice, passes=False), graded(alice, passes=False)
    of_bob = graded(bob)
    rows = rows_of(services.regrade(exercise=exercise))
    assert [row.regrade_of for row in rows] == [best, last, of_bob]
    for row in rows:
        assert (row.priority, row.seed, row.sources) == (
            Priority.REGRADE,
            row.regrade_of.seed,
            row.regrade_of.sources,
        )
        assert (row.user, row.version_id) == (row.regrade_of.user, exercise.version_id)


def test_nobodys_best_gets_worse(graded, exercise, alice):
    best = graded(alice)
    (again,) = rows_of(services.regrade(exercise=exercise))
    job_runner.run(again.id, grade_notebook=changed(verdict="failed", passed=False, points=0, checks=no_points(again)))
    assert selectors.best_submission(alice, "add") == best
    assert StepProgress.objects.get(user=alice).points == 4
    assert Submission.objects.filter(id=best.id).get().points == 4


def test_a_better_result_counts(graded, exercise, alice):
    graded(alice, passes=False)
    (again,) = rows_of(services.regrade(exercise=exercise))
    job_runner.run(again.id, grade_notebook=passing)
    assert selectors.best_submission(alice, "add") == again
    assert StepProgress.objects.get(user=alice).completed_at is not None


def test_it_is_no_attempt_of_the_learner(graded, exercise, alice):
    graded(alice)
    services.regrade(exercise=exercise)
    assert Submission.objects.of(alice).attempts().count() == 1


def test_what_is_being_graded_again_already_is_left_alone(graded, exercise, alice):
    first = graded(alice)
    (again,) = rows_of(services.regrade(exercise=exercise))
    assert services.regrade(exercise=exercise) is None
    job_runner.run(again.id, grade_notebook=passing)
    assert [row.regrade_of for row in rows_of(services.regrade(exercise=exercise))] == [first]


def test_earlier_versions_only_if_asked(graded, exercise, alice):
    old = graded(alice)
    exercise.version = ExerciseVersion.objects.create(
        exercise=exercise, digest="sha256:new", definition=exercise.version.definition
    )
    exercise.save()
    assert services.regrade(exercise=exercise) is None
    (again,) = rows_of(services.regrade(exercise=exercise, all_versions=True))
    assert (again.regrade_of, again.version) == (old, exercise.version)


def test_a_cell_that_is_new_gets_its_starter(graded, exercise, alice):
    old = graded(alice)
    Submission.objects.filter(id=old.id).update(sources={"add": old.sources["add"], "gone": "x = 1"})
    (again,) = rows_of(services.regrade(exercise=exercise))
    assert again.sources == {"add": old.sources["add"], "twice": "twice = None  # Your code here"}


def test_what_we_failed_to_grade_is_not_chosen(submission, exercise):
    services.cancel_submission(submission=submission)
    assert services.regrade(exercise=exercise) is None
