"""What is new since an earlier log of SARIF, what is unchanged, and what is gone.

Results are paired by file and fingerprint, and counted: of three alike where there were two, one is new.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mtaudit.errors import UsageError
from mtaudit.fingerprints import NAME
from mtaudit.model import Report
from mtaudit.reports.findings import file_of, findings, uri

Key = tuple[str, str]
#: The results of an earlier log that have no partner yet.
Left = dict[Key, list[dict[str, Any]]]


def earlier(log: Mapping[str, Any]) -> Left:
    """The results of a log, those left out that were absent already.

    Raises ValueError when it is no log of ours: its results would all seem gone.
    """
    left: Left = defaultdict(list)
    try:
        for run in log["runs"]:
            for result in run.get("results", ()):
                if result.get("baselineState") != "absent":
                    left[_key(result)].append(result)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError(f"not a SARIF log with fingerprints {NAME}") from error
    return left


def read_log(path: Path) -> Left:
    """The results of an earlier log; raises UsageError when it cannot be read or is none of ours."""
    try:
        return earlier(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); `mtaudit baseline` writes it") from error
    except ValueError as error:
        raise UsageError(f"{path}: {error}; `mtaudit baseline` writes it") from error


def against(reports: Iterable[Report], left: Left) -> Iterator[Report]:
    """The reports with those issues as `known` that the earlier log had; their partners are taken off `left`.

    The score still counts all of them: an article is no better for being known.
    """
    for report in reports:
        file = uri(file_of(report.article))
        new, known = [], []
        for finding in findings(report):
            partners = left.get((file, finding.fingerprint))
            if partners:
                partners.pop(0)
                known.append(finding.issue)
            else:
                new.append(finding.issue)
        worst = max((issue.severity for issue in new), key=lambda severity: severity.rank, default=None)
        yield replace(report, issues=tuple(new), known=tuple(known), worst=worst)


def absent(left: Left) -> Iterator[dict[str, Any]]:
    """What is left when all results of this run have been looked up, marked as gone.

    Places in lists of the earlier log, which mean nothing in this one, are left out.
    """
    for results in left.values():
        for result in results:
            yield _unplaced(result) | {"baselineState": "absent"}


def _key(result: Mapping[str, Any]) -> Key:
    file = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    return file, result["partialFingerprints"][NAME]


def _unplaced(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _unplaced(part) for name, part in value.items() if name not in ("index", "ruleIndex")}
    return [_unplaced(part) for part in value] if isinstance(value, list) else value
