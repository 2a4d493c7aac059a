"""How soon a certificate's code is answered while twelve visitors hand in badges made to be expensive: `python -m bench.verify`.

Starts its own broker and web process on a fresh state folder and talks to this machine only. Prints JSON on standard output.
"""

import http.client
import json
import os
import shutil
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

os.environ["LEARNPATHS_TRUST_PROXY"] = "1"  # so that visitors of one machine can come from twelve addresses

from bench.pages.__main__ import STATE, run_broker, run_web  # first: it sets the site up on a state folder of its own

# isort: split
from django.core.management import call_command
from django.utils import timezone

from bench.accounting import machine, rounded
from certification import issuer
from certification.models import Certificate, Credential, StatusList
from certification.openbadges import signing
from certification.openbadges.credential import Achievement, OpenBadge, Recipient
from learnpaths.accounts.models import User
from learnpaths.catalog.models import Path as LearningPath

VISITORS = 12
SECONDS = 20.0
PATIENCE = 90.0


def main() -> None:
    """Measure and print."""
    results: dict[str, Any] = {"machine": machine()}
    try:
        with ExitStack() as stack:
            stack.enter_context(run_broker())
            call_command("migrate", verbosity=0)
            certificate = make_certificate()
            port, _pid = stack.enter_context(run_web())
            wait_for(port)
            results["code_alone"] = measure_code(port, certificate)
            costly = make_costly(certificate)
            for name, badge, is_one in (
                ("types 2800 times from one address", repeat_types(certificate), True),
                ("costly within the limits from one address", costly, True),
                ("costly within the limits from twelve addresses", costly, False),
            ):
                with handing_in(port, badge, [f"{name} {0 if is_one else n}" for n in range(VISITORS)]) as answers:
                    code = measure_code(port, certificate)
                results[name] = {
                    "kilobytes": round(len(badge) / 1000),
                    "uploads": dict(Counter(status for status, _seconds in answers)),
                    "upload_seconds": summary([seconds for _status, seconds in answers]),
                    "code_meanwhile": code,
                }
            results["code_after"] = measure_code(port, certificate, seconds=3.0)
    finally:
        shutil.rmtree(STATE, ignore_errors=True)
    json.dump(results, sys.stdout, indent=1)
    sys.stdout.write("\n")


def make_certificate() -> Certificate:
    """Keep one signed certificate, as if somebody had earned it."""
    user = User.objects.create_user(email="bench@example.org", password=None, display_name="Ada Lovelace")
    path = LearningPath.objects.create(slug="bench", title="Bench", summary="…", level="beginner", hours=1, position=1)
    words = {"title": "Bench", "description": "…", "criteria": "…", "achievement_type": "Certificate"}
    credential = Credential.objects.create(slug="bench", path=path, **words)
    certificate = Certificate(user=user, credential=credential, holder_name=user.display_name, state="issued")
    now = certificate.awarded_at = certificate.issued_at = certificate.signed_at = timezone.now()
    certificate.status_list, certificate.status_index = StatusList.objects.create(), 4711
    badge = OpenBadge(
        id=certificate.public_url,
        issuer=issuer.profile(),
        recipient=Recipient(id="urn:x:ada", name=certificate.holder_name, email=user.email, salt="salt"),
        achievement=Achievement(id=credential.public_url, name="Bench", description="…", criteria="…"),
        awarded=now,
        valid_from=now,
        valid_until=None,
        status_list=certificate.status_list.public_url,
        status_index=certificate.status_index,
    )
    key = issuer.key_set().current
    assert key.secret is not None
    signed = signing.sign(badge.to_json(), secret=key.secret, verification_method=key.id(issuer.did()), created=now)
    certificate.badge = json.dumps(signed)
    certificate.save()
    return certificate


def repeat_types(certificate: Certificate) -> bytes:
    """Return the badge that once took 16 s: 77 KB, its second type 2,800 times."""
    document = json.loads(certificate.badge)
    document["type"] += ["AchievementCredential"] * 2800
    return json.dumps(document).encode()


def make_costly(certificate: Certificate) -> bytes:
    """Return a stranger's badge that is as expensive as its size may make it: many objects without a name, all alike."""
    document = json.loads(certificate.badge)
    document = {name: document[name] for name in ("@context", "type", "validFrom", "proof")} | {
        "id": "urn:uuid:5f3c0b52-5f5c-4c0b-9d5e-0a4f6a1f7c11",
        "issuer": {"id": "did:web:elsewhere.example", "type": ["Profile"], "name": "Elsewhere"},
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "achievement": {"id": "urn:x:a", "type": ["Achievement"], "name": "A", "description": "…"},
            "result": [{"type": ["Result"], "value": "1"} for _ in range(250)],
        },
        "evidence": [{"type": ["Evidence"], "name": "A", "description": "…"} for _ in range(250)],
    }
    document["proof"] |= {"verificationMethod": "did:web:elsewhere.example#key"}
    return json.dumps(document).encode()


@contextmanager
def handing_in(port: int, badge: bytes, addresses: list[str]) -> Iterator[list[tuple[int, float]]]:
    """Have a visitor at each address hand in a badge again and again meanwhile; yield what they were answered."""
    answers: list[tuple[int, float]] = []
    is_over = threading.Event()

    def hand_in(address: str) -> None:
        while not is_over.is_set():
            answers.append(timed(lambda: upload(port, badge, address)))
            if answers[-1][0] != 200:
                is_over.wait(1.0)  # it was told to come back later; a browser would

    threads = [threading.Thread(target=hand_in, args=(address,)) for address in addresses]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


def measure_code(port: int, certificate: Certificate, seconds: float = SECONDS) -> dict[str, Any]:
    """Ask for one code, about seventeen times a second at most, and return how long the answers took."""
    times = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        status, taken = timed(
            lambda: request(port, "GET", f"/verify/?code={certificate.id}", name="This badge is valid")
        )
        if status != 200:
            raise RuntimeError(f"an honest code was answered {status}")
        times.append(taken)
        time.sleep(0.06)  # below the limit of codes from one address
    return {"answers": len(times)} | summary(times)


def upload(port: int, badge: bytes, address: str) -> int:
    """Hand a badge in as a browser does, and return the status."""
    token = "x" * 32
    boundary = "boundary"
    fields = f'--{boundary}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
    file = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="badge.json"\r\n\r\n'
    body = (fields + file).encode() + badge + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Cookie": f"csrftoken={token}"}
    headers["X-Forwarded-For"] = address
    return request(port, "POST", "/verify/", body, headers)


def request(
    port: int, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None, name: str = ""
) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, {"Host": "localhost", "Accept": "text/html"} | (headers or {}))
        response = connection.getresponse()
        text = response.read().decode()
    finally:
        connection.close()
    if name and response.status == 200 and name not in text:
        raise RuntimeError(f"{path} does not say {name!r}")
    return response.status


def timed(work: Callable[[], int]) -> tuple[int, float]:
    started = time.monotonic()
    return work(), time.monotonic() - started


def summary(times: list[float]) -> dict[str, float]:
    """Return p50, p95 and the longest, in seconds."""
    if len(times) < 2:
        return {"longest": rounded(max(times, default=0.0))}
    return {
        "p50": rounded(statistics.median(times)),
        "p95": rounded(statistics.quantiles(times, n=20)[18]),
        "longest": rounded(max(times)),
    }


def wait_for(port: int) -> None:
    while True:
        try:
            if request(port, "GET", "/healthz") == 200:
                return
        except OSError:
            time.sleep(0.1)


if __name__ == "__main__":
    main()
