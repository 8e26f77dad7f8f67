"""Parallel text -> packed token ids: cleans, removes duplicates and test sentences, weighs, adds noise, tokenises.

    python -m training.prepare --out ../packed [--config training/config/data.toml] [--limit 2000]

Reads ../shared/parallel/*.tsv.zst and the test sets beside it. One thread; see README.md for time and size.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from training import noise, packing, vocabulary
from training.cleaning import ENGLISH, FRENCH, Duplicates, Limits, Pair, tidy, undecided, verdict
from training.configuration import DataConfig, Source, load_data_config
from training.overlap import HeldOut, held_out_sentences, read_pairs

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

LOG = logging.getLogger("training.prepare")
HERE = Path(__file__).parent
#: Reads a sentence, returns its language's two-letter code.
Identify = Callable[[str], str]


def identifier() -> Identify:
    """py3langid, restricted to languages that turn up in these sources."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    model.set_languages(["fr", "en", "de", "es", "it", "nl", "pt", "la"])
    return lambda text: str(model.classify(text)[0])


def read_source(path: Path) -> Iterator[tuple[str, str]]:
    """(French, English) of a zstd-compressed two-column file; rows without two columns are passed over."""
    import zstandard

    with path.open("rb") as raw, zstandard.ZstdDecompressor().stream_reader(raw) as stream:
        for line in io.TextIOWrapper(stream, encoding="utf-8", newline="\n"):
            columns = line.rstrip("\n").split("\t")
            if len(columns) == 2:
                yield columns[0], columns[1]


class Sieve:
    """Applies every filter to every source in turn and counts what it drops, a reason each."""

    def __init__(self, limits: Limits, held_out: HeldOut, cap: int, identify: Identify) -> None:
        self._limits = limits
        self._held_out = held_out
        self._duplicates = Duplicates(cap)
        self._identify = identify

    def reason(self, pair: Pair) -> str | None:
        """Why the pair is dropped, or None."""
        dropped = verdict(pair, self._limits) or self._held_out.reason(pair)
        if dropped:
            return dropped
        sides = ((pair.french, pair.french_key, FRENCH, "fr"), (pair.english, pair.english_key, ENGLISH, "en"))
        for text, identity, expected, language in sides:
            if undecided(identity.split(), expected) and self._identify(text) != language:
                return "language"
        return "duplicate" if self._duplicates.seen(pair) else None


