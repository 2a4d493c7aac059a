"""What the map promises and import-linter cannot see."""

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.urls import URLPattern

WITHOUT_DJANGO = [
    "exercises.sandbox",
    "exercises.assignment",
    "exercises.importers",
    "certification.openbadges",
    "learnpaths.catalog.schema",
    "learnpaths.catalog.course_reader",
    "learnpaths.catalog.markdown",
    "learnpaths.catalog.blocks",
    "learnpaths.catalog.tables",
]
IMPORT_ALL = """
import importlib, pkgutil, sys
for name in {absent!r}:
    sys.modules[name] = None  # an import of it fails from here on
root = importlib.import_module({package!r})
for found in pkgutil.walk_packages(getattr(root, "__path__", []), root.__name__ + "."):
    importlib.import_module(found.name)
"""
OURS = [config for config in apps.get_app_configs() if Path(config.path).is_relative_to(settings.BASE_DIR)]
OURS = [config for config in OURS if ".venv" not in config.path]


def run_fresh(code, python=sys.executable):
    """Run code in an interpreter of its own; return what it said when it failed, else ""."""
    answer = subprocess.run([python, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    return answer.stderr if answer.returncode else ""


@pytest.mark.parametrize("package", WITHOUT_DJANGO)
def test_it_imports_where_django_and_celery_cannot(package):
    absent = ("django", "celery", "rest_framework", "redis", "environ")
    assert not run_fresh(IMPORT_ALL.format(package=package, absent=absent))


@pytest.mark.jail
def test_the_runner_imports_in_the_environment_of_jails():
    python = str(settings.RUNTIME_DIR / "bin" / "python")
    assert run_fresh("import django", python).endswith("No module named 'django'\n")
    assert not run_fresh(IMPORT_ALL.format(package="exercises.runner", absent=()), python)


@pytest.mark.parametrize("module", ["learnpaths.asgi", "learnpaths.urls"])
def test_web_processes_need_nothing_of_the_jail(module):
    absent = ("tensorflow", "keras", "numpy", "IPython", "ipykernel", "pandas", "matplotlib", "nbclient", "nbconvert")
    code = f"import sys\nfor name in {absent!r}: sys.modules[name] = None\nimport learnpaths.asgi, {module}"
    assert not run_fresh(code)


def test_the_site_does_not_depend_on_what_jails_see():
    text = (settings.BASE_DIR / "requirements" / "site.txt").read_text()
    for name in ("tensorflow", "keras", "numpy", "ipython", "ipykernel"):
        assert not re.search(rf"^{name}\b", text, re.MULTILINE | re.IGNORECASE), name


@pytest.mark.parametrize("path", sorted((settings.BASE_DIR / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_locks_name_no_host_and_pin_hashes(path):
    text = path.read_text()
    assert "://" not in text
    assert not re.search(r"^\s*(-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host)\b", text, re.MULTILINE)
    packages = re.findall(r"^[a-zA-Z0-9][^\n]*", text, re.MULTILINE)
    assert packages
    assert text.count("--hash=sha256:") >= len(packages)


@pytest.mark.parametrize("config", OURS, ids=lambda config: config.label)
def test_migrations_have_names(config):
    files = [path.stem for path in Path(config.path, "migrations").glob("[0-9]*.py")]
    assert not [name for name in files if "_auto_" in name or name.endswith("_initial")]


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_jail_can_import_the_runner_alone():
    assert (settings.BASE_DIR / "exercises" / "__init__.py").read_text() == ""


def test_modules_stay_small():
    folders = [settings.BASE_DIR / name for name in ("learnpaths", "exercises", "certification")]
    paths = [path for folder in folders for path in folder.rglob("*.py") if "content" not in path.parts]
    long = {str(path): count for path in paths if (count := len(path.read_text().splitlines())) > 400}
    assert not long


def test_names_of_addresses_have_one_style():
    """`lesson`, `lesson-complete`: nouns first, words joined by hyphens; those of allauth and the admin site are theirs."""
    names = [
        pattern.name
        for module in ("learnpaths.urls", *(f"{config.name}.urls" for config in OURS))
        if importlib.util.find_spec(module)
        for pattern in importlib.import_module(module).urlpatterns
        if isinstance(pattern, URLPattern)
    ]
    assert len(names) > 20
    assert not [name for name in names if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name or "")]


# --- the wall: what a web process can import never leads to the engine ---

ENGINE_SIDE = {
    *("assignment", "importers", "querysets"),  # below the wall: no jail in them, everybody may use them
    *("runner", "sandbox", "grading", "authoring", "workers", "management", "migrations"),
    *("kernels.host", "kernels.scripts"),
}
# Bad imports, as somebody in a hurry would write them: the file, the line, and the chain that the refusal names
BAD_IMPORTS = [
    ("exercises/pages/views/submissions.py", "from exercises.sandbox import outputs", "exercises.sandbox.outputs"),
    ("exercises/kernels/views.py", "from exercises.runner.printed import Printed", "exercises.runner.printed"),
    ("exercises/selectors.py", "from exercises.grading import engine", "exercises.grading.engine"),
    ("exercises/kernels/sessions.py", "from exercises.kernels.host import kernel_host", "exercises.kernels.host"),
    ("exercises/admin.py", "from exercises.workers import zygote_pool", "exercises.workers.zygote_pool"),
    ("exercises/grading/job_runner.py", "from exercises.sandbox import run as jail", "exercises.sandbox.run"),
    ("exercises/api/newcomer.py", "from exercises.sandbox import zygote_process", "exercises.sandbox.zygote_process"),
    ("certification/views.py", "from exercises.sandbox import errors", "exercises.sandbox.errors"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the code as it is, without the courses."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("learnpaths", "exercises", "certification"):
        ignored = shutil.ignore_patterns("content", "__pycache__", "*.pyc") if name == "learnpaths" else None
        shutil.copytree(settings.BASE_DIR / name, folder / name, ignore=ignored)
    shutil.copy(settings.BASE_DIR / "pyproject.toml", folder)
    return folder


def lint(folder):
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_contracts_hold_in_a_copy(copy):
    result = lint(copy)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_bad_import_is_refused_wherever_it_stands(copy):
    for path, line, _ in BAD_IMPORTS:
        file = copy / path
        file.write_text(f"{line}\n{file.read_text() if file.exists() else ''}")
    result = lint(copy)
    assert result.returncode != 0
    said = " ".join(result.stdout.split())
    for path, _, imported in BAD_IMPORTS:
        importer = path.removesuffix(".py").replace("/", ".")
        assert re.search(rf"{re.escape(importer)} -> {re.escape(imported)}", said), (
            f"{importer} -> {imported} was let through"
        )


def test_every_module_is_on_one_side_of_the_wall():
    contracts = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    wall = next(each for each in contracts if each["name"] == "The web side never reaches the engine")
    web_side = {name.removeprefix("exercises.") for name in wall["source_modules"] if name.startswith("exercises.")}
    assert not modules_of(settings.BASE_DIR / "exercises") - {*web_side, *ENGINE_SIDE}, (
        "decide the side: pyproject.toml or ENGINE_SIDE"
    )


def modules_of(folder):
    """What stands in exercises/, and in its kernels/, which stands on both sides."""
    names = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    inside = {
        f"kernels.{path.stem}" for path in (folder / "kernels").iterdir() if path.suffix == ".py" or path.is_dir()
    }
    return {name for name in (names - {"kernels"}) | inside if not name.endswith(("__init__", "__pycache__"))}
