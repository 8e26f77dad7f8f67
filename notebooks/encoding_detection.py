"""How well readers/encodings.py tells legacy encodings, and what MIN_PLAUSIBILITY should be.

French press (the human sides of the development data) is cut to samples of one sentence up to a whole chunk, encoded
in each legacy encoding that can hold it, and decoded again. Foreign text is encoded in the legacy encodings of its
own language: it must be refused, never turned into something else. charset-normalizer is run on the same bytes.

    python notebooks/encoding_detection.py ../shared/data/mt_vs_human
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import charset_normalizer

from mtaudit.errors import InputError
from mtaudit.readers.encodings import LEGACY, decode, plausibility

FILES = ("sequoia_estrepublicain_native_chunks.jsonl.gz", "wmt19-20_defr_human_chunks.jsonl.gz")
SAMPLES = 1_500

#: Foreign news sentences of our own, in the encodings in which such copy was written.
FOREIGN = {
    "Правительство объявило о повышении пенсий, сообщила пресс-служба.": ("cp1251", "koi8-r", "iso-8859-5"),
    "Rząd ogłosił, że podwyżka wejdzie w życie w styczniu, choć źródła są ostrożne.": ("cp1250", "iso-8859-2"),
    "Vláda oznámila, že důchody se zvýší; přesto je většina lidí zdrženlivá.": ("cp1250", "iso-8859-2"),
    "Η κυβέρνηση ανακοίνωσε αυξήσεις στις συντάξεις από τον Ιανουάριο.": ("cp1253", "iso-8859-7"),
    "Hükümet, aylıkların artacağını açıkladı; işçi sendikaları kararı eleştirdi.": ("cp1254", "iso-8859-9"),
    "أعلنت الحكومة زيادة المعاشات اعتبارا من يناير": ("cp1256", "iso-8859-6"),
    "הממשלה הודיעה על העלאת הקצבאות החל מינואר": ("cp1255", "iso-8859-8"),
    "政府は一月から年金を引き上げると発表した。": ("shift_jis", "euc_jp"),
    "政府宣布从一月起提高养老金。": ("gb18030", "big5"),
    "정부는 일월부터 연금을 인상한다고 발표했다.": ("euc_kr",),
}


def samples(folder: Path, rng: random.Random) -> Iterator[str]:
    texts = []
    for name in FILES:
        with gzip.open(folder / name, "rt", encoding="utf-8") as lines:
            texts += [json.loads(line)["sentences"] for line in lines]
    while True:
        sentences = rng.choice(texts)
        start = rng.randrange(len(sentences))
        text = "\n".join(sentences[start : start + rng.choice((1, 1, 2, 5, 20))])
        if not text.isascii():
            yield text


def ours(data: bytes) -> str | None:
    try:
        return decode(data, "sample").text
    except InputError:
        return None


def theirs(data: bytes) -> str | None:
    best = charset_normalizer.from_bytes(data).best()
    return None if best is None else str(best)


def main(folder: Path) -> None:
    rng = random.Random(2)
    right_scores: list[float] = []
    results: dict[str, Counter[str]] = {}
    source = samples(folder, rng)
    for _ in range(SAMPLES):
        text = next(source)
        for codec in LEGACY:
            try:
                data = text.encode(codec)
            except UnicodeEncodeError:
                continue
            right_scores.append(plausibility(text))
            found = ours(data)
            outcome = "right" if found == text else "refused" if found is None else "wrong"
            results.setdefault(codec, Counter())[outcome] += 1
            if outcome == "wrong":
                print(f"  wrong, {codec}: {text[:60]!r} -> {found[:60] if found else found!r}")
            if rng.random() < 0.1:
                other = theirs(data)
                outcome = "right" if other == text else "refused" if other is None else "wrong"
                results.setdefault(f"{codec}, charset-normalizer", Counter())[outcome] += 1
    for codec, counts in sorted(results.items()):
        print(f"{codec:34} {dict(counts)}")
    right_scores.sort()
    print("plausibility of the right decoding, quantiles 0, 0.1 %, 1 %, 5 %:")
    print([round(right_scores[int(share * len(right_scores))], 3) for share in (0, 0.001, 0.01, 0.05)])
    print("best plausibility of foreign text:")
    for text, codecs in FOREIGN.items():
        for codec in codecs:
            data = text.encode(codec, "replace")
            scores = []
            for legacy in LEGACY:
                try:
                    scores.append(plausibility(data.decode(legacy)))
                except UnicodeDecodeError:
                    continue
            print(f"{codec:12} {max(scores, default=0):.2f}  {'refused' if ours(data) is None else 'TAKEN'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
