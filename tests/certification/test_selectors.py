"""What pages ask of certificates, in a constant number of queries."""

import pytest

from certification import issuing, selectors

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


def test_the_shelf_says_what_waits_at_a_path_s_end_and_what_one_can_do_then(client, credential, path):
    credential.description = "The holder can plant <trees>."
    credential.save()
    page = client.get("/paths/").text
    assert "After it you can plant &lt;trees&gt;." in page
    assert f'href="{credential.get_absolute_url()}">{credential.title}</a>' in page
    credential.title = "Another title"  # the page of visitors is kept, but not longer than it is true
    credential.save()
    assert "Another title" in client.get("/paths/").text
    credential.is_listed = False
    credential.save()
    assert "At its end" not in client.get("/paths/").text


def test_a_description_that_begins_otherwise_stays_as_it_is():
    assert selectors.ability("Knows trees.") == "Knows trees."
