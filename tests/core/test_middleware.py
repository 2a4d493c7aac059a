"""What is refused before any view."""

import pytest

from learnpaths.core.middleware import page_above


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["/healthz", "/verify/", "/api/v1/exercises/", "/static/css/tokens.css"])
@pytest.mark.django_db
def test_two_lengths_are_refused(client, method, path) -> None:
    answer = getattr(client, method)(path, HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="4")
    assert answer.status_code == 400
    assert answer["Connection"] == "close"


@pytest.mark.django_db
def test_one_length_is_fine(client) -> None:
    assert client.get("/healthz", HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="").status_code == 200


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/paths/garden/seeds/complete/", "/paths/garden/seeds/"),
        ("/paths/garden/seeds/checkpoints/one/", "/paths/garden/seeds/"),
        ("/exercises/line-fit/submit/", "/exercises/line-fit/"),
        ("/nowhere/at/all/", "/"),
        ("/", "/"),
    ],
)
def test_the_page_above_an_address(path, page):
    assert page_above(path) == page
