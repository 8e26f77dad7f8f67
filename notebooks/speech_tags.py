"""How many speech tags (*a-t-il ajouté*) fr/agreement/speech-tag decides, and what it says of flipped pronouns.

    python notebooks/speech_tags.py [-v] [--side SUBSTRING]

For each side of the news data: the speech tags seen outside quotations; those whose speaker is decided; the alarms.
On the human sides, each tag's pronoun is then flipped (*a-t-elle ajouté* becomes *a-t-il ajouté*), one tag at a time:
recall is the share of the flipped tags that raise an alarm, which should be set against the share of unflipped tags
that do. Tags are flipped in texts cut into chunks of about ten sentences, where the speaker is often out of sight.
With -v every alarm on unflipped text is printed, and every flipped tag that stays unseen. Data:
../shared/data/mt_vs_human (wmt12-13 are left alone).
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mtaudit.analysis import Engines, analyse
from mtaudit.checks import agreement
from mtaudit.lang import LANGUAGES
from mtaudit.model import Analysis, Article, Need
from mtaudit.rules import load_rules, packaged_rules
from mtaudit.speechtags import Grammar, SpeechTag, passage, speaker_of, speech_tags

DATA = Path(__file__).resolve().parent.parent.parent / "shared/data/mt_vs_human"
FILES = ("sequoia_estrepublicain_native_chunks", "wmt19-20_defr_human_chunks", "wmt08-13_chunks")
LEFT_ALONE = ("wmt12", "wmt13")


def articles(wanted: str, rules: Grammar) -> Iterator[tuple[str, Article]]:
    """The texts with what looks like a speech tag, and the side each counts under."""
    for name in FILES:
        with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
            for row in map(json.loads, stream):
                side = row["system"] if row["is_mt"] else f"human {name.partition('_')[0]}"
                text = "\n".join(row["sentences"])
                if row["set"] in LEFT_ALONE or wanted not in side:
                    continue
                if rules.pattern.search(text.lower().replace("’", "'")):
                    yield side, Article(row["id"], text)


def flipped(article: Article, tag: SpeechTag) -> Article:
    """The article with the other pronoun in one tag."""
    other = "elle" if tag.pronoun == "il" else "il"
    end = tag.place + len(tag.pronoun)
    return Article(article.id, article.text[: tag.place] + other + article.text[end:])


def parsed(texts: Iterable[Article], engines: Engines) -> Iterator[Analysis]:
    for analysis, _ in analyse(texts, engines):
        yield analysis


def around(analysis: Analysis, start: int, end: int, reach: int = 500) -> str:
    """The words before a tag, with the tag marked."""
    before = analysis.text[max(0, start - reach) : start].replace("\n", " | ")
    return f"…{before}[[{analysis.text[start:end]}]]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("--side", default="")
    arguments = parser.parse_args()
    (rule,) = (rule for rule in load_rules([packaged_rules()]).rules if rule.id == "fr/agreement/speech-tag")
    compiled = agreement.compile([rule])
    rules = agreement.speech_grammar(rule)
    engines = Engines(LANGUAGES["fr"])
    engines.start([Need.TOKENS])
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    pairs = list(articles(arguments.side, rules))
    variants: list[tuple[str, SpeechTag, Article]] = []
    for (side, article), analysis in zip(pairs, parsed((a for _, a in pairs), engines), strict=True):
        text = passage(analysis)
        for tag in speech_tags(rules, text):
            speaker = speaker_of(rules, text, tag)
            counts[side]["seen"] += 1
            counts[side]["decided"] += speaker is not None
            if side.startswith("human"):
                variants.append((side, tag, flipped(article, tag)))
        for issue in agreement.run(analysis, compiled):
            counts[side]["alarms"] += 1
            if arguments.verbose:
                print(f"ALARM {side}: {issue.message}\n    {around(analysis, *issue.span)}\n")
    for (side, tag, _), analysis in zip(variants, parsed((a for _, _, a in variants), engines), strict=True):
        found: list[Any] = [issue for issue in agreement.run(analysis, compiled) if issue.span.start == tag.start]
        counts[side]["flagged when flipped"] += len(found)
        if arguments.verbose and not found:
            print(f"UNSEEN {side}: {around(analysis, tag.start, tag.end)}\n")
    for side, count in sorted(counts.items()):
        line = ", ".join(f"{key} {count[key]}" for key in ("seen", "decided", "alarms"))
        flagged = count["flagged when flipped"]
        share = f", flagged when flipped {flagged} ({flagged / count['seen']:.0%})"
        print(f"{side:24} {line}{share if side.startswith('human') else ''}")


if __name__ == "__main__":
    main()
