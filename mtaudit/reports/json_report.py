"""`mtaudit.report/1`: one JSON document, or one line of JSON an article.

Published as report.schema.json in this folder. Spans are half-open code points of the article's text;
`article_text[start:end] == text` holds for every sentence and issue.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any, TextIO

from mtaudit import __version__
from mtaudit.errors import InputError
from mtaudit.model import Clue, Detection, Issue, Report, Rule, Score, Sentence, Skipped
from mtaudit.positions import Positions
from mtaudit.reports import distinct_skipped, issues_by_sentence
from mtaudit.similarity import signatures

SCHEMA = "mtaudit.report/1"

#: What an article says of itself where its source does.
_STATED = ("url", "outlet", "author", "published")


def write(
    reports: Iterable[Report],
    stream: TextIO,
    *,
    unreadable: Sequence[InputError] = (),
    rules: Mapping[str, Rule] | None = None,
) -> None:
    """Write one document with every article.

    With `rules` (by id) the document says under "rules" what each rule that fired is.
    """
    kept = list(reports)
    document = _head(kept[0].score.signature if kept else "", [skip for report in kept for skip in report.skipped])
    document |= _similarities(kept)
    document["unreadable"] = [{"path": error.path, "reason": error.reason} for error in unreadable]
    if rules is not None:
        fired = sorted({issue.rule for report in kept for issue in report.issues})
        document["rules"] = {name: _rule(rules[name]) for name in fired if name in rules}
    document["articles"] = [article_record(report) for report in kept]
    json.dump(document, stream, ensure_ascii=False, allow_nan=False, indent=1, default=plain)
    stream.write("\n")


def write_lines(reports: Iterable[Report], stream: TextIO, *, unreadable: Sequence[InputError] = ()) -> None:
    """Write a line for each article as it comes; each says its schema, version, signature and skipped engines.

    An input that could not be read has no article and so no line; `unreadable` is taken for the sake of the common
    signature.
    """
    del unreadable
    for report in reports:
        line = _head(report.score.signature, report.skipped) | _similarities([report]) | article_record(report)
        json.dump(line, stream, ensure_ascii=False, allow_nan=False, default=plain)
        stream.write("\n")


def report_schema() -> dict[str, Any]:
    """The JSON Schema of the document; `$defs/line` is that of a line of `jsonl`."""
    text = files("mtaudit.reports").joinpath("report.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def article_record(report: Report) -> dict[str, Any]:
    """One article of the document."""
    article = report.article
    positions = Positions(article.text)
    return {
        "id": article.id,
        "path": article.path,
        "title": article.title,
        **{key: value for key in _STATED if (value := getattr(article, key)) is not None},
        "lang": article.lang,
        "words": report.score.words,
        "score": _score(report.score),
        "detection": None if report.detection is None else _detection(report.detection, article.text),
        "sentences": [
            _sentence(sentence, issues, article.text, positions) | _round_trip(report, sentence)
            for sentence, issues in issues_by_sentence(report)
        ],
    }


def _head(signature: str, skipped: Iterable[Skipped]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "version": __version__,
        "signature": signature,
        "skipped": [
            {"engine": skip.engine, "reason": skip.reason, "rules": skip.rules} for skip in distinct_skipped(skipped)
        ],
    }


def _detection(detection: Detection, text: str) -> dict[str, Any]:
    origin = detection.origin
    return {
        "probability": None if detection.probability is None else round(detection.probability, 4),
        "verdict": detection.verdict,
        "abstained": detection.abstained or None,
        "signals": {name: round(weight, 3) for name, weight in detection.signals.items()},
        "clues": [_clue(clue, text) for clue in detection.clues],
        "source_language": origin
        and {"guess": origin.guess, "confidence": round(origin.confidence, 3), "votes": dict(origin.votes)},
    }


def _clue(clue: Clue, text: str) -> dict[str, Any]:
    return {
        "signal": clue.signal,
        "label": clue.label,
        "weight": round(clue.weight, 3),
        "places": [{"start": start, "end": end, "text": text[start:end]} for start, end in clue.places],
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "penalty": score.penalty,
        "per_thousand": score.per_thousand,
        "interval": list(score.interval),
        "by_category": dict(sorted(score.by_category.items())),
        "triage": score.triage,
    }


def _sentence(sentence: Sentence, issues: Sequence[Issue], text: str, positions: Positions) -> dict[str, Any]:
    start, end = sentence.span
    return {
        "index": sentence.index,
        "start": start,
        "end": end,
        "text": text[start:end],
        "issues": [_issue(issue, text, positions) for issue in issues],
    }


def _similarities(reports: Iterable[Report]) -> dict[str, Any]:
    """How the similarity of round trips was computed, where there are any."""
    return {"similarity": dict(signatures())} if any(report.round_trips for report in reports) else {}


def _round_trip(report: Report, sentence: Sentence) -> dict[str, Any]:
    """What a translation model made of the sentence; nothing for one that was not asked for."""
    trip = report.round_trips[sentence.index] if sentence.index < len(report.round_trips) else None
    if trip is None:
        return {}
    if not trip.is_whole:
        return {"round_trip": {"reason": trip.reason or trip.failure}}
    said: dict[str, Any] = {
        "pivot": trip.pivot.text,
        "back": trip.back.text,
        "kept": round(trip.kept, 3),
        "similarity": trip.similarity._asdict(),
    }
    if trip.given.pieces:
        said["log_probability"] = round(trip.given.log_probability, 3)
        said["pieces"] = len(trip.given.pieces) + 1
    return {"round_trip": said}


def _issue(issue: Issue, text: str, positions: Positions) -> dict[str, Any]:
    start, end = issue.span
    line, column = positions.place(start)
    return {
        "rule": issue.rule,
        "category": issue.category,
        "severity": issue.severity.value,
        "confidence": round(issue.confidence, 4),
        "start": start,
        "end": end,
        "text": text[start:end],
        "line": line,
        "column": column,
        "message": issue.message,
        "suggestions": list(issue.suggestions),
        "evidence": dict(issue.evidence),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "title": rule.title,
        "why": rule.why,
        "category": rule.category,
        "severity": rule.severity.value,
        "references": list(rule.references),
    }


def plain(value: object) -> Any:
    """What evidence may hold beside JSON's own types."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"evidence holds a {type(value).__name__}, which JSON cannot say")
