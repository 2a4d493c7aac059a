"""Images, Compose and Kubernetes say only what the settings and the commands know."""

import ast
import importlib.util
import json
import re
import shlex
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.db import connection
from django.test import Client

from exercises.grading import heartbeats
from exercises.models import Exercise, ExerciseVersion, State, Submission, Verdict
from learnpaths.environment import read

ROOT = Path(settings.BASE_DIR)
KUBERNETES = ROOT / "deploy" / "kubernetes"
VARIABLES = set(
    re.findall(r'"((?:LEARNPATHS|DATABASE|REDIS|EMAIL)_[A-Z_]+)"', (ROOT / "learnpaths/environment.py").read_text())
)
DOCKERFILE = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE))
IGNORE = (ROOT / ".dockerignore").read_text().splitlines()
SECRET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
WORKERS = {"worker", "worker-gpu", "kernels"}


# --- what the files say ---
@cache
def stages():
    """Return {name: lines} of the Dockerfile's stages."""
    found, name = {}, ""
    for line in DOCKERFILE.splitlines():
        if line.startswith("FROM "):
            name = line.split()[-1]
            found[name] = [line]
        elif name and line.strip():
            found[name].append(line)
    return found


def image_settings(stage="web"):
    """Return the settings that an image brings along."""
    text = " ".join(line for line in stages()[stage] if line.startswith("ENV "))
    return dict(re.findall(r"\b(LEARNPATHS_\w+)=(\S+)", text))


def operators_answers():
    """Return deploy/compose.env as an operator fills it in."""
    lines = [
        line for line in (ROOT / "deploy/compose.env").read_text().splitlines() if line and not line.startswith("#")
    ]
    return {name: value or SECRET for name, _, value in (line.partition("=") for line in lines)}


def compose(answers=None):
    """Return docker-compose.yml with the operator's answers in their places. Raises KeyError for one that it insists on."""
    answers = operators_answers() if answers is None else answers

    def fill(match):
        name, operator, default = match["name"], match["operator"], match["default"]
        if value := answers.get(name):
            return value
        if operator == ":-":
            return default
        raise KeyError(name)

    text = (ROOT / "docker-compose.yml").read_text()
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)
    return yaml.safe_load(re.sub(r"\$\{(?P<name>\w+)(?P<operator>:[-?])(?P<default>[^}]*)\}", fill, text))


@cache
def ours():
    """Return the services of Compose that run an image of ours."""
    return {
        name: service for name, service in compose()["services"].items() if service["image"].startswith("learnpaths-")
    }


@cache
def manifests():
    paths = [path for path in sorted(KUBERNETES.rglob("*.yaml")) if path.name != "kustomization.yaml"]
    return [document for path in paths for document in yaml.safe_load_all(path.read_text())]


@cache
def pods():
    """Return {name: pod's specification} of what runs an image of ours."""
    found = {
        document["metadata"]["name"]: document["spec"]["template"]["spec"]
        for document in manifests()
        if document["kind"] in ("Deployment", "Job", "StatefulSet")
    }
    return {name: pod for name, pod in found.items() if pod["containers"][0]["image"].startswith("learnpaths-")}


def containers(pod):
    return [*pod.get("initContainers", []), *pod["containers"]]


def command_lines():
    """Yield (where, words) of every command that containers of ours are given."""
    for stage, lines in stages().items():
        for line in lines:
            if line.startswith("CMD "):
                yield f"Dockerfile {stage}", json.loads(line.removeprefix("CMD "))
    for name, service in ours().items():
        yield from (
            (f"compose {name}", words)
            for words in (service.get("command"), service.get("healthcheck", {}).get("test"))
            if words
        )
    for name, pod in pods().items():
        for container in containers(pod):
            probes = [
                container.get(probe, {}).get("exec", {}).get("command")
                for probe in ("startupProbe", "livenessProbe", "readinessProbe")
            ]
            yield from ((f"kubernetes {name}", words) for words in [container.get("command"), *probes] if words)


def python_calls():
    """Yield (where, words after `python`) of every call of Python among them, those inside of `sh -c` included."""
    for where, words in command_lines():
        calls = [shlex.split(call) for call in words[-1].split("&&")] if words[0] == "sh" else [words]
        for call in calls:
            if "python" in call:
                yield where, call[call.index("python") + 1 :]


def copied(path):
    """Tell whether a file gets into the images."""
    return any(path == line[1:] or path.startswith(f"{line[1:]}/") for line in IGNORE if line.startswith("!"))


# --- settings ---
@pytest.mark.parametrize("name", sorted(ours()))
def test_compose_sets_only_what_is_read(name):
    assert set(ours()[name]["environment"]) <= VARIABLES


def test_compose_is_a_complete_production():
    for service in ours().values():
        environment = read(
            image_settings() | {name: str(value or "") for name, value in service["environment"].items()}
        )
        assert environment.mode == "production"
        assert environment.trust_proxy


