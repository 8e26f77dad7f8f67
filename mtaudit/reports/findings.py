"""What the writers say of an issue beside what it says itself: sentence, region, fingerprint, the file it is in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from mtaudit.fingerprints import fingerprints
from mtaudit.intervals import Cover
from mtaudit.model import Article, Issue, RegionKind, Report, Sentence, Severity
from mtaudit.reports import issues_by_sentence

#: Gravest first.
GRAVEST = tuple(sorted(Severity, key=lambda severity: -severity.rank))

#: What a log of SARIF, a compiler or a linter calls our severities.
LEVELS: Mapping[Severity, str] = {Severity.CRITICAL: "error", Severity.MAJOR: "warning", Severity.MINOR: "note"}

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
#: What XML 1.0 cannot say, and neither can UTF-8 of half a surrogate pair.
_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Finding(NamedTuple):
    """An issue where it stands. `region` is the quotation that holds it, else the region of its sentence."""

    issue: Issue
    sentence: Sentence
    text: str
    region: RegionKind
    fingerprint: str


def findings(report: Report) -> Iterator[Finding]:
    """The issues of an article by sentence and start."""
    text = report.article.text
    groups = issues_by_sentence(report)
    quoted = Cover(region.span for region in report.regions if region.kind is RegionKind.QUOTE)
    for (sentence, issues), prints in zip(groups, fingerprints(text, groups), strict=True):
        for issue, made in zip(issues, prints, strict=True):
            region = RegionKind.QUOTE if quoted.contains(*issue.span) else sentence.region
            yield Finding(issue, sentence, text[slice(*issue.span)], region, made)


def judged(report: Report) -> tuple[float | None, str | None]:
    """The probability that a machine translated the article, to four places, and the verdict; None where not said."""
    detection = report.detection
    if detection is None:
        return None, None
    probability = None if detection.probability is None else round(detection.probability, 4)
    return probability, None if detection.verdict is None else detection.verdict.value


def sayable(text: str) -> str:
    """The text, character for character, with what XML and UTF-8 have no place for as U+FFFD."""
    return _UNSAYABLE.sub("\ufffd", text)


def file_of(article: Article) -> str:
    """The file of an article as a path with forward slashes, below the working folder where it lies there."""
    return relative(article.path or article.id)


def has_lines(article: Article) -> bool:
    """True when the lines and columns of the text are those of a file that can be opened."""
    return article.verbatim and article.path is not None and not article.path.lower().endswith(".gz")


def relative(path: str) -> str:
    """A path as from the working folder, where it lies below it; otherwise as given. Always with forward slashes."""
    if _SCHEME.match(path):
        return path
    given = Path(path)
    if given.is_absolute() and given.is_relative_to(Path.cwd()):
        given = given.relative_to(Path.cwd())
    return given.as_posix()


def uri(path: str) -> str:
    """The reference (RFC 3986) to a path or an address; a path outside the working folder becomes a `file:` URI."""
    name = sayable(relative(path))
    if _SCHEME.match(name):
        return quote(name, safe="/:?#[]@!$&'()*+,;=%-._~")
    escaped = quote(name, safe="/!$&'()*+,;=@-._~")
    return f"file://{escaped}" if name.startswith("/") else escaped
