"""Twenty workers award and sign at once: one certificate, one badge.

On SQLite writers wait for each other; run it with DATABASE_URL on PostgreSQL for the real race.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from certification import issuing
from certification.models import Certificate, StatusList
from certification.openbadges import statuslist

AT_ONCE = 20


def at_once(work) -> list:
    barrier = Barrier(AT_ONCE)

    def run(number: int):
        barrier.wait()
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


@pytest.fixture
def everything(transactional_db, finished, credential, signing_keys):
    return finished, credential


def test_one_award_and_one_signature(everything) -> None:
    user, credential = everything

    def work(_: int) -> tuple:
        certificate = issuing.record_award(user, credential)
        return certificate.id, issuing.sign(certificate.id)

    results = at_once(work)
    assert len({certificate_id for certificate_id, _ in results}) == 1
    assert [signed for _, signed in results].count(True) == 1
    assert Certificate.objects.count() == 1
    assert StatusList.objects.count() == 1


def test_everybody_gets_a_place_of_their_own(everything, monkeypatch) -> None:
    """Many badges at once on a list with few places."""
    user, credential = everything
    rows = []
    for number in range(AT_ONCE):
        credential.pk, credential.slug = None, f"more-{number}"
        credential.save()
        rows.append(issuing.record_award(user, credential).id)
    StatusList.objects.create()
    real = statuslist.free_index
    monkeypatch.setattr(statuslist, "free_index", lambda used, size=64: real(used, 64))
    assert at_once(lambda number: issuing.sign(rows[number])) == [True] * AT_ONCE
    places = set(Certificate.objects.values_list("status_list", "status_index"))
    assert len(places) == AT_ONCE
