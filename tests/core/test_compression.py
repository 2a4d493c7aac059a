"""What is sent compressed: pages and static text; not event streams, not what is already small."""

import gzip

import pytest
from django.conf import settings
from django.http import StreamingHttpResponse
from django.test import RequestFactory

from learnpaths.core.middleware import CompressionMiddleware

pytestmark = pytest.mark.django_db
PLAIN = {"Accept-Encoding": "identity"}


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("path", ["/static/css/tokens.css", "/static/vendor/codemirror.js", "/static/img/icons.svg"])
def test_static_text_is_compressed_and_the_same(client, path):
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    plain = client.get(path, headers=PLAIN)
    assert packed["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed["Vary"]
    original = (settings.BASE_DIR / path.lstrip("/")).read_bytes()
    assert gzip.decompress(body(packed)) == original == body(plain)
    assert int(packed["Content-Length"]) < len(original) / 2
    assert packed["Cache-Control"] == plain["Cache-Control"] and packed["Content-Type"] == plain["Content-Type"]


def test_pages_are_compressed(client):
    assert client.get("/design/", headers={"Accept-Encoding": "gzip"})["Content-Encoding"] == "gzip"


def test_fonts_and_partial_requests_stay_as_they_are(client):
    font = client.get("/static/fonts/inter-latin-wght-normal.woff2", headers={"Accept-Encoding": "gzip"})
    part = client.get("/static/css/tokens.css", headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
    assert "Content-Encoding" not in font and "Content-Encoding" not in part
    assert part.status_code == 206 and len(body(part)) == 10
    font.close()


def test_event_streams_are_not_held_back():
    stream = StreamingHttpResponse(iter([b"data: x"] * 99), content_type="text/event-stream")
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    sent = CompressionMiddleware(lambda _: stream)(request)
    assert sent is stream and "Content-Encoding" not in sent
