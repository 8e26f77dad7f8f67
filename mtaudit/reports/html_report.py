"""One page of HTML for an editor: articles by lane, the text with marks, reasons and suggestions, charts over the run.

The page holds all it needs and asks nothing of anyone, which its Content-Security-Policy enforces: only the script and
the style that this module writes may run. Text of an article is data in JSON that the script puts into text nodes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import PurePath
from typing import Any, TextIO

from mtaudit import __version__
from mtaudit.errors import InputError
from mtaudit.model import Detection, Issue, RegionKind, Report, Rule, Skipped
from mtaudit.positions import Positions
from mtaudit.reports import distinct_skipped, round_trip_of
from mtaudit.reports.findings import GRAVEST, Finding, file_of, findings, sayable
from mtaudit.reports.json_report import plain
from mtaudit.reports.terminal.detection import (
    FAINT,
    SIGNAL_LABELS,
    UNJUDGED,
    VERDICT_LABELS,
    evidence,
    statement,
    translated_from,
)
from mtaudit.reports.terminal.labels import CATEGORY_LABELS, SEVERITY_LABELS, TRIAGE_LABELS, in_language

_SCRIPTS = ("data.js", "machine.js", "article.js", "overview.js", "page.js")
#: Clues on either side that an article shows.
_MOST_CLUES = 10
_SLOT = re.compile(r"\{\{([a-z-]+)\}\}")
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)

REGION_LABELS: Mapping[RegionKind, str] = {
    RegionKind.HEADLINE: "titre",
    RegionKind.DATELINE: "localisation",
    RegionKind.BODY: "corps",
    RegionKind.QUOTE: "citation",
    RegionKind.BOILERPLATE: "texte parasite",
    RegionKind.METADATA: "métadonnées",
    RegionKind.MARKUP: "balisage",
    RegionKind.LIST: "liste",
    RegionKind.VERSE: "poème",
}

#: What checks call their evidence. A code that has its name beside it is not shown.
EVIDENCE_LABELS: Mapping[str, str] = {
    "advice": "avis",
    "antecedent": "antécédent",
    "context": "contexte",
    "cues": "indices",
    "expected": "attendu",
    "figures": "nombres",
    "gloss": "anglais attendu",
    "gloss_shown": "anglais trouvé",
    "kept": "part des mots revenus",
    "language_name": "langue",
    "languagetool": "règle de LanguageTool",
    "margin": "écart",
    "note": "note",
    "other": "autre graphie",
    "pivot": "traduit en anglais",
    "pronoun": "pronom",
    "round_trip": "retraduit en français",
    "score": "note du modèle",
    "script_name": "écriture",
    "source": "texte source",
    "speaker": "locuteur",
    "uncalibrated": "seuils d’un autre modèle",
}
CODES = {"language", "script"}
#: What stands in an issue's evidence where a round trip shows the same.
WITNESS = "roundtrip"


def write(
    reports: Iterable[Report],
    stream: TextIO,
    *,
    unreadable: Sequence[InputError] = (),
    rules: Mapping[str, Rule] | None = None,
    now: datetime | None = None,
) -> None:
    """Write the page; each article goes out as it comes. `rules`, by id, say why; `now` is when the page was made."""
    script = '(() => {\n"use strict";\n' + "\n".join(map(_packaged, _SCRIPTS)) + "\n})();\n"
    style = _packaged("page.css")
    slots = {
        "version": __version__,
        "script": script,
        "style": style,
        "script-hash": _hash(script),
        "style-hash": _hash(style),
    }
    for number, part in enumerate(_SLOT.split(_packaged("page.html"))):
        if number % 2 == 0:
            stream.write(part)
        elif part == "data":
            _write_data(reports, stream, unreadable, rules or {}, now or datetime.now().astimezone())
        else:
            stream.write(slots[part])


def _write_data(
    reports: Iterable[Report],
    stream: TextIO,
    unreadable: Sequence[InputError],
    rules: Mapping[str, Rule],
    now: datetime,
) -> None:
    skipped: list[Skipped] = []
    fired: set[str] = set()
    signatures: dict[str, None] = {}
    stream.write('{"articles":[')
    for number, report in enumerate(reports):
        stream.write((",\n" if number else "\n") + _embedded(_article(report)))
        skipped.extend(report.skipped)
        fired.update(issue.rule for issue in report.issues)
        signatures[report.score.signature] = None
    tail = {
        "rules": {
            name: {"why": rules[name].why, "references": rules[name].references}
            for name in sorted(fired)
            if name in rules
        },
        "labels": _labels(),
        "skipped": [[skip.engine, skip.reason, skip.rules] for skip in distinct_skipped(skipped)],
        "unreadable": [[error.path, error.reason] for error in unreadable],
        "signatures": list(signatures),
        "version": __version__,
        "made": f"{now.day} {_MONTHS[now.month - 1]} {now.year}, {now.hour}\u00a0h\u00a0{now.minute:02}",
    }
    stream.write("],\n" + _embedded(tail)[1:])


def _article(report: Report) -> dict[str, Any]:
    """An article as the script reads it; positions are UTF-16 units, which is what JavaScript counts in."""
    article, score = report.article, report.score
    positions = Positions(article.text)
    return {
        "id": article.id,
        "title": article.title,
        "outlet": article.outlet,
        "folder": PurePath(file_of(article)).parent.as_posix() if article.path else None,
        "url": article.url,
        "published": article.published,
        "text": article.text,
        "lang": article.lang,
        "language": in_language(article.lang),
        "words": score.words,
        "penalty": score.penalty,
        "score": score.per_thousand,
        "low": score.interval[0],
        "high": score.interval[1],
        "triage": score.triage,
        "origin": translated_from(report.detection.origin) if report.detection else "",
        "machine": _machine(report.detection, positions),
        "regions": [
            [*(positions.utf16(offset) for offset in sentence.span), sentence.region.value]
            for sentence in report.sentences
            if sentence.region is not RegionKind.BODY
        ],
        "issues": [_issue(found, positions) for found in findings(report)],
    }


def _issue(found: Finding, positions: Positions) -> dict[str, Any]:
    issue = found.issue
    return {
        "rule": issue.rule,
        "start": positions.utf16(issue.span.start),
        "end": positions.utf16(issue.span.end),
        "severity": issue.severity.value,
        "category": issue.category,
        "region": found.region.value,
        "message": issue.message,
        "suggestions": issue.suggestions,
        "confidence": round(issue.confidence, 2),
        "evidence": _evidence(issue),
    }


def _evidence(issue: Issue) -> dict[str, Any]:
    """What is shown of the evidence: no code that has its name beside it, of a confirming round trip the texts."""
    shown = {
        name: value
        for name, value in issue.evidence.items()
        if name != WITNESS and (name not in CODES or f"{name}_name" not in issue.evidence)
    }
    trip = round_trip_of(issue)
    return shown if trip is None else {**shown, "pivot": trip[0], "round_trip": trip[1]}


def _machine(detection: Detection | None, positions: Positions) -> dict[str, Any] | None:
    """Whether a machine translated it, with reasons where there is a verdict.

    A clue is its label, its weight and the ends of its places, all in a row.
    """
    said = statement(detection)
    if detection is None or not said:
        return None
    clues = evidence(detection) if detection.verdict else []
    signals = detection.signals if detection.verdict else {}
    sides = ([clue for clue in clues if clue.weight > 0], [clue for clue in clues if clue.weight < 0])
    return {
        "said": said,
        "verdict": detection.verdict,
        "signals": [[name, round(weight, 2)] for name, weight in signals.items() if abs(weight) >= FAINT],
        "clues": [
            [
                clue.label,
                round(clue.weight, 2),
                [positions.utf16(offset) for place in clue.places for offset in place],
            ]
            for side in sides
            for clue in side[:_MOST_CLUES]
        ],
    }


def _labels() -> dict[str, Mapping[str, str]]:
    return {
        "severity": {severity.value: SEVERITY_LABELS[severity] for severity in GRAVEST},
        "short": {"critical": "crit.", "major": "maj.", "minor": "min."},
        "triage": TRIAGE_LABELS,
        "category": CATEGORY_LABELS,
        "verdict": {**{verdict.value: label for verdict, label in VERDICT_LABELS.items()}, "unjudged": UNJUDGED},
        "signal": SIGNAL_LABELS,
        "region": {region.value: label for region, label in REGION_LABELS.items()},
        "evidence": EVIDENCE_LABELS,
    }


def _embedded(value: object) -> str:
    """JSON that no parser of HTML can take for the end of its script element, nor for a comment."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=plain, separators=(",", ":"))
    return sayable(text).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _packaged(name: str) -> str:
    return files("mtaudit.reports").joinpath("page", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The source expression (Content Security Policy 3, section 2.3.1) that lets this one element through."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
