"""How often each rule fires on text that humans wrote and on text that machines translated.

The figures stand in `rules/MEASURES.tsv`, one line a rule, with a digest of the rule that they were taken of: a rule
that was changed since is told by its digest, without the texts.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from mtaudit.errors import InputError
from mtaudit.evaluation import HUMAN, Item
from mtaudit.model import Report, Rule

#: A stable rule that fires more often on human news, in times per million words, has to say why in `frequent`.
MOST_HUMAN = 20.0

#: A minor fault found so often or more on human news, and oftener there than on a machine's, is `common`.
FEWEST_HUMAN = 3

_COLUMNS = ("rule", "digest", "human", "machine", "human_per_million", "machine_per_million", "lift")


class Measure(NamedTuple):
    """How often a rule fired on either side, of so many words each."""

    digest: str
    human: int
    machine: int
    human_words: int
    machine_words: int

    @property
    def human_rate(self) -> float:
        """Times per million words."""
        return _rate(self.human, self.human_words)

    @property
    def machine_rate(self) -> float:
        """Times per million words."""
        return _rate(self.machine, self.machine_words)

    @property
    def lift(self) -> float:
        """The ratio of the rates, with half a case added to either side so that a rule seldom seen stays near 1."""
        human = (self.human + 0.5) / max(1, self.human_words)
        machine = (self.machine + 0.5) / max(1, self.machine_words)
        return machine / human


def digest(rule: Rule) -> str:
    """Eight hexadecimal digits of what decides where a rule fires."""
    content = msgspec.json.encode([rule.check, rule.options, rule.skip, rule.severity, rule.category], order="sorted")
    return hashlib.sha256(content).hexdigest()[:8]


def measure(items: Sequence[Item], reports: Iterable[Report], rules: Iterable[Rule]) -> dict[str, Measure]:
    """The measures of all rules, by id, over unannotated items whose groups end in `/human` or name a system.

    A rule also counts where another one was shown in its place.
    """
    words: Counter[bool] = Counter()
    fired: Counter[tuple[str, bool]] = Counter()
    for item, report in zip(items, reports, strict=True):
        human = is_human(item)
        words[human] += report.score.words
        for issue in report.issues:
            fired.update((name, human) for name in (issue.rule, *issue.evidence.get("also", ())))
    return {
        rule.id: Measure(digest(rule), fired[rule.id, True], fired[rule.id, False], words[True], words[False])
        for rule in rules
    }


def kept_measures(
    path: Path, rules: Iterable[Rule], beside: Mapping[str, Measure]
) -> tuple[dict[str, Measure], list[str]]:
    """What a table has of rules that were not run again, to stand beside new measures, and the rules it knows not.

    Raises:
        InputError: when the table cannot be read, or was taken on other texts.
    """
    table = read_measures(path)
    kept, unknown = {}, []
    for rule in rules:
        if rule.id in table and table[rule.id].digest == digest(rule):
            kept[rule.id] = table[rule.id]
        else:
            unknown.append(rule.id)
    sizes = {(one.human_words, one.machine_words) for one in (*kept.values(), *beside.values())}
    if len(sizes) > 1:
        raise InputError(str(path), "was taken on other texts; measure all rules on these")
    return kept, unknown


def is_human(item: Item) -> bool:
    """Whether the item counts for the human side."""
    return item.group.endswith(f"/{HUMAN}")


def write_measures(measures: Mapping[str, Measure], stream: IO[str], sources: Iterable[str]) -> None:
    """The table; `sources` name the texts in its first lines."""
    first = next(iter(measures.values()), Measure("", 0, 0, 0, 0))
    stream.write(f"# words\thuman {first.human_words}\tmachine {first.machine_words}\n")
    stream.write("# texts\t" + "\t".join(sources) + "\n")
    stream.write("\t".join(_COLUMNS) + "\n")
    for name, one in sorted(measures.items()):
        rates = f"{one.human_rate:.1f}\t{one.machine_rate:.1f}\t{one.lift:.2f}"
        stream.write(f"{name}\t{one.digest}\t{one.human}\t{one.machine}\t{rates}\n")


def read_measures(path: Path) -> dict[str, Measure]:
    """The measures by rule; raises InputError when the file is absent or no such table."""
    try:
        head, _, columns, *rows = path.read_text(encoding="utf-8").splitlines()
        human, machine = (int(part.split()[1]) for part in head.split("\t")[1:])
        if columns != "\t".join(_COLUMNS):
            raise ValueError("other columns")
        found = {}
        for row in rows:
            name, mark, on_human, on_machine, *_ = row.split("\t")
            found[name] = Measure(mark, int(on_human), int(on_machine), human, machine)
        return found
    except OSError as error:
        raise InputError(str(path), f"cannot be read ({error.strerror})") from error
    except (ValueError, IndexError) as error:
        raise InputError(str(path), f"no table of measures ({error}); `mtaudit rules measure` writes it") from error


def _rate(count: int, words: int) -> float:
    return 1e6 * count / words if words else 0.0
