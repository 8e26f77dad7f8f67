"""What is new since an earlier log of SARIF, what is unchanged, and what is gone.

Results are paired by file and fingerprint, and counted: of three alike where there were two, one is new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from mtaudit.fingerprints import NAME

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


def state(result: Mapping[str, Any], left: Left) -> str:
    """`unchanged` for a result that the earlier log had, whose partner is then taken off `left`; else `new`."""
    partners = left.get(_key(result))
    if not partners:
        return "new"
    partners.pop(0)
    return "unchanged"


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
