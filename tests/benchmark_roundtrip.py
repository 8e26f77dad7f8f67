"""Round trips of a batch audit against CTranslate2 called directly on the same sorted sentences, in one run.

    python -m tests.benchmark_roundtrip [--words N] [--rounds N] [--mt-threads N]

Reads the human side of the development data where that lies beside the repository, else the seed articles over and
over. Both ways translate there and back and score the sentences given their pivots, with the same model and threads.
Ours also seeks repairs and scores them, of which the time of the scoring is given apart; the direct way begins with
sentences sorted by length. The two take turns, and the sums count, so that what else the machine does falls on both.
Then one article of 400 words, everything warm: the first time, and from the cache. Then, in processes of their own,
what the round trip adds to the memory of an audit. Figures as JSON.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import ctranslate2
import sentencepiece

from mtaudit.analysis import Engines, analyse
from mtaudit.engines.translation_cache import Remembering, TranslationCache
from mtaudit.engines.translator import open_translator, packaged_folder
from mtaudit.engines.translator.pieces import Vocabulary, text_of
from mtaudit.lang import LANGUAGES
from mtaudit.model import Article, Need
from mtaudit.options import model_of
from mtaudit.pipeline import prepare
from mtaudit.roundtrips import round_trips
from mtaudit.rules import load_rules, packaged_rules
from mtaudit.selection import select_rules
from mtaudit.translations import Hypothesis, Scored, Translating, Way
from tests.benchmark import corpus

#: Writes the peak of an audit in MiB. What `getrusage` gives would have its parent's in it.
_MEMORY = """
import sys
from pathlib import Path
from tests.benchmark import corpus
from mtaudit.pipeline import prepare
from mtaudit.rules import load_rules, packaged_rules
from mtaudit.selection import select_rules
ruleset = load_rules([packaged_rules()])
chosen = select_rules(ruleset.rules, drafts=True, ignore=["fr/languagetool", *sys.argv[2:]])
for report in prepare(ruleset, chosen, remembers=False).run(corpus([])[: int(sys.argv[1])]):
    pass
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(int(status["VmHWM"].split()[0]) / 2**10)
"""


class Timed:
    """A translator whose hours are counted, those of repairs apart: they are what is scored last."""

    def __init__(self, translator: Translating) -> None:
        self.translator, self.digest = translator, translator.digest
        self.repairs = 0.0
        self._scorings = 0

    def translate(self, sentences: Sequence[str], way: Way, beam: int = 1, best: int = 1) -> list[list[Hypothesis]]:
        return self.translator.translate(sentences, way, beam, best)

    def score(self, sources: Sequence[str], targets: Sequence[str], way: Way) -> list[Scored]:
        start = time.perf_counter()
        answer = self.translator.score(sources, targets, way)
        self._scorings += 1
        if self._scorings % 2 == 0:
            self.repairs += time.perf_counter() - start
        return answer


def directly(sentences: Sequence[str], threads: int) -> Callable[[], None]:
    """The same with the library alone: sorted by length, cut into its own batches of as many pieces."""
    folder = packaged_folder()
    model = ctranslate2.Translator(str(folder.path), compute_type="int8", inter_threads=threads, intra_threads=1)
    processor = sentencepiece.SentencePieceProcessor(model_file=str(folder.path / "spm.model"))
    tokens = folder.manifest.directions

    def encoded(texts: Sequence[str], way: Way) -> list[list[str]]:
        return [[tokens[way.value], *pieces, "</s>"] for pieces in processor.encode(list(texts), out_type=str)]

    def translated(texts: Sequence[str], way: Way) -> list[str]:
        results = model.translate_batch(
            encoded(texts, way),
            beam_size=1,
            max_batch_size=3072,
            batch_type="tokens",
            max_decoding_length=int(1.6 * 160) + 12,
        )
        return [text_of(result.hypotheses[0]) for result in results]

    def work() -> None:
        ordered = sorted(sentences, key=len, reverse=True)
        pivots = translated(ordered, Way.FR_EN)
        translated(pivots, Way.EN_FR)
        model.score_batch(
            encoded(pivots, Way.EN_FR),
            processor.encode(list(ordered), out_type=str),
            max_batch_size=3072,
            batch_type="tokens",
        )

    return work


def readable(sentences: Sequence[str]) -> list[str]:
    """Those that both ways can translate whole."""
    vocabulary = Vocabulary(packaged_folder().path / "spm.model")
    pieces = [vocabulary.encode(sentence) for sentence in sentences]
    return [s for s, p in zip(sentences, pieces, strict=True) if len(p.names) < 150 and vocabulary.readable(p)]


def throughput(articles: Sequence[Article], threads: int, rounds: int) -> dict[str, object]:
    engines = Engines(LANGUAGES["fr"])
    assert not engines.start([Need.LEXICON])
    prepared = [analysis for analysis, _ in analyse(articles, engines)]
    sentences = list(
        dict.fromkeys(readable([one.view[slice(*sentence.span)] for one in prepared for sentence in one.sentences]))
    )
    translator = Timed(open_translator(model_of(None, threads)))
    direct = directly(sentences, threads)
    ways: dict[str, Callable[[], object]] = {
        "direct": direct,
        "ours": lambda: round_trips(sentences, translator, engines.lexicon),
    }
    spent = dict.fromkeys(ways, 0.0)
    round_trips(sentences[:20], translator, engines.lexicon)
    translator.repairs = 0.0
    for _ in range(rounds):
        for name, work in ways.items():
            start = time.perf_counter()
            work()
            spent[name] += time.perf_counter() - start
    words = sum(len(sentence.split()) for sentence in sentences)
    ours = spent["ours"] - translator.repairs
    return {
        "sentences": len(sentences),
        "words": words,
        "words_per_second_direct": round(rounds * words / spent["direct"]),
        "words_per_second_ours": round(rounds * words / ours),
        "ours_over_direct": round(spent["direct"] / ours, 3),
        "seconds_of_repairs_a_round": round(translator.repairs / rounds, 2),
        "ours_with_repairs_over_direct": round(spent["direct"] / spent["ours"], 3),
    }


def latency(articles: Sequence[Article], threads: int) -> dict[str, float]:
    """Seconds of the whole audit by round trips of one article of 400 words, and again from the cache."""
    words = " ".join(article.text for article in articles).split()
    ruleset = load_rules([packaged_rules()])
    rules = select_rules(ruleset.rules, ["fr/roundtrip"], drafts=True)
    seconds = {}
    with tempfile.TemporaryDirectory() as folder:
        audit = prepare(ruleset, rules, model=model_of(None, threads), remembers=False)
        translator = audit.engines.translator
        assert translator is not None
        cache = TranslationCache(Path(folder) / "translations.sqlite")
        audit.engines._started[Need.ROUNDTRIP] = Remembering(translator, cache)
        list(audit.run([Article("warm", " ".join(words[400:500]))]))
        for name in ("first", "from_cache"):
            start = time.perf_counter()
            list(audit.run([Article("a", " ".join(words[:400]))]))
            seconds[f"article_seconds_{name}"] = round(time.perf_counter() - start, 3)
        cache.close()
    return seconds


def memory(articles: int) -> dict[str, float]:
    """Peaks of an audit by all rules with and without those of round trips, in MiB."""
    peaks = []
    for ignored in ([], ["fr/roundtrip"]):
        command = [sys.executable, "-c", _MEMORY, str(articles), *ignored]
        peaks.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    with_, without = peaks
    return {
        "memory_mib": round(with_),
        "memory_mib_without": round(without),
        "memory_mib_added": round(with_ - without),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--mt-threads", type=int)
    parser.add_argument("--no-memory", action="store_true", help="leave the memory out: two audits more, on Linux only")
    given = parser.parse_args()
    threads = model_of(None, given.mt_threads).threads.at_once
    articles: list[Article] = []
    words = 0
    for article in islice(corpus([]), 10_000):
        articles.append(article)
        words += len(article.text.split())
        if words >= given.words:
            break
    figures: dict[str, object] = {"threads": threads, **throughput(articles, threads, given.rounds)}
    figures |= latency(articles, threads)
    if not given.no_memory and Path("/proc/self/status").exists():
        figures |= memory(len(articles))
    json.dump(figures, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