def clean_source(source: Source, path: Path, sieve: Sieve, seed: int, limit: int) -> tuple[list[Pair], Counter[str]]:
    """The pairs of a source that pass, in their order, at most `source.keep` (or `limit`) of them; and the counts."""
    chance = random.Random(f"{seed} {source.name}")
    rows = list(read_source(path))
    counts = Counter(read=len(rows))
    keep = min(source.keep or len(rows), limit or len(rows))
    # A third more than is kept is looked at: enough for what the filters take, and statutes are 600,000 pairs.
    looked_at = min(len(rows), keep * 4 // 3) if keep < len(rows) else len(rows)
    picked = sorted(chance.sample(range(len(rows)), looked_at))
    counts["not-sampled"] = len(rows) - looked_at
    kept: list[Pair] = []
    for index in picked:
        pair = tidy(*rows[index])
        reason = sieve.reason(pair)
        if reason:
            counts[reason] += 1
        else:
            kept.append(pair)
    if len(kept) > keep:
        counts["not-sampled"] += len(kept) - keep
        kept = [kept[index] for index in sorted(chance.sample(range(len(kept)), keep))]
    counts["kept"] = len(kept)
    return kept, counts


def split_development(sources: dict[str, list[Pair]], names: list[str], count: int) -> list[Pair]:
    """Takes `count` pairs out of the named sources, in blocks of ten spread evenly, for development scores."""
    taken: list[Pair] = []
    share = count // max(1, len(names)) // 10
    for name in names:
        pairs = sources[name]
        blocks = min(share, len(pairs) // 40)
        for block in reversed(range(blocks)):
            at = block * (len(pairs) // blocks)
            taken += pairs[at : at + 10]
            del pairs[at : at + 10]
    return taken


def noisy_segments(sources: dict[str, list[Pair]], config: DataConfig) -> list[tuple[Source, list[Pair]]]:
    """Noisy copies of a random pool of pairs, one pseudo-source a kind and direction."""
    chance = random.Random(f"{config.seed} noise")
    general = [source.name for source in config.sources if source.tier in ("A", "B")]
    pool = [pair for name in general for pair in sources.get(name, [])]
    chosen = chance.sample(pool, min(config.noise_pool, len(pool)))
    made: dict[tuple[str, int], list[Pair]] = {}
    for pair in chosen:
        for noisy in noise.variants(pair, config.noise, chance):
            made.setdefault((noisy.kind, noisy.directions), []).append(noisy.pair)
    segments = []
    for (kind, directions), pairs in sorted(made.items()):
        fr_en, en_fr = (float(bool(directions & way)) for way in (noise.FRENCH_TO_ENGLISH, noise.ENGLISH_TO_FRENCH))
        segments.append((Source(f"noise/{kind}", "N", fr_en, en_fr, 1.0, ordered=False), pairs))
    return segments


def spm_text(sources: dict[str, list[Pair]], config: DataConfig) -> Iterator[str]:
    """Both sides of a random sample; sources count by the square root of their visits, so statutes do not rule."""
    chance = random.Random(f"{config.seed} spm")
    weighted = [
        (pair, min(1.0, 0.5 * source.fr_en**0.5 + 0.3))
        for source in config.sources
        for pair in sources.get(source.name, [])
    ]
    budget = config.spm_sentences / 2 / max(1.0, sum(weight for _, weight in weighted))
    for pair, weight in weighted:
        if chance.random() < weight * min(1.0, budget):
            yield pair.french
            yield pair.english
            if chance.random() < 0.03:
                yield pair.french.upper()


def encode(
    pairs: list[Pair], processor: SentencePieceProcessor, max_pieces: int
) -> tuple[list[packing.Ids], list[packing.Ids]]:
    """Ids of both sides; pairs with a side of more than `max_pieces` pieces, or of none, are left out."""
    french: list[packing.Ids] = []
    english: list[packing.Ids] = []
    for begin in range(0, len(pairs), 10_000):
        block = pairs[begin : begin + 10_000]
        left = processor.encode([pair.french for pair in block])
        right = processor.encode([pair.english for pair in block])
        for source, target in zip(left, right, strict=True):
            if 0 < len(source) <= max_pieces and 0 < len(target) <= max_pieces:
                french.append(np.array(source, np.uint16))
                english.append(np.array(target, np.uint16))
    return french, english


def development(tests: Path, held_back: list[Pair], processor: SentencePieceProcessor) -> str:
    """FLORES dev (300 pairs, evenly spread) and the pairs held back from news, as JSON lines with ids and text."""
    rows = [("flores-dev", *pair) for pair in list(read_pairs(tests / "flores-dev.tsv.gz"))[::3][:300]]
    rows += [("news", pair.french, pair.english) for pair in held_back]
    return "".join(
        json.dumps(
            {"set": name, "fr": french, "en": english, "fr_ids": left, "en_ids": right},
            ensure_ascii=False,
        )
        + "\n"
        for (name, french, english), left, right in zip(
            rows,
            processor.encode([french for _, french, _ in rows]),
            processor.encode([english for _, _, english in rows]),
            strict=True,
        )
    )


def prepare(config: DataConfig, parallel: Path, chunks: Path, out: Path, limit: int) -> dict[str, Any]:
    """The whole of it; returns the manifest."""
    begun = time.monotonic()
    held_out = HeldOut(held_out_sentences(parallel / "test", chunks))
    LOG.info("%d held-out sentences, %d 8-grams", len(held_out.keys), len(held_out.grams))
    sieve = Sieve(config.limits, held_out, config.cap, identifier())
    sources: dict[str, list[Pair]] = {}
    report: dict[str, dict[str, int]] = {}
    for source in config.sources:
        path = parallel / f"{source.name}.tsv.zst"
        sources[source.name], counts = clean_source(source, path, sieve, config.seed, limit)
        report[source.name] = dict(sorted(counts.items()))
        LOG.info("%6.0f s  %s %s", time.monotonic() - begun, source.name, report[source.name])
    news = [source.name for source in config.sources[:3]]
    held_back = split_development(sources, news, config.held_out_pairs)
    out.mkdir(parents=True, exist_ok=True)
    processor = vocabulary.load(vocabulary.train(spm_text(sources, config), config.vocabulary, out, config.seed))
    LOG.info("%6.0f s  vocabulary of %d pieces", time.monotonic() - begun, processor.get_piece_size())
    (out / "dev.jsonl").write_text(development(parallel / "test", held_back, processor), encoding="utf-8")
    (out / "pieces.json").write_text(json.dumps(vocabulary.pieces_of(processor), ensure_ascii=False), encoding="utf-8")
    french: list[packing.Ids] = []
    english: list[packing.Ids] = []
    segments: list[packing.Segment] = []
    everything = [(source, sources[source.name]) for source in config.sources] + noisy_segments(sources, config)
    for source, pairs in everything:
        left, right = encode(pairs, processor, config.max_pieces)
        weights = (source.fr_en, source.en_fr, source.late)
        segments.append(
            packing.Segment(source.name, len(french), len(left), source.tier, *weights, ordered=source.ordered)
        )
        french += left
        english += right
    LOG.info("%6.0f s  encoded %d pairs", time.monotonic() - begun, len(french))
    dropped: Counter[str] = Counter()
    for counts_ in report.values():
        dropped.update(counts_)
    extra = {
        "vocabulary": processor.get_piece_size() + 1,
        "counts": report,
        "totals": dict(sorted(dropped.items())),
        "development_pairs": len(held_back),
        "seconds": round(time.monotonic() - begun),
    }
    return packing.write(out, (french, english), segments, extra)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = HERE.parent.parent / "shared"
    parser.add_argument("--config", type=Path, default=HERE / "config" / "data.toml")
    parser.add_argument("--parallel", type=Path, default=shared / "parallel")
    parser.add_argument("--chunks", type=Path, default=shared / "data" / "mt_vs_human")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=0, help="pairs a source, for a trial (0: all)")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    manifest = prepare(load_data_config(options.config), options.parallel, options.chunks, options.out, options.limit)
    size = sum(facts["bytes"] for facts in manifest["files"].values())
    LOG.info("%d pairs, %s pieces, %.1f MiB in %s", manifest["pairs"], manifest["pieces"], size / 2**20, options.out)


if __name__ == "__main__":
    main()
