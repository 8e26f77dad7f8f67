"""Learns the weights and margins of the rules in rules/fr/confusion and prints how well each direction does.

Every form of a rule's pair is looked up in human text; the member that stands there is the label, its neighbours (the
features of `mtaudit.checks.confusion`) the evidence. A logistic regression, balanced over the two members, gives each
feature its weight in natural-log odds; weights under 0.12 are dropped, the rest rounded to 0.1 and written to the .tsv
beside the rule. Five-fold cross-validation by article gives each occurrence a score from a model that never saw it.

The margin of a direction (text has A, the rule says B) is the least that keeps to both budgets on true A's:
at most `NEWS_FLIPS` false alarms in all news text (some 3.2 million words), and at most `OTHER_FLIPS` per million words
of the other text; never under `FLOOR`. Recall is the share of true B's that would be called wrong had A been written.

    python training/confusion.py --parallel DIR --human FILE [--press FILE] [--cache FILE] [RULE ...]

`--parallel`: folder of NAME.tsv.zst, French in the first column. `--human`: mt_vs_human JSON lines, of which the human
sides of wmt08 to wmt11 are used. `--press`: JSON lines, an article a line, as a list of paragraphs; the shipped weights
used 4,800 native articles of the Belgian, Swiss, Quebec and French press from github.com/feryah/gilets_jaunes.
Only weights are written; no text is. Needs numpy, scipy, scikit-learn, and the zstd program.
"""

from __future__ import annotations

import argparse
import gzip
import json
import pickle
import random
import re
import subprocess
import sys
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import yaml
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from mtaudit import neighbours
from mtaudit.checks import confusion
from mtaudit.model import Sentence, Span, Word
from mtaudit.segmentation import lower_view
from mtaudit.segmentation import words as cut_words

FLOOR = 2.0
NEWS_FLIPS = 1
OTHER_FLIPS = 2.0
LEAST_WEIGHT = 0.12
LEAST_OCCURRENCES = 3
FOLDS = 5

NEWS = ("press", "wmt", "news")
TIERS = {
    "news-lig-postedit": "news",
    "news-commentary-5k": "news",
    "canada-news-quotes": "gov",
    "europarl-sample": "parl",
    "hansard36": "hansard",
    "canada-laws": "law",
    "canada-oic": "law",
}
#: Computer manuals have a vocabulary of their own, and no press.
LEFT_OUT = frozenset(
    (
        *("php-docs", "python-docs", "django-docs", "manpages", "git-manpages", "rust-book", "darktable-docs"),
        *("emea-sample", "gnome-help"),
    )
)
#: Of statutes, one line in so many is read.
LAW_EVERY = 4
#: Weight of an occurrence: near to the press counts more.
TIER_WEIGHT = {"press": 2, "wmt": 2, "news": 2, "gov": 1, "parl": 0.8, "hansard": 0.5, "other": 0.7, "law": 0.1}
#: At most so many occurrences of a form are kept, and of a member used.
KEPT = {"law": 3000, "other": 6000, "parl": 6000, "hansard": 5000}
USED = {"law": 800, "other": 2500, "parl": 2500, "hansard": 1500, "press": 6000, "wmt": 6000, "news": 6000, "gov": 6000}

WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
SENTENCES = re.compile(r"(?<=[.!?…»])\s+(?=[A-ZÀ-Ý«\"])")
FOLD = str.maketrans({"’": "'", "‘": "'", "´": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " "})


class Occurrence(NamedTuple):
    """The words to the left and right, nearest first, the stems of the article around, and the text's number."""

    left: list[str]
    right: list[str]
    around: frozenset[str] | None
    text: int


class Corpus(NamedTuple):
    """Occurrences by form and tier, words by tier, and how often each form was seen in each tier."""

    occurrences: dict[str, dict[str, list[Occurrence]]]
    words: dict[str, int]
    seen: dict[tuple[str, str], int]


