"""The kernel of a notebook in a page: requests of a signed-in learner to their own kernel, and the stream of its events.

Every address is by exercise, or by lesson, and for the person who asks: nobody can name another learner's kernel. Answers are JSON,
refusals problem documents. The web process only talks to Redis (`exercises.kernels.sessions`); it holds no kernel. A stream holds
no thread and no database connection (`core/request_threads.py`), and a person has only so many (`core/streams.py`).
"""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from uuid import uuid4

import redis
from asgiref.sync import iscoroutinefunction, sync_to_async
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from exercises import selectors
from exercises.assignment.definition import Definition
from exercises.assignment.notebook_files import MAX_BYTES, MAX_CELLS, clean_source, unstorable
from exercises.assignment.scratch import SCRATCH_ID
from exercises.grading import events, heartbeats
from exercises.kernels import journal, lessons, sessions
from exercises.kernels.commands import CellToRun, Command, Complete, Inspect, Interrupt, Restart, RunCells, RunKind
from exercises.models import new_seed
from exercises.throttles import check_rate
from learnpaths.catalog import selectors as catalog
from learnpaths.core import problems, streams
from learnpaths.core.problems import Conflict, NotFound, NotSignedIn, TooLarge, Unavailable, Unprocessable
from learnpaths.core.streams import ServerEvent

MAX_LESSON_BYTES = 64 * 2**10  # of all cells of a run in a lesson
MAX_QUESTION = 64 * 2**10  # characters of code that a question may come with
WAIT_SECONDS = 3.0
KEEP_ALIVE_SECONDS = 15.0
STREAM_SECONDS = 900.0  # then the page comes back, and is asked again who it is
EVENTS_AT_ONCE = 200
View = Callable[..., Any]
Asked = TypeVar("Asked", Complete, Inspect)


