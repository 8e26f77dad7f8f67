"""Scores an exported CTranslate2 folder: BLEU and chrF with signatures, speed on one core, round trips.

    python -m training.evaluate ../export/ct2 --out ../export/scores.json [--beam 4] [--limit 100]

Test sets are read from ../shared/parallel/test; none of them enters training (`training.overlap`).
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training import vocabulary
from training.configuration import DIRECTION_TOKENS, DIRECTIONS
from training.overlap import read_pairs

LOG = logging.getLogger("training.evaluate")
HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"
TESTS = {"newstest2013": "wmt-newstest2013.tsv.gz", "flores-devtest": "flores-devtest.tsv.gz"}
#: Human news only: not among the texts on which detection is tuned.
ROUND_TRIPS = "wmt19-20_defr_human_chunks.jsonl.gz"


class Translator:
    """A CTranslate2 int8 folder on one thread."""

    def __init__(self, folder: Path) -> None:
        import ctranslate2

        self._model = ctranslate2.Translator(str(folder), compute_type="int8", inter_threads=1, intra_threads=1)
        self._pieces = vocabulary.load(folder / "spm.model")

    def pieces(self, sentences: Sequence[str], way: str) -> list[list[str]]:
        """Source pieces as the model reads them: direction token, pieces, `</s>`."""
        token = DIRECTION_TOKENS[way]
        return [[token, *row, "</s>"] for row in self._pieces.encode(list(sentences), out_type=str)]

    def translate_pieces(self, sources: Sequence[list[str]], beam: int) -> list[list[str]]:
        results = self._model.translate_batch(
            list(sources), beam_size=beam, max_batch_size=64, max_decoding_length=300, max_input_length=500
        )
        return [result.hypotheses[0] for result in results]

    def translate(self, sentences: Sequence[str], way: str, beam: int) -> list[str]:
        return [vocabulary.text_of(row) for row in self.translate_pieces(self.pieces(sentences, way), beam)]


def score(hypotheses: Sequence[str], references: Sequence[str]) -> dict[str, Any]:
    """sacreBLEU's BLEU and chrF2, each with its signature."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    scores: dict[str, Any] = {}
    for name, metric in (("BLEU", BLEU()), ("chrF", CHRF())):
        scores[name] = round(metric.corpus_score(list(hypotheses), [list(references)]).score, 2)
        scores[f"{name} signature"] = str(metric.get_signature())
    return scores


def test_sets(translator: Translator, tests: Path, beam: int, limit: int) -> dict[str, Any]:
    scores: dict[str, Any] = {}
    for name, file in TESTS.items():
        pairs = list(read_pairs(tests / file))
        pairs = pairs[:: max(1, len(pairs) // limit)][:limit] if limit else pairs
        for way in DIRECTIONS:
            column = DIRECTIONS.index(way)
            begun = time.monotonic()
            outputs = translator.translate([pair[column] for pair in pairs], way, beam)
            facts = score(outputs, [pair[1 - column] for pair in pairs])
            scores[f"{name} {way}"] = {"sentences": len(pairs), **facts, "seconds": round(time.monotonic() - begun, 1)}
            LOG.info("%s %s %s", name, way, scores[f"{name} {way}"])
    return scores


def speed(translator: Translator, tests: Path, repeats: int = 3) -> dict[str, Any]:
    """Greedy, one thread, one batch of the 64 news sentences nearest to 25 words; the median of the repeats.

    Processor time is told as well as wall time: on a busy machine it is the one that repeats.
    """
    column = {"fr-en": 0, "en-fr": 1}
    facts: dict[str, Any] = {}
    for way in DIRECTIONS:
        texts = [pair[column[way]] for pair in read_pairs(tests / TESTS["newstest2013"])]
        chosen = sorted(texts, key=lambda text: abs(len(text.split()) - 25))[:64]
        sources = translator.pieces(chosen, way)
        rows = []
        for _ in range(repeats + 1):
            wall, processor = time.perf_counter(), time.process_time()
            outputs = translator.translate_pieces(sources, 1)
            rows.append((time.perf_counter() - wall, time.process_time() - processor))
        wall, processor = (statistics.median(column_) for column_ in zip(*rows[1:], strict=True))
        pieces = sum(map(len, outputs))
        words = sum(len(vocabulary.text_of(row).split()) for row in outputs)
        facts[way] = {
            "source_words": sum(len(text.split()) for text in chosen),
            "target_pieces": pieces,
            "target_words": words,
            "pieces_per_second": round(pieces / wall),
            "words_per_second": round(words / wall),
            "pieces_per_processor_second": round(pieces / processor),
            "words_per_processor_second": round(words / processor),
        }
    return facts


def round_trips(translator: Translator, sentences: Sequence[str], beam: int) -> dict[str, Any]:
    """French -> English -> French: chrF to the original, of the corpus and of each sentence."""
    from sacrebleu.metrics.chrf import CHRF

    from training.normalisation import normalise

    originals = [normalise(sentence) for sentence in sentences]
    english = translator.translate(originals, "fr-en", beam)
    back = translator.translate(english, "en-fr", beam)
    metric = CHRF()
    each = [metric.sentence_score(text, [original]).score for text, original in zip(back, originals, strict=True)]
    return {
        "sentences": len(originals),
        **score(back, originals),
        "quartiles": [round(value, 1) for value in statistics.quantiles(each, n=4)] if len(each) > 1 else each,
        "trips": [
            {"fr": original, "en": there, "back": again, "chrF": round(value, 1)}
            for original, there, again, value in zip(originals, english, back, each, strict=True)
        ],
    }


def human_sentences(path: Path, count: int) -> list[str]:
    """`count` human sentences of 8 to 60 words, evenly spread over the file."""
    sentences = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if not row["is_mt"]:
                sentences += [text for text in row["sentences"] if 8 <= len(text.split()) <= 60]
    return sentences[:: max(1, len(sentences) // count)][:count]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="the folder of the CTranslate2 model")
    parser.add_argument("--tests", type=Path, default=SHARED / "parallel" / "test")
    parser.add_argument("--chunks", type=Path, default=SHARED / "data" / "mt_vs_human")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--beam", type=int, default=1)
    parser.add_argument("--limit", type=int, default=0, help="sentences a test set, for a trial (0: all)")
    parser.add_argument("--trips", type=int, default=500)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    translator = Translator(options.model)
    facts: dict[str, Any] = {"beam": options.beam}
    facts["tests"] = test_sets(translator, options.tests, options.beam, options.limit)
    facts["speed"] = speed(translator, options.tests)
    trips = round_trips(translator, human_sentences(options.chunks / ROUND_TRIPS, options.trips), options.beam)
    facts["round_trip"] = {key: value for key, value in trips.items() if key != "trips"}
    shown = (HERE / "showcase.txt").read_text(encoding="utf-8").splitlines()
    facts["showcase"] = round_trips(translator, shown, options.beam)["trips"]
    options.out.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    LOG.info("%s %s", facts["speed"], facts["round_trip"])


if __name__ == "__main__":
    main()