def read_texts(args: argparse.Namespace) -> Iterator[tuple[str, list[str]]]:
    """Texts as (tier, sentences); those of the parallel corpora are one sentence long."""
    if args.press:
        for line in args.press.read_text(encoding="utf-8").splitlines():
            yield "press", [s for paragraph in json.loads(line) for s in SENTENCES.split(paragraph.translate(FOLD))]
    for line in gzip.decompress(args.human.read_bytes()).decode("utf-8").splitlines():
        row = json.loads(line)
        if not row["is_mt"] and row["set"] < "wmt12":
            yield "wmt", [sentence.translate(FOLD) for sentence in row["sentences"]]
    for path in sorted(args.parallel.glob("*.tsv.zst")):
        name = path.name.removesuffix(".tsv.zst")
        if name not in LEFT_OUT:
            tier = TIERS.get(name, "other")
            with subprocess.Popen(["zstd", "-dc", str(path)], stdout=subprocess.PIPE) as process:
                for raw in islice(process.stdout or (), 0, None, LAW_EVERY if tier == "law" else 1):
                    yield tier, [raw.decode("utf-8").split("\t")[0].translate(FOLD)]


def words_of(text: str, sentences: Sequence[str]) -> tuple[Word, ...]:
    """The words of a text as the audit cuts them; `text` is the sentences joined by blanks."""
    spans, offset = [], 0
    for index, sentence in enumerate(sentences):
        spans.append(Sentence(index, Span(offset, offset + len(sentence))))
        offset += len(sentence) + 1
    return cut_words(text, spans)


def collect(texts: Iterator[tuple[str, list[str]]], forms: set[str], in_articles: set[str]) -> Corpus:
    """All occurrences of the forms, in lower case or at a sentence's start, thinned to `KEPT` by reservoir sampling.

    Those in `in_articles` keep the stems around them.
    """
    triggers = forms | {form[0].upper() + form[1:] for form in forms}
    draw = random.Random(1)
    found: dict[str, dict[str, list[Occurrence]]] = defaultdict(lambda: defaultdict(list))
    counted: Counter[str] = Counter()
    seen: Counter[tuple[str, str]] = Counter()
    for number, (tier, sentences) in enumerate(texts):
        text = " ".join(sentences)
        counted[tier] += text.count(" ") + 1
        if triggers.isdisjoint(WORDS.findall(text)):
            continue
        words = words_of(text, sentences)
        lower = lower_view(text)
        for place, word in enumerate(words):
            if word.text not in triggers:
                continue
            if word.text[0].isupper() and place and words[place - 1].sentence == word.sentence:
                continue
            form = word.text.lower()
            seen[form, tier] += 1
            kept, most = found[form][tier], KEPT.get(tier, sys.maxsize)
            slot = len(kept) if len(kept) < most else draw.randrange(seen[form, tier])
            if slot >= most:
                continue
            left, right = neighbours.window(lower, words, place)
            asked = form in in_articles and tier in ("press", "wmt")
            around = neighbours.article_stems(lower, words, place) if asked else None
            kept[slot : slot + 1] = [Occurrence(left, right, around, number)]
    return Corpus({form: dict(tiers) for form, tiers in found.items()}, dict(counted), dict(seen))


class Sample(NamedTuple):
    """Occurrences of one pair with their side, tier, fold, and how many seen ones each stands for."""

    rows: list[Occurrence]
    side: Any
    tier: Any
    fold: Any
    scale: Any


def bare(form: str) -> str:
    """A form without its accents."""
    return "".join(c for c in unicodedata.normalize("NFD", form) if not unicodedata.combining(c))


def sample(corpus: Corpus, options: confusion.Options) -> Sample:
    """What the corpus has of a pair. Text whose accents were restored by a model cannot tell accented pairs apart."""
    guessed = any(bare(left) == bare(right) for left, right in options.forms)
    rows: list[Occurrence] = []
    columns: list[tuple[int, str, int, float]] = []
    for side in (0, 1):
        pools: dict[str, list[Occurrence]] = defaultdict(list)
        totals: Counter[str] = Counter()
        for form in dict.fromkeys(pair[side] for pair in options.forms):
            for tier, found in corpus.occurrences.get(form, {}).items():
                if not (guessed and tier == "hansard"):
                    pools[tier] += found
                    totals[tier] += corpus.seen[form, tier]
        for tier, pool in pools.items():
            used = random.Random(0).sample(pool, USED[tier]) if len(pool) > USED[tier] else pool
            rows += (Occurrence(*row) for row in used)
            folds = (zlib.crc32(f"{tier}{row[3]}".encode()) % FOLDS for row in used)
            columns += [(side, tier, fold, totals[tier] / len(used)) for fold in folds]
    return Sample(rows, *(np.array(column) for column in zip(*columns, strict=True)))