@pytest.mark.parametrize(
    "name",
    [
        "LEARNPATHS_SECRET_KEY",
        "LEARNPATHS_BASE_URL",
        "LEARNPATHS_ALLOWED_HOSTS",
        "POSTGRES_PASSWORD",
        "REDIS_PASSWORD",
        "EMAIL_URL",
    ],
)
def test_compose_refuses_without(name):
    with pytest.raises(KeyError, match=name):
        compose(operators_answers() | {name: ""})


def test_every_answer_is_used():
    text = (ROOT / "docker-compose.yml").read_text()
    assert all(f"${{{name}:" in text for name in operators_answers())


def test_images_set_only_what_is_read_and_no_secret():
    names = set(re.findall(r"\b(LEARNPATHS_\w+|DATABASE_URL|REDIS_URL|EMAIL_URL)=", DOCKERFILE))
    assert names <= VARIABLES
    assert set(image_settings()) | set(image_settings("worker")) == {
        *("LEARNPATHS_MODE", "LEARNPATHS_STATE_DIR", "LEARNPATHS_SIGNING_KEY_FILE", "LEARNPATHS_RUNTIME_DIR")
    }


def test_kubernetes_is_a_complete_production():
    literals = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["configMapGenerator"][0]["literals"]
    public = dict(literal.split("=", 1) for literal in literals)
    documented = (
        (ROOT / "docs/operations.md")
        .read_text()
        .partition("secret generic learnpaths ")[2]
        .partition("secret generic")[0]
    )
    secret = dict.fromkeys(re.findall(r"--from-literal=(\w+)=", documented), SECRET)
    assert set(public) | set(secret) <= VARIABLES
    assert not set(public) & set(secret)
    values = image_settings() | public | secret
    assert read(values | {"DATABASE_URL": "postgres://db/learn", "REDIS_URL": "redis://redis"}).mode == "production"
    assert all(
        {"configMapRef": {"name": "learnpaths"}} in container["envFrom"]
        for pod in pods().values()
        for container in containers(pod)
    )
    assert all(
        {"secretRef": {"name": "learnpaths"}} in container["envFrom"]
        for pod in pods().values()
        for container in containers(pod)
    )


def test_every_setting_is_documented():
    assert {name for name in VARIABLES if f"`{name}`" not in (ROOT / "docs/operations.md").read_text()} <= {
        "LEARNPATHS_DEBUG"
    }


# --- commands ---
@pytest.mark.parametrize(("where", "words"), list(python_calls()))
def test_commands_exist(where, words):
    if words[0] == "-m":
        assert importlib.util.find_spec(words[1])
    elif words[0] == "manage.py":
        load_command_class(get_commands()[words[1]], words[1]).create_parser("manage.py", words[1]).parse_args(
            words[2:]
        )
    else:
        functions = {
            node.name for node in ast.parse((ROOT / words[0]).read_text()).body if isinstance(node, ast.FunctionDef)
        }
        assert f"check_{words[1]}" in functions
        assert copied(words[0]), f"{words[0]} is not in the image"


def test_something_was_checked():
    said = [" ".join(words) for _, words in python_calls()]
    for part in (
        "manage.py migrate",
        "manage.py load_content",
        "manage.py issuer_check",
        "manage.py worker",
        "learnpaths.serving.web",
        "deploy/probe.py",
    ):
        assert any(part in words for words in said), part
    celery = [words for _, words in command_lines() if words[0] == "celery"]
    assert {words[words.index("-A") + 1] for words in celery} == {"learnpaths.celery"}


# --- images ---
def test_what_images_copy_is_there():
    for lines in stages().values():
        for line in lines:
            if line.startswith("COPY ") and "--from" not in line:
                assert all((ROOT / source).exists() for source in line.split()[1:-1])
    assert IGNORE[1] == "*"  # nothing gets in that was not named
    assert not [line for line in IGNORE if line.startswith("!") and re.search(r"env|key|var|git", line)]


def test_locks_of_runtimes_are_there():
    locks = {*re.findall(r"RUNTIME_LOCK=(\S+)", (ROOT / "Dockerfile").read_text())}
    locks |= {service["build"].get("args", {}).get("RUNTIME_LOCK", "") for service in ours().values()} - {""}
    assert len(locks) == 2
    assert all((ROOT / lock).is_file() and copied(lock) for lock in locks)


def test_images_run_as_nobody_in_particular_and_only_workers_have_tensorflow():
    found = stages()
    assert "USER 10001:10001" in found["web"]
    assert found["worker"][0] == "FROM web AS worker"
    assert not [line for line in found["worker"] if line.startswith("USER ")]
    assert [name for name, lines in found.items() if any("/opt/runtimes" in line for line in lines)] == [
        "runtime",
        "worker",
    ]


# --- least privilege ---
@pytest.mark.parametrize("name", sorted(ours()))
def test_only_workers_give_up_the_engines_profile(name):
    service = ours()[name]
    options = set(service["security_opt"])
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"]
    assert "no-new-privileges:true" in options
    assert (len(options) > 1) == (name in WORKERS)
    assert not service.get("privileged")


