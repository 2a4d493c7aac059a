"""The API's description for people: one page made from the OpenAPI schema, without scripts or other hosts."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")
EVENTS_PATH = "/api/v1/submissions/{submission_id}/events/"


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show every operation with its parameters and responses, and every object."""
    generator: Any = SchemaGenerator  # untyped
    schema = generator().get_schema(request=None, public=True)
    return render(
        request,
        "exercises/api_reference.html",
        {"info": schema["info"], "operations": list(_operations(schema)), "objects": list(_objects(schema))},
    )


def add_event_stream(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Describe the stream of events, which is no view of REST framework (drf-spectacular's post-processing hook)."""
    problem = {"description": "", "content": {"application/problem+json": {"schema": _reference("ProblemOutput")}}}
    result["paths"][EVENTS_PATH] = {
        "get": {
            "operationId": "follow_submission",
            "description": "Follow a submission by server-sent events: queued, started, cell, check, finished. "
            "Continues after the header `Last-Event-ID`; ends after `finished`.",
            "parameters": [
                {
                    "name": "submission_id",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string", "format": "uuid"},
                },
                {"name": "Last-Event-ID", "in": "header", "schema": {"type": "string"}},
                {"name": "after", "in": "query", "schema": {"type": "string"}},
            ],
            "tags": ["submissions"],
            "security": [{"tokenAuth": []}, {"cookieAuth": []}],
            "responses": {
                "200": {"description": "", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
                "401": problem,
                "404": problem,
                "429": problem,
            },
        }
    }
    return result


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _operations(schema: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for path, methods in sorted(schema["paths"].items()):
        for method in METHODS:
            if method in methods:
                yield _operation(path, method, methods[method])


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {})
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "description": operation.get("description", ""),
        "is_public": {} in operation.get("security", []),
        "parameters": [
            {"name": item["name"], "place": item["in"], "type": _type(item.get("schema", {}))}
            for item in operation.get("parameters", [])
        ],
        "body": [(kind, _type(content.get("schema", {}))) for kind, content in body.items()],
        "responses": [
            (
                status,
                response.get("description", ""),
                [_type(item["schema"]) for item in response.get("content", {}).values()],
            )
            for status, response in operation["responses"].items()
        ],
    }


def _objects(schema: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for name, item in sorted(schema.get("components", {}).get("schemas", {}).items()):
        fields = item.get("properties", {})
        yield {
            "name": name,
            "description": item.get("description", "") if fields else "",
            "values": item.get("enum", []),
            "fields": [(field, _type(value), value.get("description", "")) for field, value in fields.items()],
        }


def _type(schema: dict[str, Any]) -> str:
    """Return a schema in a few words, such as "list of CheckOutput"."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    for key in ("allOf", "oneOf", "anyOf"):
        if key in schema:
            return " or ".join(_type(item) for item in schema[key])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_type(schema['items'])}"
    if isinstance(kind, list):
        return " or ".join(kind)
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)
