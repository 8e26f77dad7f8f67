"""A run against annotated spans: precision, recall, F1 with partial credit, and false alarms on clean text.

Credit for partial overlap follows span evaluation by "match with partial overlap and partial credit", micro-averaged
(arXiv 2603.19921): each predicted span is paired with at most one gold span, largest overlap first; a pair earns the
share of the predicted span that it covers towards precision, and the share of the gold span towards recall.
"""

from __future__ import annotations

import gzip
import html
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from mtaudit.errors import InputError
from mtaudit.model import Article, Issue, Report, Severity, Span

#: The name of the human side.
HUMAN = "human"

#: The texts of a minimal pair, and the side that each is.
_PAIRS = ({"correct": "right", "incorrect": "wrong"}, {"fr_f": "feminine", "fr_m": "masculine"})

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2009", " "),
        **dict.fromkeys("’‘´", "'"),
        **dict.fromkeys("“”„‟", '"'),
        **dict.fromkeys("–—", "-"),
        "…": "...",
    }
)
_PLAIN_SPACING = (
    (re.compile(r"«[^\S\n]*|[^\S\n]*»"), '"'),
    (re.compile(r"[^\S\n]+([;:!?%])"), r"\1"),
    (re.compile(r"[^\S\n]+"), " "),
)


class Gold(NamedTuple):
    """An annotated span. `category` is ours, the annotators' own, or empty; `level` is `must`, `should` or empty.

    `repeats` are further places of the same words, which the annotators counted but did not mark one by one.
    """

    span: Span
    category: str
    level: str
    repeats: tuple[Span, ...] = ()


class Item(NamedTuple):
    """A text to audit and what its annotators marked. `group` names the side that it is counted under.

    `judged` is the part that is of interest where the rest only leads up to it; issues outside it are left out.
    """

    article: Article
    gold: tuple[Gold, ...]
    group: str
    annotated: bool
    judged: Span | None = None