@pytest.mark.parametrize("name", sorted(pods()))
def test_only_workers_give_up_the_clusters_profile(name):
    pod = pods()[name]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["automountServiceAccountToken"] is False
    for container in containers(pod):
        security = container["securityContext"]
        assert security["readOnlyRootFilesystem"]
        assert security["allowPrivilegeEscalation"] is False
        assert security["capabilities"] == {"drop": ["ALL"]}
        assert (security.get("procMount") == "Unmasked") == (container["name"] == "worker")
    is_worker = name in WORKERS
    assert (pod["securityContext"]["seccompProfile"]["type"] == "Unconfined") == is_worker
    assert (pod.get("hostUsers", True) is False) == is_worker


def test_the_workers_profile_lets_jails_be_built():
    rules = json.loads((ROOT / "deploy/seccomp-worker.json").read_text())
    refused = {name for rule in rules["syscalls"] for name in rule["names"]}
    assert rules["defaultAction"] == "SCMP_ACT_ALLOW"
    assert not refused & {"clone", "clone3", "unshare", "setns", "mount", "umount2", "pivot_root", "seccomp", "prctl"}
    assert refused >= {
        "bpf",
        "ptrace",
        "perf_event_open",
        "io_uring_setup",
        "userfaultfd",
        "keyctl",
        "init_module",
        "kexec_load",
    }
    assert {option.partition("=")[2] for name in WORKERS for option in ours()[name]["security_opt"]} >= {
        "deploy/seccomp-worker.json"
    }


def test_kustomizations_name_every_manifest():
    for path in KUBERNETES.rglob("kustomization.yaml"):
        named = yaml.safe_load(path.read_text())["resources"]
        assert sorted(named) == sorted(file.name for file in path.parent.glob("*.yaml") if file != path)


# --- probes, scaling, alerts ---
def test_probed_addresses_answer(db):
    web = pods()["web"]["containers"][0]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert Client().get(web[probe]["httpGet"]["path"], HTTP_HOST="10.0.0.1:8000").status_code == 200


@pytest.fixture
def probe():
    spec = importlib.util.spec_from_file_location("probe", ROOT / "deploy/probe.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("status", "fault"), [(200, ""), (503, "/healthz answers 503")])
def test_the_probe_of_a_web_process(probe, monkeypatch, status, fault):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        monkeypatch.setattr(probe, "WEB", server.server_address)
        thread = Thread(target=server.handle_request)
        thread.start()
        assert probe.check_web() == fault
        thread.join()
    assert "does not answer" in probe.check_web()


def test_the_probe_of_a_worker(probe, monkeypatch):
    monkeypatch.setenv("REDIS_URL", settings.REDIS_URL)
    assert "No worker of the queue tpu" in probe.check_worker("tpu")
    heartbeats.announce("tpu", "warming")
    assert probe.check_worker("tpu") == ""
    assert probe.check_worker("tpu", "ready") == "The worker is warming, not ready."
    heartbeats.announce("tpu", "ready")
    assert probe.check_worker("tpu", "ready") == ""
    heartbeats.retire("tpu")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    assert "cannot be asked" in probe.check_worker("tpu")


def test_scaling_counts_what_waits_and_runs(alice):
    exercise = Exercise.objects.create(
        slug="line-fit", title="Line fit", summary="", queue="cpu", minutes=1, max_points=1
    )
    version = ExerciseVersion.objects.create(exercise=exercise, digest="sha256:0", definition={})
    for state, queue in [
        (State.QUEUED, "cpu"),
        (State.QUEUED, "cpu"),
        (State.RUNNING, "cpu"),
        (State.FINISHED, "cpu"),
        (State.QUEUED, "gpu"),
    ]:
        verdict = Verdict.SYSTEM_ERROR if state == State.FINISHED else ""
        Submission.objects.create(
            user=alice,
            exercise=exercise,
            version=version,
            queue=queue,
            state=state,
            verdict=verdict,
            sources={},
            max_points=1,
        )
    (trigger,) = next(document for document in manifests() if document["kind"] == "ScaledObject")["spec"]["triggers"]
    with connection.cursor() as cursor:
        cursor.execute(trigger["metadata"]["query"])
        assert cursor.fetchone() == (3,)


def test_alerts_ask_for_numbers_that_we_export(db, client):
    client.get("/healthz")
    exported = client.get("/metrics").text
    rules = [
        rule for group in yaml.safe_load((ROOT / "deploy/alerts.yml").read_text())["groups"] for rule in group["rules"]
    ]
    assert len(rules) > 4
    for rule in rules:
        for name in re.findall(r"\b(?:learnpaths|django)_\w+", rule["expr"]):
            assert re.search(rf"^(# TYPE )?{name.removesuffix('_bucket')}\b", exported, re.MULTILINE), name
