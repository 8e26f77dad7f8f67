"""What a newsroom has decided about its own copy: words it accepts, rules it leaves off in places, issues it dismissed.

All of it acts before overlaps are settled, so that what a dismissed issue hid comes to light.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import NamedTuple

from mtaudit.fingerprints import normalised
from mtaudit.model import Analysis, Article, Issue, Severity, Span

_COMMENT = re.compile(r"<!--[ \t]*mtaudit:(?P<said>[^<>\r\n]*?)-->")
_IGNORE = re.compile(r"\s*ignore\s+(?P<rules>[\w/-]+(?:\s*,\s*[\w/-]+)*)(?P<reason>.*)", re.DOTALL)


class Override(NamedTuple):
    """What is let stand in the articles of some paths (patterns such as `sport/**`) or outlets.

    `rules` are silent there, `words` accepted, and issues below `min_severity` or `min_confidence` dropped.
    """

    rules: frozenset[str]
    paths: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    min_severity: Severity = Severity.MINOR
    min_confidence: float = 0.0

    def fits(self, article: Article) -> bool:
        """True when the article is one of those."""
        path = article.path or article.id
        return any(_matches(path, pattern) for pattern in self.paths) or article.outlet in self.outlets

    def silences(self, issue: Issue) -> bool:
        """True when the issue is of a silent rule, or too slight."""
        slight = issue.severity.rank < self.min_severity.rank or issue.confidence < self.min_confidence
        return issue.rule in self.rules or slight


@dataclass(frozen=True, slots=True)
class Dismissal:
    """An issue that a person has looked at and let stand: a rule in a sentence, until a day or for good.

    It holds wherever the sentence stands; `file` is where it stood then.
    """

    rule: str
    sentence: str
    reason: str
    file: str = ""
    until: date | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What it is looked up by; typography does not count."""
        return self.rule, normalised(self.sentence)


class Remark(NamedTuple):
    """`<!-- mtaudit: ignore RULE reason -->` as it stands in a text: the rules by prefix, and where they are silent."""

    span: Span
    prefixes: tuple[str, ...]
    reason: str
    scope: Span


@dataclass(frozen=True)
class Policy:
    """Decisions, ready to be held against any number of articles.

    A dismissal whose last day lies before `today` no longer holds. `used` counts what each dismissal was good for,
    `seen` has the articles that went past, and `faults` a line for each remark that is of no use.
    """

    overrides: tuple[Override, ...] = ()
    dismissals: Mapping[tuple[str, str], Dismissal] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    today: date = date.max
    used: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def filter(self, analysis: Analysis, issues: Iterable[Issue]) -> list[Issue]:
        """The issues that no decision lets stand."""
        article = analysis.article
        self.seen.add(article.id)
        here = [override for override in self.overrides if override.fits(article)]
        words = self.words.union(*(override.words for override in here))
        remarks = self._remarks(analysis)
        heard: Counter[Remark] = Counter()
        kept = []
        for issue in issues:
            if any(override.silences(issue) for override in here) or _is_accepted(analysis, issue, words):
                continue
            if self._is_dismissed(analysis, issue):
                continue
            remark = next((one for one in remarks if _covers(one, issue)), None)
            if remark is not None:
                heard[remark] += 1
            elif not any(one.span.overlaps(issue.span) for one in remarks):
                kept.append(issue)
        for remark in remarks:
            if remark.reason and not heard[remark]:
                self.faults.append(f"{article.id}: the remark to ignore {', '.join(remark.prefixes)} silences nothing")
        return kept

    def unused(self) -> Iterator[str]:
        """A line for each dismissal that is out of date, or silenced nothing though its article was audited."""
        for key, dismissal in self.dismissals.items():
            if self.used[key] or dismissal.file not in self.seen:
                continue
            words = f"« {' '.join(dismissal.sentence.split())[:60]} »"
            if dismissal.until is not None and dismissal.until < self.today:
                yield f"{dismissal.file}: the dismissal of {dismissal.rule} in {words} ended on {dismissal.until}"
            else:
                yield f"{dismissal.file}: the dismissal of {dismissal.rule} in {words} silences nothing; remove it"

    def _remarks(self, analysis: Analysis) -> list[Remark]:
        remarks = []
        for match in _COMMENT.finditer(analysis.text) if "mtaudit:" in analysis.text else ():
            said = _IGNORE.fullmatch(match["said"])
            reason = said["reason"].strip() if said else ""
            if said is None:
                self.faults.append(f"{analysis.article.id}: a remark is not of the form `ignore RULE reason`")
            elif not reason:
                self.faults.append(f"{analysis.article.id}: the remark to ignore {said['rules']} gives no reason")
            prefixes = tuple(part.strip() for part in said["rules"].split(",")) if said and reason else ()
            span = Span(*match.span())
            remarks.append(Remark(span, prefixes, reason, _scope(analysis, span)))
        return remarks

    def _is_dismissed(self, analysis: Analysis, issue: Issue) -> bool:
        if not self.dismissals:
            return False
        sentence = analysis.sentence_at(issue.span.start)
        if sentence is None:
            return False
        key = issue.rule, normalised(analysis.text[slice(*sentence.span)])
        dismissal = self.dismissals.get(key)
        if dismissal is None or (dismissal.until is not None and dismissal.until < self.today):
            return False
        self.used[key] += 1
        return True


def _scope(analysis: Analysis, remark: Span) -> Span:
    """The paragraph that a remark stands in or, when it stands alone, the one after it."""
    text = analysis.text
    start = text.rfind("\n", 0, remark.start) + 1
    end = text.find("\n", remark.end)
    end = len(text) if end < 0 else end
    alone = not _COMMENT.sub("", text[start:end]).strip()
    if not alone:
        return Span(start, end)
    after = next((sentence for sentence in analysis.sentences if sentence.span.start >= end), None)
    if after is None:
        return Span(end, end)
    same = [sentence.span for sentence in analysis.sentences if sentence.paragraph == after.paragraph]
    return Span(after.span.start, same[-1].end)


def _covers(remark: Remark, issue: Issue) -> bool:
    return remark.scope.overlaps(issue.span) and any(
        name == prefix or name.startswith(f"{prefix}/")
        for prefix in remark.prefixes
        for name in (issue.rule, issue.category)
    )


def _matches(path: str, pattern: str) -> bool:
    """`**` stands for any folders, `*` for anything within a name; a pattern without a slash fits any part."""
    parts = path.replace("\\", "/").split("/")
    wanted = pattern.rstrip("/").split("/")
    if len(wanted) == 1:
        return any(fnmatchcase(part, wanted[0]) for part in parts)
    return any(_fits(parts[begin:], wanted) for begin in range(len(parts)))


def _fits(parts: Sequence[str], wanted: Sequence[str]) -> bool:
    if not wanted:
        return True  # the pattern names a folder above
    if wanted[0] == "**":
        return any(_fits(parts[skip:], wanted[1:]) for skip in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], wanted[0]) and _fits(parts[1:], wanted[1:])


def _is_accepted(analysis: Analysis, issue: Issue, words: frozenset[str]) -> bool:
    return bool(words) and analysis.view[slice(*issue.span)].strip().casefold() in words
