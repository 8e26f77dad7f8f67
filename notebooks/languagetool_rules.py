"""Chooses which of LanguageTool's rules count, and writes the table that says why.

    python notebooks/languagetool_rules.py ANSWERS [--languagetool URL|DIR]

LanguageTool is asked about the native press (all of it), the human translations of 2019 and 2020 (all), an eighth of
the news of 2008 to 2011 in human and in machine translation, and the first ANNOTATED texts of `wmt19_docqe`, machine
translations with their errors marked (the others stay for `mtaudit eval`). The sets of 2012 and 2013 stay aside.
ANSWERS is a file of JSON Lines in which the answers are kept: what it has is not asked again.

A match counts where `checks/languagetool.py` believes it. A rule is on when

- its category is one of grammar or spelling; typography, capitals, style and repetition are off whatever they find;
- its matches lie on annotated errors at least PRECISION of the time (one of each added), and it is right there at least
  1 / MOST_HUMAN times as often per word as it fires on human news; or
- it was seen seldom there, and fires on machine news NEWS_LIFT times as often as on human news, FEWEST times or more.

Human news has true faults too, and careless translators make more of them than machines do: such a rule is off, for it
says nothing of translation. `notebooks/languagetool_rules.tsv` has every rule that fired; the lists beside the rules in
`rules/fr/languagetool/` are written from it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from mtaudit.analysis import Engines, analyse
from mtaudit.checks.languagetool import SPELLER, is_believed
from mtaudit.engines.languagetool import load_languagetool
from mtaudit.evaluation import Item, read_gold
from mtaudit.lang import LANGUAGES
from mtaudit.model import Need
from mtaudit.witnesses import Choice, Match

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared/data"
TABLE = ROOT / "notebooks/languagetool_rules.tsv"
RULES = ROOT / "rules/fr/languagetool"

ANNOTATED = 3500
PRECISION = 0.55
MOST_HUMAN = 0.5
NEWS_LIFT = 2.0
FEWEST = 4

#: LanguageTool's categories of grammar and spelling, and the list of ours that their rules come on.
LISTS = {
    "AGREEMENT": "agreement",
    "CAT_GRAMMAIRE": "grammar",
    "CAT_ELISION": "confusion",
    "CAT_HOMONYMES_PARONYMES": "confusion",
    "CAT_REGLES_DE_BASE": "repetition",
}
#: Rules of agreement among those of grammar, by a part of their name.
AGREEING = ("ACCORD", "VPPA", "QUI_VCONJ", "CONFUSION_TEL", "PLURIEL")
SIDES = ("native", "human", "machine")


class Row(NamedTuple):
    """What is known of one of LanguageTool's rules: matches by side, matches on annotated text, how many are right."""

    category: str
    rule: str
    fired: Counter[str]
    marked: int
    right: int


def sampled() -> Iterator[tuple[str, Item]]:
    """The texts with their side: native, human, machine, or annotated."""
    chunks = DATA / "mt_vs_human"
    for item in read_gold(chunks / "sequoia_estrepublicain_native_chunks.jsonl.gz"):
        yield "native", item
    for item in read_gold(chunks / "wmt19-20_defr_human_chunks.jsonl.gz"):
        yield "human", item
    for item in read_gold(chunks / "wmt08-13_chunks.jsonl.gz"):
        year, _, system = item.group.partition("/")
        chunk = item.article.id.split(":")[1]
        if year in {"wmt08", "wmt09", "wmt10", "wmt11"} and int(chunk.removeprefix("c")) // 10 % 8 == 0:
            yield "human" if system == "human" else "machine", item
    for item in islice(read_gold(DATA / "errors/wmt19_docqe_enfr_traindev.jsonl.gz"), ANNOTATED):
        yield "annotated", item