def vectorise(rows: Sequence[Occurrence], options: confusion.Options) -> tuple[Any, list[str]]:
    """Occurrences x features, 0 or 1, and the features' names."""
    vocabulary: dict[str, int] = {}
    indices, starts = [], [0]
    for row in rows:
        around = (row.around or ()) if options.article else ()
        for name in sorted(neighbours.features(row.left, row.right, options.genders is not None, around)):
            indices.append(vocabulary.setdefault(name, len(vocabulary)))
        starts.append(len(indices))
    matrix = sparse.csr_matrix((np.ones(len(indices)), indices, starts), shape=(len(rows), len(vocabulary)))
    kept = np.flatnonzero(np.asarray(matrix.sum(0)).ravel() >= LEAST_OCCURRENCES)
    names = list(vocabulary)
    return matrix[:, kept], [names[index] for index in kept]


def fit(matrix: Any, side: Any, tier: Any) -> Any:
    """The weights of the features, rounded; positive for the second member."""
    weight = np.array([TIER_WEIGHT[name] for name in tier], dtype=float)
    for value in (0, 1):
        # Balanced, yet no single occurrence of a rare member may count for more than 8.
        mine = side == value
        weight[mine] *= min(len(side), 4000) / 2 / weight[mine].sum()
        weight[mine] *= min(1.0, 8 / weight[mine].max())
    model = LogisticRegression(C=0.3, solver="liblinear", max_iter=200).fit(matrix, side, sample_weight=weight)
    learnt = model.coef_.ravel()
    return np.where(np.abs(learnt) < LEAST_WEIGHT, 0.0, np.round(learnt, 1))


def with_seeds(weights: dict[str, float], options: confusion.Options) -> dict[str, float]:
    """The learnt weights as the check uses them, seeds included."""
    return dict(confusion.weights_of(msgspec.structs.replace(options, entries=to_entries(weights, options))))


def to_entries(weights: dict[str, float], options: confusion.Options) -> tuple[confusion.Entry, ...]:
    """The table of a rule: a row a place and member, heaviest words first."""
    rows: dict[tuple[str, str], list[tuple[float, str]]] = defaultdict(list)
    for name, weight in weights.items():
        place, _, word = name.partition(" ")
        if weight and ":" not in word:
            rows[place, options.pair[int(weight > 0)]].append((-abs(weight), word))
    table = (
        {"place": place, "favours": member, "words": " ".join(f"{word}:{-weight:g}" for weight, word in sorted(found))}
        for (place, member), found in sorted(rows.items())
    )
    return tuple(msgspec.convert(entry, confusion.Entry) for entry in table)


def scores(data: Sample, options: confusion.Options, weights: dict[str, float], chosen: Any) -> Any:
    """The score of the chosen occurrences, positive for the second member, by the check's own code."""
    masked = options.genders is not None
    result = []
    for index in chosen:
        row = data.rows[index]
        around = (row.around or ()) if options.article else ()
        names = neighbours.features(row.left, row.right, masked, around)
        result.append(confusion.total({name: weights[name] for name in names if name in weights}))
    return np.array(result)


