"""Everything the operator can set, read from environment variables once, typed and checked.

`read()` is the only place that looks at `os.environ`. In the embedded mode (the default, what `make run` uses) missing
secrets are made and kept in the state folder; in production nothing is made up: a missing or weak setting is an error
that names the variable.
"""

import hashlib
import os
import re
import secrets
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import quote

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
Mode = Literal["embedded", "production"]
_ON, _OFF = ("true", "on", "ok", "yes", "y", "1"), ("false", "off", "no", "n", "0")
SOCKET_PATH_BYTES = 107  # the kernel's limit for a Unix socket, less the byte that ends it


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The site's settings. Each field is the variable of the same name with the prefix `LEARNPATHS_` unless noted."""

    mode: Mode
    state_dir: Path  # database, broker socket, keys and caches of the embedded mode
    debug: bool
    secret_key: str
    secret_key_fallbacks: list[str]  # former keys, so that a rotation signs nobody out
    allowed_hosts: list[str]
    base_url: str  # public origin, without a slash at the end; it is signed into badges
    database_url: str  # DATABASE_URL
    redis_url: str  # REDIS_URL
    embedded_broker: bool  # no REDIS_URL: `serve` starts the bundled Valkey on `redis_url`'s socket
    email_url: str  # EMAIL_URL
    email_from: str
    signing_key_file: Path  # private Ed25519 keys of the badge issuer
    issuer_name: str
    contact: str  # where people find the operator: an e-mail address or the address of a page; empty: nowhere
    runtime_dir: Path  # the TensorFlow environment that jails mount
    cgroups: list[Path]  # control groups below which a worker may make one for its jails; none: it does without
    content_dirs: list[Path]
    kernels: int  # interactive kernels that a host holds at a time; 0: as its memory allows
    streams: int  # event streams that a web process holds at a time; 0: as its memory allows
    waiting: int  # submissions of one person that may wait to be graded
    kernel_idle_minutes: int  # then an idle kernel is ended
    trust_proxy: bool
    require_staff_mfa: bool  # the admin site asks for a second factor; by default everywhere but in the embedded mode
    log_json: bool
    metrics_token: str  # what a program on another machine shows to read /metrics


