"""nbgrader and Otter as their users start them: one command per submission, results read back and required to be full marks."""

import json
import sqlite3
import subprocess
from pathlib import Path

from . import meter, notebooks
from .assignments import Assignment

_LESSON = "lesson"


class WrongResult(Exception):
    """A grader did not give full marks to a correct submission; what it used says nothing then."""


class Peers:
    """The environment of the other graders. `home` is an empty folder that they get as their user's."""

    def __init__(self, environment: Path, home: Path) -> None:
        self._programs = environment.resolve() / "bin"
        self.environ = {
            "PATH": f"{self._programs}:/usr/bin:/bin",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PYTHONWARNINGS": "ignore",
        }

    def program(self, name: str) -> str:
        """Return a program's path. Raises WrongResult where the environment is missing."""
        path = self._programs / name
        if not path.exists():
            raise WrongResult(f"{path} does not exist. `make peers` installs the other graders.")
        return str(path)

    def version(self, package: str) -> str:
        code = f"import importlib.metadata; print(importlib.metadata.version({package!r}), end='')"
        return subprocess.run([self.program("python"), "-c", code], capture_output=True, text=True, check=True).stdout

    def prepare(self, command: list[str], folder: Path) -> None:
        meter.measure(command, folder=folder, environ=self.environ)


class Nbgrader:
    """An nbgrader course of one assignment, with `students` equal submissions."""

    def __init__(self, peers: Peers, assignment: Assignment, folder: Path, *, students: int) -> None:
        self._peers, self._folder, self._points = peers, folder, len(assignment.checks)
        self._students = [f"student{number}" for number in range(students)]
        notebook = f"{assignment.name}.ipynb"
        notebooks.write(assignment, folder / "source" / _LESSON / notebook, notebooks.nbgrader_source)
        for student in self._students:
            notebooks.write(
                assignment, folder / "submitted" / student / _LESSON / notebook, notebooks.nbgrader_submission
            )
        peers.prepare([peers.program("nbgrader"), "generate_assignment", _LESSON, "--quiet"], folder)

    def grade(self, *, students: int = 1) -> meter.Usage:
        """Autograde the first `students` submissions in one command; return what it used, per submission."""
        names = self._students[:students]
        command = [self._peers.program("nbgrader"), "autograde", _LESSON, "--force", "--quiet"]
        if students < len(self._students):
            command.append(f"--student={names[0]}")
        usage = meter.measure(command, folder=self._folder, environ=self._peers.environ)
        self._require_full_marks(names)
        return meter.Usage(usage.cpu_seconds / students, usage.wall_seconds / students)

    def _require_full_marks(self, students: list[str]) -> None:
        with sqlite3.connect(self._folder / "gradebook.db") as database:
            rows = database.execute(
                "SELECT a.student_id, SUM(g.auto_score) FROM grade g JOIN submitted_notebook n ON g.notebook_id = n.id "
                "JOIN submitted_assignment a ON n.assignment_id = a.id GROUP BY a.student_id"
            ).fetchall()
        for student in students:
            if dict(rows).get(student) != self._points:
                raise WrongResult(f"nbgrader gave {student} {dict(rows).get(student)} of {self._points} points.")


class Otter:
    """An Otter autograder for one assignment, run without a container (`otter run`)."""

    def __init__(self, peers: Peers, assignment: Assignment, folder: Path) -> None:
        self._peers, self._folder, self._points = peers, folder, len(assignment.checks)
        (folder / "tests").mkdir(parents=True)
        for check in assignment.checks:
            (folder / "tests" / f"{check.id}.py").write_text(_test_file(check.id, check.source))
        self._notebook = folder / f"{assignment.name}.ipynb"
        notebooks.write(assignment, self._notebook, notebooks.otter_submission)
        peers.prepare(
            [
                peers.program("otter"), "generate", "--tests-dir", "tests", "--output-path", "autograder.zip",
                "--no-environment", "--no-requirements", "--no-config",
            ],
            folder,
        )  # fmt: skip

    def grade(self) -> meter.Usage:
        """Grade the submission once."""
        results = self._folder / "results.json"
        results.unlink(missing_ok=True)
        command = [
            self._peers.program("otter"),
            "run",
            "--autograder",
            "autograder.zip",
            "--no-logo",
            self._notebook.name,
        ]
        usage = meter.measure(command, folder=self._folder, environ=self._peers.environ)
        scores = [float(test.get("score", 0)) for test in json.loads(results.read_text())["tests"]]
        if sum(scores) != self._points:
            raise WrongResult(f"Otter gave {sum(scores)} of {self._points} points: {results.read_text()[:2000]}")
        return usage


def _test_file(name: str, source: str) -> str:
    """One check in Otter's OK format; the whole source is one doctest example."""
    case = {"code": f">>> exec({source!r})", "hidden": False, "locked": False}
    suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    test = {"name": name, "points": 1, "suites": [suite]}
    return f"OK_FORMAT = True\ntest = {test!r}\n"