def train(options: confusion.Options, corpus: Corpus) -> tuple[dict[str, float], dict[str, float], list[str]]:
    """Weights by feature, margin by member, and the lines of the table."""
    data = sample(corpus, options)
    matrix, names = vectorise(data.rows, options)
    held_out = np.zeros(len(data.rows))
    for fold in range(FOLDS):
        inside, outside = data.fold != fold, np.flatnonzero(data.fold == fold)
        learnt = fit(matrix[inside], data.side[inside], data.tier[inside]) if options.learn else np.zeros(len(names))
        held_out[outside] = scores(data, options, with_seeds(dict(zip(names, learnt, strict=True)), options), outside)
    learnt = fit(matrix, data.side, data.tier) if options.learn else np.zeros(len(names))
    news = np.isin(data.tier, NEWS)
    other = ~news & (data.tier != "law")
    news_words = sum(corpus.words.get(tier, 0) for tier in NEWS)
    other_words = sum(count for tier, count in corpus.words.items() if tier not in (*NEWS, "law"))
    margins, lines = {}, []
    for member in options.margins:
        side = options.pair.index(member)
        signed = held_out if side == 0 else -held_out
        mine = data.side == side
        margin = FLOOR
        worst = np.sort(signed[mine & news])[::-1]
        if len(worst) > NEWS_FLIPS:
            margin = max(margin, worst[NEWS_FLIPS] + 0.1)
        pool = np.flatnonzero(mine & other)
        pool = pool[np.argsort(-signed[pool])]
        over = np.flatnonzero(np.cumsum(data.scale[pool]) > OTHER_FLIPS * other_words / 1e6)
        if len(over):
            margin = max(margin, signed[pool[over[0]]] + 0.1)
        margin = round(float(margin) + 0.049, 1)
        margins[member] = margin
        flips = int((signed[mine & news] >= margin).sum())
        rest = float(data.scale[mine & other][signed[mine & other] >= margin].sum())
        swapped = signed[~mine & news]
        everywhere = signed[~mine & ~(data.tier == "law")]
        lines.append(
            f"{options.pair[side]} -> {options.pair[1 - side]}\t{(mine & news).sum()}\t{len(swapped)}\t{margin}"
            f"\t{flips}\t{1000 * flips / news_words:.5f}\t{1000 * rest / other_words:.5f}"
            f"\t{(swapped >= margin).mean() if len(swapped) else float('nan'):.2f}\t{(everywhere >= margin).mean():.2f}"
        )
        for index in np.flatnonzero(mine & news)[signed[mine & news] >= margin]:
            row = data.rows[index]
            lines.append(f"    flip: {' '.join(row.left[:8][::-1])} [{member}] {' '.join(row.right[:8])}")
    return {name: float(w) for name, w in zip(names, learnt, strict=True) if w}, margins, lines


def write(path: Path, options: confusion.Options, weights: dict[str, float], margins: dict[str, float]) -> None:
    """The rule's table, and its margins in place."""
    table = path.with_suffix(".tsv")
    if weights:
        rows = (f"{entry.place}\t{entry.favours}\t{entry.words}\n" for entry in to_entries(weights, options))
        table.write_text("place\tfavours\twords\n" + "".join(rows), encoding="utf-8")
    values = ", ".join(f"{member}: {margin}" for member, margin in margins.items())
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"margins: \{.*?\}", f"margins: {{{values}}}", text), encoding="utf-8")


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rules", type=Path, default=Path("rules/fr/confusion"))
    parser.add_argument("--parallel", type=Path, required=True)
    parser.add_argument("--human", type=Path, required=True)
    parser.add_argument("--press", type=Path)
    parser.add_argument("--cache", type=Path, help="occurrences, read if there, else written")
    parser.add_argument("names", nargs="*", metavar="RULE")
    args = parser.parse_args()
    rules = {path: msgspec.convert(yaml.safe_load(path.read_text("utf-8"))["options"], confusion.Options)
             for path in sorted(args.rules.glob("*.yml"))}  # fmt: skip
    if args.cache and args.cache.exists():
        corpus = Corpus(*pickle.loads(args.cache.read_bytes()))
    else:
        forms = {form for o in rules.values() for pair in o.forms for form in pair}
        in_articles = {form for o in rules.values() if o.article for pair in o.forms for form in pair}
        corpus = collect(read_texts(args), forms, in_articles)
        if args.cache:
            args.cache.write_bytes(pickle.dumps(tuple(corpus)))
    print("direction\tA in news\tB in news\tmargin\tflips\tper 1,000 news\tper 1,000 other\trecall news\trecall all")
    for path, options in rules.items():
        if args.names and path.stem not in args.names:
            continue
        weights, margins, lines = train(options, corpus)
        write(path, options, weights, margins)
        print("\n".join(lines), flush=True)


if __name__ == "__main__":
    main()
