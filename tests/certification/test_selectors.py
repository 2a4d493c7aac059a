"""What pages ask of certificates, in a constant number of queries."""

import pytest

from certification import issuing

pytestmark = pytest.mark.django_db


def test_my_list_costs_the_same_queries_whatever_it_shows(
    client, certificate, credential, ada, django_assert_num_queries
) -> None:
    client.force_login(ada)
    credential.pk, credential.slug = None, "another"
    credential.save()
    client.get("/certificates/")
    with django_assert_num_queries(14):
        client.get("/certificates/")
    for number in range(5):
        credential.pk, credential.slug = None, f"more-{number}"
        credential.save()
        if number % 2:
            issuing.record_award(ada, credential)
    with django_assert_num_queries(14):
        client.get("/certificates/")
