"""What was measured: graded submissions → the entries that a certificate keeps → what a badge carries. No database."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import slugify

from certification.openbadges.credential import Evidence, Measurement

Entry = dict[str, Any]


def entry(submission: Any, title: str) -> Entry:
    """Return the evidence of one graded submission as JSON: points, metrics, and what it takes to grade it again."""
    report = submission.report or {}
    return {
        "exercise": report.get("exercise", ""),
        "title": title,
        "points": submission.points,
        "max_points": submission.max_points,
        "pass_percent": submission.version.definition.get("pass_percent"),
        "metrics": list(_metrics(report)),
        "version": submission.version.digest,
        "runtime": report.get("runtime", {}),
        "seed": submission.seed,
        "sources_sha256": digest(submission.sources),
        "graded_at": submission.finished_at.isoformat() if submission.finished_at else None,
    }


def digest(sources: Mapping[str, str]) -> str:
    """Return the sha256 (hex) of a submission's sources as canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(dict(sources), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def measurements(entries: Iterable[Entry], achievement_url: str) -> tuple[Measurement, ...]:
    """Return every measured number; ids lie under the achievement, whose descriptions are the same for everyone."""
    found: dict[str, Measurement] = {}
    for item in entries:
        base = f"{achievement_url}#{item['exercise']}"
        points = Measurement(
            id=f"{base}-points",
            name=f"{item['title']}: points",
            value=str(item["points"]),
            kind="RawScore",
            minimum="0",
            maximum=str(item["max_points"]),
        )
        found[points.id] = points
        for metric in item["metrics"]:
            id_ = f"{base}-{slugify(metric['name']) or 'metric'}"
            found[id_] = Measurement(
                id=id_,
                name=f"{item['title']}: {metric['name']}",
                value=number(metric["value"]),
                required=number(metric["threshold"]),
            )
    return tuple(found.values())


def badge_evidence(entries: Iterable[Entry], certificate_url: str) -> tuple[Evidence, ...]:
    """Return the badge's evidence: each graded exercise with all that is needed to grade the same work again."""
    return tuple(
        Evidence(
            id=f"{certificate_url}#{item['exercise']}",
            name=item["title"],
            description="A graded notebook: it was run and checked by this site's examiner.",
            narrative=_narrative(item),
            genre="graded notebook",
        )
        for item in entries
    )


def number(value: Any) -> str:
    """Return a number as text with up to six significant digits; empty for None."""
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def describe_runtime(runtime: Mapping[str, Any]) -> str:
    """Return "python 3.11.7, tensorflow 2.21.0, …" in the report's order."""
    return ", ".join(f"{name} {value}" for name, value in runtime.items() if value)


def _metrics(report: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for check in report.get("checks", []):
        for metric in check.get("metrics", []):
            yield {
                "name": str(metric["name"]),
                "value": metric["value"],
                "threshold": metric.get("threshold"),
                "better": metric.get("better", "higher"),
            }


def _narrative(item: Entry) -> str:
    lines = [f"Points: {item['points']} of {item['max_points']}"]
    if item["pass_percent"]:
        lines[0] += f" ({item['pass_percent']} % needed)"
    for metric in item["metrics"]:
        needed = f" (needed: {number(metric['threshold'])})" if metric["threshold"] is not None else ""
        lines.append(f"{metric['name']}: {number(metric['value'])}{needed}")
    lines.append(f"Exercise: {item['exercise']}, version {item['version']}")
    if item["runtime"]:
        lines.append(f"Runtime: {describe_runtime(item['runtime'])}")
    lines.append(f"Seed: {item['seed']}")
    lines.append(f"Submission: sha256 {item['sources_sha256']} of its sources")
    if item["graded_at"]:
        lines.append(f"Graded: {item['graded_at']}")
    return "\n".join(f"- {line}" for line in lines)
