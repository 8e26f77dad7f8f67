"""Speed of the audit against spaCy alone on the same text, in one run on one core.

    python -m tests.benchmark [TEXT.jsonl.gz | FILE…]

Without an argument it reads the human side of the development data when that lies beside the repository, else the
seed articles over and over. Prints words a second for spaCy alone and for the whole audit, their ratio, and
characters a second of the rules that need no parse.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from mtaudit.checks import CHECKERS
from mtaudit.evaluation import read_gold
from mtaudit.model import Article, Need, Rule
from mtaudit.pipeline import prepare
from mtaudit.rules import load_rules, packaged_rules
from mtaudit.selection import select_rules

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT = ROOT.parent / "shared/data/mt_vs_human/wmt08-13_chunks.jsonl.gz"
SIZE = 1_000_000


def corpus(paths: Sequence[str]) -> list[Article]:
    """About a megabyte of news as articles."""
    if paths:
        texts = [Path(path).read_text(encoding="utf-8") for path in paths]
    elif DEVELOPMENT.exists():
        texts = [item.article.text for item in read_gold(DEVELOPMENT) if item.group.endswith("/human")]
    else:
        texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    articles: list[Article] = []
    size = number = 0
    while size < SIZE:
        text = texts[number % len(texts)]
        articles.append(Article(str(number), text))
        size += len(text)
        number += 1
    return articles


def timed(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def needs_no_parse(rule: Rule) -> bool:
    return Need.TOKENS not in CHECKERS[rule.check].needs(rule)


def main() -> None:
    articles = corpus(sys.argv[1:])
    characters = sum(len(article.text) for article in articles)
    words = sum(len(article.text.split()) for article in articles)
    ruleset = load_rules([packaged_rules()])
    rules = select_rules(ruleset.rules)
    whole = prepare(ruleset, rules)
    parser = whole.engines.parser
    assert parser is not None
    list(whole.run(articles[:5]))
    unparsed = prepare(ruleset, [rule for rule in rules if needs_no_parse(rule)])
    unparsed_time = min(timed(lambda: list(unparsed.run(articles))) for _ in range(3))
    alone = timed(lambda: [None for _ in parser.pipe((article.text for article in articles), batch_size=64)])
    audit = timed(lambda: [None for _ in whole.run(articles)])
    figures = {
        "characters": characters,
        "words": words,
        "spacy_words_per_second": round(words / alone),
        "audit_words_per_second": round(words / audit),
        "audit_over_spacy": round(audit / alone, 2),
        "unparsed_characters_per_second": round(characters / unparsed_time),
        "rules": len(rules),
        "rules_without_parse": sum(map(needs_no_parse, rules)),
        "peak_memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    json.dump(figures, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
