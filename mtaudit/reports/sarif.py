"""SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/), for code scanning and its viewers.

Columns and offsets are Unicode code points. Every rule of the run is declared, whether it found something or not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TextIO

from mtaudit import __version__
from mtaudit.errors import InputError
from mtaudit.fingerprints import NAME as FINGERPRINT
from mtaudit.model import Article, Report, Rule, Severity, Skipped, Span
from mtaudit.positions import Positions
from mtaudit.reports import distinct_skipped
from mtaudit.reports.baselines import Left, absent
from mtaudit.reports.findings import LEVELS, Finding, findings, has_lines, judged, relative, sayable, uri
from mtaudit.reports.json_report import plain
from mtaudit.reports.taxonomy import reference, taxonomy

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#: Where relative addresses begin; GitHub takes this name for the root of the repository.
ROOT = "%SRCROOT%"

_PROBLEMS: Mapping[Severity, str] = {
    Severity.CRITICAL: "error",
    Severity.MAJOR: "warning",
    Severity.MINOR: "recommendation",
}


_HEAD: Mapping[str, Any] = {
    "columnKind": "unicodeCodePoints",
    "language": "fr-FR",
    "originalUriBaseIds": {ROOT: {"description": {"text": "The folder that mtaudit was started in."}}},
}


class _Known(NamedTuple):
    """What results point at: the rules of the run, and the places of those declared and of the files in their lists.

    `machine` says of files that are an article how likely a machine translated it.
    """

    rules: Mapping[str, Rule]
    declared: dict[str, int]
    files: dict[str, int]
    machine: dict[str, dict[str, Any]]


def write(
    reports: Iterable[Report],
    stream: TextIO,
    *,
    unreadable: Sequence[InputError] = (),
    rules: Mapping[str, Rule] | None = None,
    baseline: Left | None = None,
) -> None:
    """Write one log with one run; results go out as their articles come.

    `rules` are those of the run, by id; those that found something are declared. `baseline` is what `baselines.against`
    leaves of an earlier log while the reports come: results are then marked as new or unchanged, and what is left at
    the end as absent.
    """
    known = _Known(rules or {}, {}, {}, {})
    skipped: list[Skipped] = []
    foreign: list[tuple[str, str]] = []
    signatures: dict[str, None] = {}

    def results() -> Iterator[dict[str, Any]]:
        for report in reports:
            skipped.extend(report.skipped)
            signatures[report.score.signature] = None
            if report.score.triage == "foreign":
                foreign.append((_address(report.article), report.article.lang))
            probability, verdict = judged(report)
            if verdict is not None and has_lines(report.article):
                known.machine[_address(report.article)] = {"probability": probability, "verdict": verdict}
            every = replace(report, issues=(*report.issues, *report.known)) if report.known else report
            for finding, result in zip(findings(every), _results(every, known), strict=True):
                state = "unchanged" if finding.issue in report.known else "new"
                yield result if baseline is None else result | {"baselineState": state}
        if baseline is not None:
            yield from absent(baseline)

    stream.write(f'{{"$schema": {json.dumps(SCHEMA)}, "version": "2.1.0", "runs": [{{\n')
    for name, value in _HEAD.items():
        stream.write(f"{json.dumps(name)}: {_dumped(value)},\n")
    stream.write('"results": [')
    for number, result in enumerate(results()):
        stream.write(("," if number else "") + "\n" + _dumped(result))
    stream.write("\n],\n")
    # Declared last, when it is known which found something.
    tail = {
        "tool": {"driver": _driver([known.rules[rule] for rule in known.declared])},
        "taxonomies": [taxonomy()],
        "artifacts": [_artifact(path, known) for path in known.files],
        "invocations": [_invocation(distinct_skipped(skipped), unreadable, foreign)],
        "properties": {"signatures": list(signatures)},
    }
    stream.write(",\n".join(f"{json.dumps(name)}: {_dumped(value)}" for name, value in tail.items()))
    stream.write("\n}]}\n")


def _driver(declared: Sequence[Rule]) -> dict[str, Any]:
    return {
        "name": "mtaudit",
        "version": __version__,
        "semanticVersion": __version__,
        "language": "en-US",
        "shortDescription": {"text": "Finds what betrays machine translation in French news copy."},
        "supportedTaxonomies": [{"name": taxonomy()["name"], "index": 0}],
        "rules": [_rule(rule) for rule in declared],
        "notifications": [
            {"id": "unreadable-input", "shortDescription": {"text": "An input could not be read."}},
            {"id": "skipped-engine", "shortDescription": {"text": "An engine could not run."}},
            {"id": "other-language", "shortDescription": {"text": "An article is not in French and was left alone."}},
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    references = "".join(f"\n\n- {reference}" for reference in rule.references)
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.why}\n\nmtaudit explain {rule.id}", "markdown": rule.why + references},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "relationships": [{"target": reference(rule.category), "kinds": ["superset"]}],
        "properties": {"tags": rule.category.split("/"), "problem.severity": _PROBLEMS[rule.severity]},
    }


def _results(report: Report, known: _Known) -> Iterator[dict[str, Any]]:
    if not report.issues:
        _file(report.article, known)
        return
    positions = Positions(report.article.text)
    for found in findings(report):
        yield _result(report.article, found, positions, known)


def _result(article: Article, found: Finding, positions: Positions, known: _Known) -> dict[str, Any]:
    issue = found.issue
    where = location(_address(article)) | {"index": _file(article, known)}
    place: dict[str, Any] = {"artifactLocation": where}
    result: dict[str, Any] = {
        "ruleId": issue.rule,
        "level": LEVELS[issue.severity],
        "message": {"text": issue.message},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {FINGERPRINT: found.fingerprint},
        "rank": round(100 * issue.confidence, 1),
        "taxa": [reference(issue.category)],
        "properties": {
            "category": issue.category,
            "severity": issue.severity.value,
            "region": found.region.value,
            "evidence": dict(issue.evidence),
        },
    }
    if issue.rule in known.rules:
        result["ruleIndex"] = known.declared.setdefault(issue.rule, len(known.declared))
    if has_lines(article):
        place["region"] = _region(issue.span, positions) | {"snippet": {"text": found.text}}
        if found.sentence.span.contains(issue.span):
            place["contextRegion"] = _region(found.sentence.span, positions)
        if issue.suggestions:
            deleted = _region(issue.span, positions)
            result["fixes"] = [_fix(where, deleted, suggestion) for suggestion in issue.suggestions]
    else:
        # The text was taken out of its file, in which it has no lines; it is named, and the words are shown.
        result["locations"][0]["logicalLocations"] = [{"fullyQualifiedName": article.id, "kind": "member"}]
        result["properties"] |= {"text": found.text, "start": issue.span.start, "end": issue.span.end}
    return result


def _region(span: Span, positions: Positions) -> dict[str, Any]:
    start, end = positions.place(span.start), positions.place(span.end)
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "charOffset": span.start,
        "charLength": span.end - span.start,
    }


def _fix(where: dict[str, Any], deleted: dict[str, Any], suggestion: str) -> dict[str, Any]:
    replacement = {"deletedRegion": deleted, "insertedContent": {"text": suggestion}}
    return {
        "description": {"text": f"→ {suggestion}"},
        "artifactChanges": [{"artifactLocation": where, "replacements": [replacement]}],
    }


def _file(article: Article, known: _Known) -> int:
    path = _address(article)
    return known.files.setdefault(path, len(known.files))


def _address(article: Article) -> str:
    return relative(article.path or article.url or article.id)


def _artifact(path: str, known: _Known) -> dict[str, Any]:
    artifact = {"location": location(path), "roles": ["analysisTarget"]}
    return artifact | {"properties": known.machine[path]} if path in known.machine else artifact


def location(path: str) -> dict[str, Any]:
    """The `artifactLocation` (section 3.4) of a path or an address."""
    address = uri(path)
    return {"uri": address} if ":" in address.partition("/")[0] else {"uri": address, "uriBaseId": ROOT}


def _invocation(
    skipped: Sequence[Skipped], unreadable: Sequence[InputError], foreign: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    notifications = [
        {
            "level": "error",
            "message": {"text": error.reason},
            "descriptor": {"id": "unreadable-input", "index": 0},
            "locations": [{"physicalLocation": {"artifactLocation": location(error.path)}}],
        }
        for error in unreadable
    ] + [
        {
            "level": "warning",
            "message": {"text": f"{skip.engine}: {skip.reason}; {skip.rules} rules went without it"},
            "descriptor": {"id": "skipped-engine", "index": 1},
        }
        for skip in skipped
    ]
    notifications += [
        {
            "level": "note",
            "message": {"text": f"not in French but in another language ({lang}): left alone"},
            "descriptor": {"id": "other-language", "index": 2},
            "locations": [{"physicalLocation": {"artifactLocation": location(path)}}],
        }
        for path, lang in foreign
    ]
    return {"executionSuccessful": not unreadable, "toolExecutionNotifications": notifications}


def _dumped(value: object) -> str:
    # Half a surrogate pair can come in with any text.
    return sayable(json.dumps(value, ensure_ascii=False, allow_nan=False, default=plain))
