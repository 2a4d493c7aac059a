"""What was measured: graded submissions → the entries that a certificate keeps → what a badge carries. No database."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.text import slugify

from certification import criteria
from certification.openbadges.credential import Evidence, Measurement
from exercises.assignment.definition import Definition, Threshold
from exercises.assignment.pass_rule import is_enough
from exercises.assignment.report import CheckResult, read_checks

Entry = dict[str, Any]
Checks = Sequence[CheckResult]


def entry(submission: Any, definition: Definition) -> Entry:
    """Return the evidence of one graded submission as JSON: what was measured, by which rule, and what it takes to grade it again.

    `definition` is that of the submission's own version.
    """
    report = submission.report or {}  # of which only what is stated below is read
    checks = read_checks(report.get("checks", []))
    required = [check for check in definition.checks if check.required]
    outcomes = {check.id: check.outcome for check in checks}
    return {
        "exercise": definition.id,
        "title": definition.title,
        "points": submission.points,
        "max_points": submission.max_points,
        "pass_percent": definition.pass_percent,
        "pass_hidden_percent": definition.pass_hidden_percent,
        "required": [
            {"check": check.id, "title": check.title, "outcome": outcomes.get(check.id, "not_run")}
            for check in required
        ],
        "thresholds": [_reached(threshold, checks) for threshold in criteria.claims(definition)],
        "metrics": [metric.to_json() for check in checks for metric in check.metrics],
        "version": submission.version.digest,
        "runtime": report.get("runtime", {}),
        "seed": submission.seed,
        "sources_sha256": digest(submission.sources),
        "graded_at": submission.finished_at.isoformat() if submission.finished_at else None,
    }


def is_pass(definition: Definition, checks: Checks) -> bool:
    """Return whether the outcomes of a report are a pass by the rule of its own version."""
    return is_enough(definition, {check.id for check in checks if check.is_passed})


def unproved(definition: Definition, checks: Checks) -> list[Threshold]:
    """Return the thresholds that a certificate would state and that no measurement in the report meets."""
    return [threshold for threshold in criteria.claims(definition) if not _reached(threshold, checks)["is_met"]]


def _reached(threshold: Threshold, checks: Checks) -> dict[str, Any]:
    """Return a threshold with what was measured: the worst value, where a check measures more than once."""
    metrics = [
        metric for check in checks if check.id == threshold.check and check.is_passed for metric in check.metrics
    ]
    values = [metric.value for metric in metrics if metric.name == threshold.metric]
    known = [value for value in values if value is not None]
    is_known = bool(known) and len(known) == len(values)
    worst = (max if threshold.better == "lower" else min)(known) if is_known else None
    bound = round(threshold.value, 6)  # as the examiner rounds what it measures
    is_met = worst is not None and (worst <= bound if threshold.better == "lower" else worst >= bound)
    return {
        "check": threshold.check,
        "metric": threshold.metric,
        "words": criteria.phrase(threshold),
        "value": threshold.value,
        "better": threshold.better,
        "measured": worst,
        "is_met": is_met,
    }


def digest(sources: Mapping[str, str]) -> str:
    """Return the sha256 (hex) of a submission's sources as canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(dict(sources), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def measurements(entries: Iterable[Entry], achievement_url: str) -> tuple[Measurement, ...]:
    """Return every measured number; ids lie under the achievement, whose descriptions are the same for everyone."""
    by_id: dict[str, Measurement] = {}
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
        by_id[points.id] = points
        for metric in item["metrics"]:
            if metric["value"] is not None:
                id_ = f"{base}-{slugify(metric['name']) or 'metric'}"
                by_id[id_] = _measurement(id_, item["title"], metric)
    return tuple(by_id.values())


def _measurement(id_: str, title: str, metric: Mapping[str, Any]) -> Measurement:
    """Open Badges read `requiredValue` as the least that is needed and know no direction: where lower is better, the name says it."""
    is_lower, threshold = metric["better"] == "lower", metric["threshold"]
    bound = f" ({criteria.bound(threshold, 'lower')})" if is_lower and threshold is not None else ""
    return Measurement(
        id=id_,
        name=f"{title}: {metric['name']}{bound}",
        value=number(metric["value"]),
        required="" if is_lower or threshold is None else criteria.exact(threshold),
    )


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


def _narrative(item: Entry) -> str:
    lines = [f"Points: {item['points']} of {item['max_points']}{_needed(item)}"]
    for check in item.get("required", []):
        lines.append(f"Required check: {check['title']}: {check['outcome']}")
    for metric in item["metrics"]:
        threshold = metric["threshold"]
        needed = f" ({criteria.bound(threshold, metric['better'])} needed)" if threshold is not None else ""
        lines.append(f"{metric['name']}: {number(metric['value']) or 'no number'}{needed}")
    lines.append(f"Exercise: {item['exercise']}, version {item['version']}")
    if item["runtime"]:
        lines.append(f"Runtime: {describe_runtime(item['runtime'])}")
    lines.append(f"Seed: {item['seed']}")
    lines.append(f"Submission: sha256 {item['sources_sha256']} of its sources")
    if item["graded_at"]:
        lines.append(f"Graded: {item['graded_at']}")
    return "\n".join(f"- {line}" for line in lines)


def _needed(item: Entry) -> str:
    if not item["pass_percent"]:
        return ""
    hidden = item.get("pass_hidden_percent")
    return f" ({item['pass_percent']} % needed{f', {hidden} % of the hidden ones' if hidden else ''})"
