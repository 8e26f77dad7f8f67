"""Speed of the audit, on one core, in one run; figures as JSON.

    python -m tests.benchmark [FILE…]

Without files it reads the human side of the development data when that lies beside the repository, else the seed
articles over and over. All times are of the processor, so that a busy machine disturbs them less; `loop_seconds` is
what a loop of 3 million additions takes meanwhile, by which two runs can be told apart.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mtaudit.analysis import analyse_together
from mtaudit.checks import CHECKERS
from mtaudit.evaluation import read_gold
from mtaudit.model import Article, Need, Rule
from mtaudit.pipeline import prepare
from mtaudit.rules import load_rules, packaged_rules
from mtaudit.selection import select_rules

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT = ROOT.parent / "shared/data/mt_vs_human/wmt08-13_chunks.jsonl.gz"
#: Code points of news that are read.
SIZE = 1_000_000
#: The best of so many runs counts.
RUNS = 3

#: Runs the command line on one article; writes its seconds of processor, of the clock, and its peak memory in MiB.
_COLD = """
import json, os, sys, time
start = time.perf_counter()
child = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, "-m", "mtaudit", "audit", *sys.argv[1:]])
_, status, used = os.wait4(child, 0)
assert os.waitstatus_to_exitcode(status) == 0
scale = 2**20 if sys.platform == "darwin" else 2**10
print(json.dumps([used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss / scale]))
"""


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


def timed(work: Callable[[], object], runs: int = 1) -> float:
    """Seconds of the processor, of the fastest of some runs."""
    times = []
    for _ in range(runs):
        gc.collect()
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def needs_no_parse(rule: Rule) -> bool:
    return Need.TOKENS not in CHECKERS[rule.check].needs(rule)


def cold_start() -> dict[str, float]:
    """An audit of one article by a new process, the second of two: the first leaves its caches."""
    article = str(sorted((ROOT / "seeds").glob("*.txt"))[0])
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _COLD, article, "--fail-on", "never", "--output", f"{folder}/report"]
        command += ["--no-engine", "languagetool"]
        for _ in range(2):
            done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    processor, clock, memory = json.loads(done.stdout)
    return {
        "cold_processor_seconds": round(processor, 2),
        "cold_seconds": round(clock, 2),
        "cold_peak_memory_mib": round(memory),
    }


def unparsed(articles: Sequence[Article]) -> dict[str, Any]:
    """The rules that need no parse on analyses made before, in the batches of an audit; and the making of these."""
    ruleset = load_rules([packaged_rules()])
    rules = [rule for rule in select_rules(ruleset.rules, ignore=["fr/languagetool"]) if needs_no_parse(rule)]
    audit = prepare(ruleset, rules)
    characters = sum(len(article.text) for article in articles)
    batches = [[analysis for analysis, _ in batch] for batch in analyse_together(articles, audit.engines)]
    segmentation = timed(lambda: [None for _ in analyse_together(articles, audit.engines)], RUNS)

    def checked() -> dict[str, float]:
        """Seconds of each check, and of the search for the literals of all."""
        seconds = dict.fromkeys(("literals", *(kind for kind, *_ in audit.checks)), 0.0)
        for batch in batches:
            start = time.process_time()
            for analysis in batch:
                audit.literals.read(analysis.lower)
            seconds["literals"] += time.process_time() - start
            for kind, checker, compiled in audit.checks:
                start = time.process_time()
                for analysis in batch:
                    list(checker.run(analysis, compiled))
                seconds[kind] += time.process_time() - start
        return seconds

    gc.collect()
    first = checked()
    gc.collect()
    best = min((checked() for _ in range(RUNS)), key=lambda seconds: sum(seconds.values()))
    return {
        "rules_without_parse": len(rules),
        "segmentation_seconds": round(segmentation, 3),
        "unparsed_seconds": {kind: round(time_, 3) for kind, time_ in best.items()},
        "unparsed_characters_per_second": round(characters / sum(best.values())),
        "unparsed_characters_per_second_first_time": round(characters / sum(first.values())),
    }


def parsed(articles: Sequence[Article]) -> dict[str, Any]:
    """spaCy alone, as it loads its pipeline itself, on whole articles; and the audit with everything."""
    import spacy

    ruleset = load_rules([packaged_rules()])
    rules = select_rules(ruleset.rules, ignore=["fr/languagetool"])
    audit = prepare(ruleset, rules)
    assert audit.engines.parser is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        parser = spacy.load(audit.engines.language.parser)
    list(parser.pipe(article.text for article in articles[:5]))
    list(audit.run(articles[:5]))
    words = sum(len(article.text.split()) for article in articles)
    alone = timed(lambda: [None for _ in parser.pipe((article.text for article in articles), batch_size=64)])
    whole = timed(lambda: [None for _ in audit.run(articles)])
    return {
        "rules": len(rules),
        "words": words,
        "spacy_words_per_second": round(words / alone),
        "audit_words_per_second": round(words / whole),
        "audit_over_spacy": round(whole / alone, 2),
    }


def keep_to_one_core() -> None:
    """Before numpy is imported, which asks but once how many threads it may start."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])


def main() -> None:
    assert "numpy" not in sys.modules
    keep_to_one_core()
    articles = corpus(sys.argv[1:])
    figures = {
        "characters": sum(len(article.text) for article in articles),
        "loop_seconds": round(timed(lambda: sum(number for number in range(3_000_000))), 3),
        **cold_start(),
        **unparsed(articles),
        **parsed(articles),
    }
    json.dump(figures, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