def asked(items: Iterable[Item], path: Path, where: str | None) -> dict[str, tuple[Match, ...]]:
    """LanguageTool's matches by id of the text, from the file or else from LanguageTool."""
    known: dict[str, tuple[Match, ...]] = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            known[row["id"]] = tuple(Match(*match[:6], tuple(match[6])) for match in row["matches"])
    missing = [item.article for item in items if item.article.id not in known]
    if not missing:
        return known
    tool = load_languagetool(Choice(where))
    sys.stderr.write(f"LanguageTool {tool.wait()} is asked about {len(missing)} texts\n")
    with path.open("a", encoding="utf-8") as file:
        for article, future in [(article, tool.submit(article.text)) for article in missing]:
            answer = future.result()
            if answer.failure:
                raise SystemExit(f"{article.id}: {answer.failure}")
            known[article.id] = answer.matches
            file.write(json.dumps({"id": article.id, "matches": answer.matches}, ensure_ascii=False) + "\n")
    tool.close()
    return known


def counted(items: list[tuple[str, Item]], answers: dict[str, tuple[Match, ...]]) -> tuple[list[Row], Counter[str]]:
    """The rows, most frequent first, and the words of each side."""
    engines = Engines(LANGUAGES["fr"])
    engines.start([Need.LEXICON])
    words: Counter[str] = Counter()
    fired: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    right: Counter[tuple[str, str]] = Counter()
    analyses = analyse([item.article for _, item in items], engines)
    for (side, item), (analysis, _) in zip(items, analyses, strict=True):
        words[side] += len(analysis.words)
        for match in answers[item.article.id]:
            if is_believed(analysis, match):
                name = match.category, match.rule
                fired[name][side] += 1
                right[name] += any(match.start < gold.span.end and gold.span.start < match.end for gold in item.gold)
    rows = [Row(*name, sides, sides["annotated"], right[name]) for name, sides in fired.items()]
    return sorted(rows, key=lambda row: (-sum(row.fired.values()), row.rule)), words


def verdict(row: Row, words: Counter[str]) -> str:
    """`on`, or why not."""
    if row.rule != SPELLER and row.category not in LISTS:
        return "off: its category"
    human = (row.fired["native"] + row.fired["human"]) / (words["native"] + words["human"])
    helps = row.right / words["annotated"]
    precision = (row.right + 1) / (row.marked + 2)
    if row.marked >= 2:
        if precision < PRECISION:
            return "off: seldom right"
        return "on" if human <= MOST_HUMAN * helps else "off: people's fault"
    machine = row.fired["machine"] / words["machine"]
    if row.fired["machine"] >= FEWEST and machine >= NEWS_LIFT * human:
        return "on"
    return "off: people's fault" if human > machine else "off: too rare to tell"


def write(rows: list[Row], words: Counter[str]) -> None:
    lines = ["# words\t" + "\t".join(f"{side} {words[side]}" for side in (*SIDES, "annotated"))]
    lines.append("category\trule\t" + "\t".join(f"{side}_per_1000" for side in SIDES) + "\tmarked\tright\tverdict")
    lists: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        rates = "\t".join(f"{1000 * row.fired[side] / words[side]:.3f}" for side in SIDES)
        said = verdict(row, words)
        lines.append(f"{row.category}\t{row.rule}\t{rates}\t{row.marked}\t{row.right}\t{said}")
        if said == "on" and row.rule != SPELLER:
            name = LISTS[row.category]
            agrees = name == "grammar" and any(part in row.rule for part in AGREEING)
            lists["agreement" if agrees else name].append(row.rule)
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name, ids in lists.items():
        (RULES / f"{name}.tsv").write_text("\n".join(["rule", *sorted(ids)]) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("answers", type=Path)
    parser.add_argument("--languagetool", metavar="URL|DIR")
    given = parser.parse_args()
    if not DATA.is_dir():
        raise SystemExit(f"no development data in {DATA}")
    items = list(sampled())
    rows, words = counted(items, asked([item for _, item in items], given.answers, given.languagetool))
    write(rows, words)
    chosen = [row for row in rows if verdict(row, words) == "on"]
    for side in (*SIDES, "annotated"):
        every, on = (1000 * sum(row.fired[side] for row in some) / words[side] for some in (rows, chosen))
        sys.stdout.write(f"{side}: {words[side]} words; per 1,000: {every:.2f}, of the rules that are on {on:.2f}\n")
    right, marked = sum(row.right for row in chosen), sum(row.marked for row in chosen)
    sys.stdout.write(f"{len(chosen)} of {len(rows)} rules are on; right on annotated text {right} of {marked} times\n")


if __name__ == "__main__":
    main()