def answer_json(view: View) -> View:
    """Answer refusals as problem documents, whatever the client says it likes."""
    if iscoroutinefunction(view):

        @wraps(view)
        async def asynchronous(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                response: HttpResponseBase = await view(request, *args, **kwargs)
            except _REFUSALS as error:
                return _refusal(error)
            return response

        return asynchronous

    @wraps(view)
    def synchronous(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response: HttpResponseBase = view(request, *args, **kwargs)
        except _REFUSALS as error:
            return _refusal(error)
        return response

    return synchronous


_REFUSALS = (problems.HttpProblem, Http404, redis.RedisError, RequestDataTooBig)


def _refusal(error: Exception) -> HttpResponseBase:
    match error:
        case redis.RedisError():
            problem: problems.HttpProblem = Unavailable(
                _("Running cells is not possible for the moment. Your text is kept.")
            )
        case RequestDataTooBig():
            problem = TooLarge(_("A notebook has at most %(limit)s bytes.") % {"limit": f"{MAX_BYTES:,}"})
        case _:
            problem = problems.from_exception(error) or NotFound()
    return JsonResponse(
        problem.document(), status=problem.status, content_type=problems.CONTENT_TYPE, headers=dict(problem.headers)
    )


@dataclass(frozen=True)
class Subject:
    """What a kernel is for: a listed exercise, or a lesson with cells. `kinds` are the runs that it has, the usual one first."""

    name: str
    definition: Definition
    version: int
    kinds: tuple[RunKind, ...]
    max_bytes: int


def _get_key(request: HttpRequest, slug: str, of: str) -> str:
    """Return the name of the person's own session."""
    return sessions.key_of(_get_learner(request), _find_subject(slug, of).name)


def _get_learner(request: HttpRequest) -> int:
    if not request.user.is_authenticated:
        raise NotSignedIn(_("Sign in to run cells. What you wrote is kept in this page."))
    return int(request.user.pk)


def _find_subject(slug: str, of: str) -> Subject:
    if of == "lesson":
        step = catalog.step_on_path("lesson", slug)
        if step is None or not catalog.has_cells(step.lesson):
            raise NotFound(_("There is no lesson of this name with code to run."))
        name = lessons.session_name(step.slug)
        return Subject(name, lessons.DEFINITION, lessons.VERSION, ("to",), MAX_LESSON_BYTES)
    exercise = selectors.find_exercise(slug)
    if exercise is None or exercise.version is None:
        raise NotFound(_("There is no exercise of this name."))
    return Subject(exercise.slug, exercise.version.parsed, exercise.version.pk, ("cells", "check"), MAX_BYTES)


# --- asking ---


@answer_json
@require_GET
def show(request: HttpRequest, slug: str, of: str = "exercise") -> HttpResponseBase:
    """Send the state of the person's kernel; none is started."""
    return JsonResponse(sessions.state(_get_key(request, slug, of)).as_json(), headers={"Cache-Control": "no-store"})


@answer_json
@require_POST
def run(request: HttpRequest, slug: str, of: str = "exercise") -> HttpResponseBase:
    """Have cells run: 202 with the run's id. Starts the kernel where there is none.

    In an exercise `cells` run, or what has changed and the public checks (`check`). In a lesson the last cell runs, and before it
    what it follows, unless that has run already (`to`).
    """
    user, subject = _get_learner(request), _find_subject(slug, of)
    check_rate(request, "kernel_runs", _("You ran cells very often just now. Try again in %(seconds)s seconds."))
    body = _read_body(request)
    kind = body.get("kind", subject.kinds[0])
    if kind not in subject.kinds:
        raise Unprocessable(_("The kind of a run is one of: %(kinds)s.") % {"kinds": ", ".join(subject.kinds)})
    cells = _read_cells(body.get("cells"), subject)
    command = RunCells(run=str(uuid4()), kind=kind, cells=cells, version=subject.version)
    opening = sessions.Opening(
        user=user, exercise=subject.name, version=subject.version, runtime=subject.definition.runtime, seed=new_seed()
    )
    if not heartbeats.workers(heartbeats.INTERACTIVE):
        raise Unavailable(
            _("No machine that runs cells is up at the moment. Your text is kept, and you can submit.")
            if of == "exercise"
            else _(
                "No machine that runs cells is up at the moment. What you wrote stays in this page: try again later."
            )
        )
    try:
        sessions.send(opening, command)
    except sessions.TooManyKernels as error:
        text = _("You have %(count)s notebooks at work. Stop one of them, or wait until it has finished.")
        raise Conflict(text % {"count": sessions.PER_LEARNER}) from error
    return JsonResponse({"run": command.run}, status=202)


@answer_json
@require_POST
def interrupt(request: HttpRequest, slug: str, of: str = "exercise") -> HttpResponseBase:
    """Stop the running cell and drop the runs that wait."""
    return _send_to_host(request, slug, of, Interrupt())


@answer_json
@require_POST
def restart(request: HttpRequest, slug: str, of: str = "exercise") -> HttpResponseBase:
    """Start the kernel anew: all its names are gone."""
    return _send_to_host(request, slug, of, Restart())


def _send_to_host(request: HttpRequest, slug: str, of: str, command: Command) -> HttpResponseBase:
    key = _get_key(request, slug, of)
    check_rate(request, "kernel_asks", _("Too many requests just now. Try again in %(seconds)s seconds."))
    if not sessions.withdraw(key):
        sessions.send_to_host(key, command)
    return JsonResponse({}, status=202)


@answer_json
@require_POST
async def complete(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Send what could stand at a place in code; nothing while the kernel is busy or there is none."""
    key, question = await _read_question(request, slug, Complete)
    matches = await sessions.ask(key, question)
    return JsonResponse(matches or {"matches": [], "start": question.cursor, "end": question.cursor})


@answer_json
@require_POST
async def inspect(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Send what the kernel knows of the name at a place in code."""
    key, question = await _read_question(request, slug, Inspect)
    inspection = await sessions.ask(key, question)
    return JsonResponse(inspection or {"found": False, "text": ""})


async def _read_question(request: HttpRequest, slug: str, kind: type[Asked]) -> tuple[str, Asked]:
    """Return the name of the session and the question to it. Raises Unprocessable."""
    key = await sync_to_async(_get_key)(request, slug, "exercise")
    text = _("Too many requests just now. Try again in %(seconds)s seconds.")
    await sync_to_async(check_rate)(request, "kernel_asks", text)
    body = _read_body(request)
    code, cursor = body.get("code"), body.get("cursor")
    if not isinstance(code, str) or not isinstance(cursor, int) or isinstance(cursor, bool):
        raise Unprocessable(_("A question is {code, cursor}."))
    if len(code) > MAX_QUESTION or not 0 <= cursor <= len(code):
        raise Unprocessable(_("The cursor must be in the code, and the code not too long."))
    return key, kind(code=code, cursor=cursor)


# --- what was sent ---


def _read_body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Unprocessable(_("The body must be JSON.")) from error
    if not isinstance(body, dict):
        raise Unprocessable(_("The body must be a JSON object."))
    return body


def _read_cells(given: Any, subject: Subject) -> tuple[CellToRun, ...]:
    """Return the cells to run with their roles; of a locked cell, our own source. Raises Unprocessable with every problem."""
    if not isinstance(given, list) or not 1 <= len(given) <= MAX_CELLS:
        raise Unprocessable(_("Send between 1 and %(most)s cells.") % {"most": MAX_CELLS})
    ours = {cell.id: cell for cell in subject.definition.public_cells if cell.role != "text"}
    cells, errors = [], []
    for item in given:
        cell_id = item.get("id") if isinstance(item, dict) else None
        source = item.get("source", "") if isinstance(item, dict) else None
        cell = ours.get(cell_id) if isinstance(cell_id, str) else None
        if not isinstance(cell_id, str) or not isinstance(source, str):
            errors.append({"cell": "", "message": _("A cell is {id, source}, both text.")})
        elif cell is None and not SCRATCH_ID.fullmatch(cell_id):
            errors.append({"cell": cell_id[:60], "message": _("This is not a cell that can be run here.")})
        elif problem := unstorable(source):
            errors.append({"cell": cell_id, "message": problem})
        elif cell is not None and cell.role == "check":
            cells.append(CellToRun(id=cell_id, source=cell.source, role="check"))
        else:
            text = cell.source if cell is not None and cell.role == "setup" else clean_source(source)
            cells.append(CellToRun(id=cell_id, source=text))
    if errors:
        raise Unprocessable(_("These cells cannot be run."), errors=errors)
    if sum(len(cell.source.encode()) for cell in cells) > subject.max_bytes:
        raise TooLarge(_("All cells together have at most %(limit)s bytes.") % {"limit": f"{subject.max_bytes:,}"})
    return tuple(cells)


# --- the stream ---


@answer_json
@require_GET
async def stream(request: HttpRequest, slug: str, of: str = "exercise") -> HttpResponseBase:
    """Send what happens in the person's kernel. Continues after `Last-Event-ID` (or `?after=`), else begins now."""
    user, key = await sync_to_async(lambda: (_get_learner(request), _get_key(request, slug, of)))()
    return await streams.respond(
        user,
        _follow(key, streams.last_seen(request)),
        keep_alive_seconds=KEEP_ALIVE_SECONDS,
        life_seconds=STREAM_SECONDS,
    )


async def _follow(key: str, after: str) -> AsyncGenerator[ServerEvent | None, None]:
    """Yield the journal's events, the present state at first and whenever it changes without an event, None for each wait in vain."""
    position = events.position(after) if after else await _off_loop(journal.last_id)(key)
    shown: dict[str, Any] = {}
    if not after:
        shown = await _off_loop(_state)(key)
        yield ServerEvent(kind="kernel", data=shown)
    while True:
        batch = await journal.wait(key, position, count=EVENTS_AT_ONCE, seconds=WAIT_SECONDS)
        for event in batch:
            position = event.id
            yield ServerEvent(kind=event.kind, data=event.data, id=event.id)
        if batch:
            shown = next((event.data for event in reversed(batch) if event.kind == "kernel"), shown)
            continue
        state = await _off_loop(_state)(key)
        if _differs(state, shown):
            shown = state
            yield ServerEvent(kind="kernel", data=state)
        else:
            yield None


def _off_loop(ask: Callable[[str], Any]) -> Callable[[str], Awaitable[Any]]:
    """Return a question to Redis for a stream: answered by a few threads for all streams, not by one for each."""
    return sync_to_async(ask, thread_sensitive=False)


def _state(key: str) -> dict[str, Any]:
    return sessions.state(key).as_json()


def _differs(state: dict[str, Any], shown: dict[str, Any]) -> bool:
    return any(state[name] != shown.get(name) for name in ("state", "position", "reason"))
