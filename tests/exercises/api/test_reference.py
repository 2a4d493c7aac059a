"""The schema says what the API does; the page is made from it."""

import pytest
import yaml
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def test_the_schema_is_valid_openapi(schema):
    validate_schema(schema)
    assert schema["openapi"].startswith("3.1")


@pytest.mark.parametrize(
    ("path", "method", "statuses"),
    [
        ("/api/v1/exercises/", "get", {"200"}),
        ("/api/v1/exercises/{slug}/", "get", {"200", "404"}),
        ("/api/v1/exercises/{slug}/notebook/", "get", {"200", "404"}),
        ("/api/v1/exercises/{slug}/submissions/", "post", {"202", "404", "422"}),
        ("/api/v1/submissions/{submission_id}/", "get", {"200", "404"}),
        ("/api/v1/submissions/{submission_id}/events/", "get", {"200", "401", "404"}),
        ("/api/v1/submissions/{submission_id}/cancel/", "post", {"200", "404", "409"}),
    ],
)
def test_every_operation_is_described(schema, path, method, statuses):
    operation = schema["paths"][path][method]
    assert operation["description"]
    assert operation["responses"].keys() >= statuses


def test_the_schema_is_served_to_anybody(db):
    response = Client().get("/api/schema/")
    assert response.status_code == 200
    assert yaml.safe_load(response.content)["info"]["title"] == "Learnpaths API"


def test_the_page_shows_all_operations_without_other_hosts(db, schema):
    response = Client().get("/api/docs/")
    text = response.content.decode()
    assert all(path in text for path in schema["paths"])
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert 'src="http' not in text