@dataclass(slots=True)
class Tally:
    """Counts of one category, one group or one rule."""

    predicted: int = 0
    gold: int = 0
    found: int = 0
    precise: float = 0.0
    recalled: float = 0.0
    right: int = 0

    @property
    def precision(self) -> float:
        """Share of what was predicted that is marked, with partial credit; 0 for nothing predicted."""
        return self.precise / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of what is marked that was predicted, with partial credit."""
        return self.recalled / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(slots=True)
class Evaluation:
    """What a run over annotated or clean text showed.

    `overlapped` counts the marks that an issue overlaps, whatever the category of either.
    """

    words: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    issues: dict[str, Counter[Severity]] = field(default_factory=lambda: defaultdict(Counter))
    categories: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    spans: Tally = field(default_factory=Tally)
    overlapped: int = 0
    levels: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    rules: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    rule_groups: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    missed: list[tuple[str, str, Gold]] = field(default_factory=list)
    alarms: list[tuple[str, str, Issue]] = field(default_factory=list)


def read_gold(path: Path) -> Iterator[Item]:
    """The items of a gold file (JSON Lines, gzipped or not), by the shape of its rows.

    - `{file, level, start, end, category}`: spans of articles that lie beside the gold file;
    - `{id, text, errors: [{start, end, category?}]}`: annotated sentences;
    - `{id, sentences, is_mt, system}`: whole chunks of human or machine origin without marks;
    - `{id, correct, incorrect, context}`: a sentence with and without a fault, after the sentences before it;
    - `{id, fr_f, fr_m}`: a sentence about a woman and about a man, both without fault.

    Raises:
        InputError: when the file cannot be read, or a row has another shape.
    """
    rows = list(_rows(path))
    if not rows:
        raise InputError(str(path), "no rows; a gold file is JSON Lines")
    if "file" in rows[0][1]:
        yield from _articles(path, rows)
        return
    for number, row in rows:
        try:
            yield from _items(path, number, row)
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"{path}:{number}", f"a row lacks a value, or has one that does not fit ({error})"
            ) from error


def _items(path: Path, number: int, row: Mapping[str, Any]) -> Iterator[Item]:
    name = str(row.get("set") or path.name.partition(".")[0])
    for texts in _PAIRS:
        if texts.keys() <= row.keys():
            context = "".join(f"{sentence}\n" for sentence in row.get("context", ()))
            for key, side in texts.items():
                text = context + row[key]
                judged = Span(len(context), len(text))
                yield Item(Article(f"{row.get('id', number)}:{side}", text), (), f"{name}/{side}", False, judged)
            return
    yield _item(path, number, row)


def _item(path: Path, number: int, row: Mapping[str, Any]) -> Item:
    identifier = str(row.get("id", number))
    if "sentences" in row:
        side = row.get("system") or ("machine" if row.get("is_mt") else "human")
        return Item(Article(identifier, "\n".join(row["sentences"])), (), f"{row.get('set', path.name)}/{side}", False)
    if "text" in row and "errors" in row:
        text = row["text"]
        if not isinstance(text, str):
            raise TypeError("text is no text")
        gold = tuple(Gold(_span(mark, text), str(mark.get("category") or ""), "") for mark in row["errors"])
        return Item(Article(identifier, text), gold, str(row.get("set", path.name)), True)
    raise ValueError("neither file, nor text and errors, nor sentences, nor a pair")


def plain(item: Item) -> Item:
    """The item in plain typography: straight quotes and apostrophes, hyphens for dashes, ordinary blanks.

    Systems differ in these from each other and from the human side, which gives them away whatever they wrote.

    Raises:
        InputError: for an annotated item, whose spans would no longer fit.
    """
    if item.annotated:
        raise InputError(item.article.id, "is annotated; only chunks without marks can be put in plain typography")
    text = html.unescape(item.article.text).translate(_PLAIN)
    for pattern, replacement in _PLAIN_SPACING:
        text = pattern.sub(replacement, text)
    return item._replace(article=replace(item.article, text=text.strip()))


def lift(result: Evaluation) -> dict[str, tuple[float, float]]:
    """Issues per 1,000 words of each system, and how many times the rate of the human side of the same sets that is.

    Systems without a human side, and a human side without any issue, have no lift.
    """
    rates = {}
    systems = {group.rpartition("/")[2] for group in result.words} - {HUMAN}
    for system in sorted(systems):
        sets = [group.rpartition("/")[0] for group in result.words if group.endswith(f"/{system}")]
        ours = _rate(result, [f"{name}/{system}" for name in sets])
        human = _rate(result, [f"{name}/{HUMAN}" for name in sets])
        if human > 0:
            rates[system] = (ours, ours / human)
    return rates


def _rate(result: Evaluation, groups: Iterable[str]) -> float:
    found = words = 0
    for group in groups:
        found += sum(result.issues[group].values()) if group in result.words else 0
        words += result.words[group]
    return 1000 * found / words if words else 0.0


def evaluate(items: Sequence[Item], reports: Iterable[Report]) -> Evaluation:
    """Sets the reports, in the order of the items, against the gold."""
    result = Evaluation()
    for item, report in zip(items, reports, strict=True):
        result.texts[item.group] += 1
        result.words[item.group] += report.score.words
        found = [issue for issue in report.issues if item.judged is None or issue.span.overlaps(item.judged)]
        result.flagged[item.group] += bool(found)
        for issue in found:
            result.issues[item.group][issue.severity] += 1
            result.rule_groups[issue.rule][item.group] += 1
        if item.annotated:
            _compare(item, report, result)
        else:
            result.alarms += [(item.group, _excerpt(item.article.text, issue.span), issue) for issue in found]
    return result


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    row = json.loads(line)
                    if not isinstance(row, dict):
                        raise InputError(f"{path}:{number}", "a row is a JSON object")
                    yield number, row
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise InputError(str(path), f"cannot be read ({error})") from error
    except json.JSONDecodeError as error:
        raise InputError(str(path), f"not JSON Lines ({error})") from error


def _articles(path: Path, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> Iterator[Item]:
    marks: dict[str, list[tuple[int, Mapping[str, Any]]]] = defaultdict(list)
    for number, row in rows:
        marks[str(row.get("file"))].append((number, row))
    unmarked = [p.name for p in path.parent.glob("*.txt") if p.name not in marks]
    for name in sorted({*marks, *unmarked}):
        try:
            text = (path.parent / name).read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not UTF-8"
            raise InputError(str(path.parent / name), f"cannot be read ({reason})") from error
        yield Item(Article(name, text), tuple(_marked(path, marks.get(name, ()), text)), path.name, True)


def _marked(path: Path, rows: Iterable[tuple[int, Mapping[str, Any]]], text: str) -> Iterator[Gold]:
    for number, row in rows:
        try:
            gold = Gold(_span(row, text), str(row["category"]), str(row.get("level", "")))
            yield _repeated(gold, text) if int(row.get("count", 1)) > 1 else gold
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"{path}:{number}", f"a row lacks a value, or has one that does not fit ({error})"
            ) from error


def _repeated(gold: Gold, text: str) -> Gold:
    words = text[slice(*gold.span)]
    places = [match.span() for match in re.finditer(re.escape(words), text)]
    return gold._replace(repeats=tuple(Span(*place) for place in places if place != gold.span))


def _span(mark: Mapping[str, Any], text: str) -> Span:
    span = Span(int(mark["start"]), int(mark["end"]))
    # An omission is marked between two characters, so a span may be empty.
    if not 0 <= span.start <= span.end <= len(text):
        raise ValueError(f"{span.start} to {span.end} is no stretch of a text of {len(text)} characters")
    return span


def _compare(item: Item, report: Report, result: Evaluation) -> None:
    text = item.article.text
    gold = item.gold
    issues = [issue for issue in report.issues if not _repeats(issue, gold)]
    for issue in report.issues:
        result.rules[issue.rule].predicted += 1
        right = issue not in issues or any(issue.span.overlaps(mark.span) for mark in gold)
        result.rules[issue.rule].right += right
        if not right:
            result.alarms.append((item.article.id, _excerpt(text, issue.span), issue))
    _credit(result.spans, issues, gold)
    result.overlapped += sum(any(issue.span.overlaps(mark.span) for issue in issues) for mark in gold)
    for top in sorted({_top(mark.category) for mark in gold} | {_top(issue.category) for issue in issues}):
        _credit(
            result.categories[top],
            [issue for issue in issues if _top(issue.category) == top],
            [mark for mark in gold if _top(mark.category) == top],
        )
    for mark in gold:
        level = result.levels[mark.level]
        level.gold += 1
        if any(issue.span.overlaps(mark.span) and _top(issue.category) == _top(mark.category) for issue in issues):
            level.found += 1
        else:
            result.missed.append((item.article.id, text[slice(*mark.span)], mark))


def _repeats(issue: Issue, gold: Sequence[Gold]) -> bool:
    """True when the issue lies on words marked elsewhere only: neither right nor wrong by this gold."""
    return any(issue.span.overlaps(place) for mark in gold for place in mark.repeats) and not any(
        issue.span.overlaps(mark.span) for mark in gold
    )


def _credit(tally: Tally, issues: Sequence[Issue], gold: Sequence[Gold]) -> None:
    tally.predicted += len(issues)
    tally.gold += len(gold)
    pairs = sorted(
        (
            (_overlap(issue.span, mark.span), n, m)
            for n, issue in enumerate(issues)
            for m, mark in enumerate(gold)
            if issue.span.overlaps(mark.span)
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    used_issues: set[int] = set()
    used_gold: set[int] = set()
    for overlap, n, m in pairs:
        if n in used_issues or m in used_gold:
            continue
        used_issues.add(n)
        used_gold.add(m)
        tally.found += 1
        tally.precise += overlap / _length(issues[n].span)
        tally.recalled += overlap / _length(gold[m].span)


def _overlap(one: Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def _length(span: Span) -> int:
    return max(1, span.end - span.start)


def _top(category: str) -> str:
    return category.partition("/")[0]


def _excerpt(text: str, span: Span) -> str:
    start, end = max(0, span.start - 60), min(len(text), span.end + 60)
    return " ".join(f"{text[start : span.start]}[[{text[slice(*span)]}]]{text[span.end : end]}".split())