def read(values: Mapping[str, str] | None = None) -> Environment:
    """Return the settings in `values` (default: the process's environment).

    Raises ImproperlyConfigured with every problem at once.
    """
    env = environ.Env()
    env.ENVIRON = dict(os.environ if values is None else values)
    problems: list[str] = []
    mode = env.str("LEARNPATHS_MODE", default="embedded")
    if mode not in ("embedded", "production"):
        raise ImproperlyConfigured(f"LEARNPATHS_MODE is {mode!r}; it must be 'embedded' or 'production'.")
    state_dir = Path(env.str("LEARNPATHS_STATE_DIR", default=str(BASE_DIR / "var"))).resolve()
    embedded = mode == "embedded"

    base_url = env.str("LEARNPATHS_BASE_URL", default="http://localhost:8000" if embedded else "").rstrip("/")
    database_url = env.str("DATABASE_URL", default=f"sqlite:///{quote(str(state_dir))}/db.sqlite3" if embedded else "")
    redis_url = env.str("REDIS_URL", default="")
    embedded_broker = not redis_url and embedded
    if embedded_broker:
        redis_url = f"unix://{quote(str(_socket_path(state_dir)))}"
    secret_key = env.str("LEARNPATHS_SECRET_KEY", default="") or (_kept_secret(state_dir) if embedded else "")
    fallbacks = env.list("LEARNPATHS_SECRET_KEY_FALLBACKS", default=[])
    metrics_token = env.str("LEARNPATHS_METRICS_TOKEN", default="")
    debug = _flag(env, "LEARNPATHS_DEBUG", False, problems)
    trust_proxy = _flag(env, "LEARNPATHS_TRUST_PROXY", False, problems)
    require_staff_mfa = _flag(env, "LEARNPATHS_REQUIRE_STAFF_MFA", not embedded, problems)
    log_json = _flag(env, "LEARNPATHS_LOG_JSON", not embedded, problems)
    kernels = _number(env, "LEARNPATHS_KERNELS", 0, problems)
    streams = _number(env, "LEARNPATHS_STREAMS", 0, problems)
    waiting = _number(env, "LEARNPATHS_WAITING", 20, problems)
    if waiting < 1:
        problems.append("LEARNPATHS_WAITING is 0: nobody could submit. Use at least 1.")
    kernel_idle_minutes = _number(env, "LEARNPATHS_KERNEL_IDLE_MINUTES", 20, problems)
    hosts = env.list("LEARNPATHS_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if embedded else [])
    key_file = env.str("LEARNPATHS_SIGNING_KEY_FILE", default=str(state_dir / "signing-keys.json") if embedded else "")
    email_url = env.str("EMAIL_URL", default="consolemail://" if embedded else "")
    contact = _contact(env, problems)

    if not embedded:
        required = {
            "LEARNPATHS_SECRET_KEY": secret_key,
            "LEARNPATHS_BASE_URL": base_url,
            "LEARNPATHS_ALLOWED_HOSTS": hosts,
            "LEARNPATHS_SIGNING_KEY_FILE": key_file,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "EMAIL_URL": email_url,
        }
        problems += [f"{name} is not set." for name, value in required.items() if not value]
        keys = {"LEARNPATHS_SECRET_KEY": [secret_key], "LEARNPATHS_SECRET_KEY_FALLBACKS": fallbacks}
        problems += [
            f"{name} is weak: use at least 50 random characters."
            for name, values in keys.items()
            if any(value and (len(value) < 50 or len(set(value)) < 10) for value in values)
        ]
        if metrics_token and len(metrics_token) < 32:
            problems.append("LEARNPATHS_METRICS_TOKEN is weak: use at least 32 random characters.")
        if debug:
            problems.append("LEARNPATHS_DEBUG is on: it shows secrets to visitors.")
        if "*" in hosts:
            problems.append("LEARNPATHS_ALLOWED_HOSTS has '*': name the hosts.")
        if base_url and not base_url.startswith("https://"):
            problems.append("LEARNPATHS_BASE_URL must begin with https://: badges and cookies depend on it.")
    if problems:
        where = "run" if embedded else "run in production"
        raise ImproperlyConfigured(f"This configuration cannot {where}:\n  " + "\n  ".join(problems))

    return Environment(
        mode=cast(Mode, mode),
        state_dir=state_dir,
        debug=debug,
        secret_key=secret_key,
        secret_key_fallbacks=fallbacks,
        allowed_hosts=hosts,
        base_url=base_url,
        database_url=database_url,
        redis_url=redis_url,
        embedded_broker=embedded_broker,
        email_url=email_url,
        email_from=env.str("LEARNPATHS_EMAIL_FROM", default="Learnpaths <noreply@localhost>"),
        signing_key_file=Path(key_file),
        contact=contact,
        issuer_name=env.str("LEARNPATHS_ISSUER_NAME", default="Learnpaths"),
        runtime_dir=Path(env.str("LEARNPATHS_RUNTIME_DIR", default=str(BASE_DIR / ".runtimes" / "tf-2.21"))),
        cgroups=[Path(folder) for folder in env.list("LEARNPATHS_CGROUPS", default=[])],
        content_dirs=[
            Path(folder)
            for folder in env.list("LEARNPATHS_CONTENT_DIRS", default=[str(BASE_DIR / "learnpaths" / "content")])
        ],
        kernels=kernels,
        streams=streams,
        waiting=waiting,
        kernel_idle_minutes=kernel_idle_minutes,
        trust_proxy=trust_proxy,
        require_staff_mfa=require_staff_mfa,
        log_json=log_json,
        metrics_token=metrics_token,
    )


def check_settings(module: str) -> None:
    """Import the settings; where they are wrong, end the process with a sentence for the operator, not with a traceback."""
    try:
        import_module(module)
    except ImproperlyConfigured as error:
        sys.exit(f"Error in the settings: {error}")


def _flag(env: environ.Env, name: str, default: bool, problems: list[str]) -> bool:
    """Return a switch; a word that is neither on nor off is a problem, not off."""
    text = env.str(name, default="").strip().lower()
    if text not in ("", *_ON, *_OFF):
        problems.append(f"{name} is {text!r}; it must be 'on' or 'off'.")
    return text in _ON if text in (*_ON, *_OFF) else default


def _contact(env: environ.Env, problems: list[str]) -> str:
    text: str = env.str("LEARNPATHS_CONTACT", default="").strip()
    if text and not re.fullmatch(r"(https?://[^\s<>]+|[^\s<>@:]+@[^\s<>@:]+)", text):
        problems.append("LEARNPATHS_CONTACT is neither an e-mail address nor the https:// address of a page.")
    return text


def _number(env: environ.Env, name: str, default: int, problems: list[str]) -> int:
    text = env.str(name, default="").strip()
    if text and not (text.isascii() and text.isdigit()):
        problems.append(f"{name} is {text!r}; it must be a whole number.")
        return default
    return int(text) if text else default


def parse_database(url: str) -> dict[str, Any]:
    """Return Django's settings of a database. Raises ImproperlyConfigured, which does not repeat the password in it."""
    database = _parse("DATABASE_URL", url, environ.Env.db_url_config)
    if "." not in str(database.get("ENGINE", "")):  # the name of a module, for the kinds that are known
        raise ImproperlyConfigured("DATABASE_URL cannot be read: it is no address of a database that is known.")
    return database


def parse_email(url: str) -> dict[str, Any]:
    """Return Django's settings of outgoing mail. Raises ImproperlyConfigured."""
    return _parse("EMAIL_URL", url, environ.Env.email_url_config)


def _parse(name: str, url: str, parse: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    problem = f"{name} cannot be read: it is no address of a kind that is known."
    if "://" not in url:  # of which the library only warns, with all that is in it
        raise ImproperlyConfigured(problem)
    try:
        return parse(url)
    except (ImproperlyConfigured, KeyError, ValueError, TypeError):
        raise ImproperlyConfigured(problem) from None


def _socket_path(state_dir: Path) -> Path:
    """Return where the embedded broker listens: in the state folder, or, where that path is too long for a socket, in
    a folder of this user and state folder under the system's temporary one."""
    socket = state_dir / "broker" / "valkey.sock"
    if len(os.fsencode(socket)) <= SOCKET_PATH_BYTES:
        return socket
    digest = hashlib.sha256(os.fsencode(state_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"learnpaths-{os.getuid()}-{digest}" / "valkey.sock"


def _kept_secret(state_dir: Path) -> str:
    """Return the embedded mode's secret key, making it on the first start."""
    path = state_dir / "secret-key"
    try:
        if not path.exists():
            state_dir.mkdir(parents=True, exist_ok=True)
            _write_once(path, secrets.token_urlsafe(64))
        return path.read_text()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The state folder {state_dir} cannot be written ({error.strerror}). "
            "Make it writable or set LEARNPATHS_STATE_DIR to a folder that is."
        ) from error


def _write_once(path: Path, text: str) -> None:
    """Write a file that appears whole or not at all; the first of several processes wins."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:  # made with mode 0600
        file.write(text)
        file.flush()
        with suppress(FileExistsError):
            os.link(file.name, path)
