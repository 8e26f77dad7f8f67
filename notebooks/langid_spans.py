"""The language identifier on spans of one to five words, against py3langid alone.

    python notebooks/langid_spans.py

Spans are all windows of the sentences of fragments_recall.py. "right": the language comes first among those of the
test and French; "apart": French has less than a twentieth of its probability, which is what a seed asks for.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from fragments_recall import SENTENCES
from py3langid.langid import MODEL_FILE
from py3langid.langid import LanguageIdentifier as Characters

from mtaudit.engines.langid import WORD_LANGUAGES, load_language_identifier

Rank = Callable[[str], list[tuple[str, float]]]


def measure(name: str, rank: Rank) -> None:
    for length in (1, 2, 3, 5):
        right = apart = count = 0
        began = time.perf_counter()
        for language, sentences in SENTENCES.items():
            for sentence in sentences:
                words = sentence.rstrip(".").replace(",", "").split()
                for at in range(len(words) - length + 1):
                    ranked = [pair for pair in rank(" ".join(words[at : at + length])) if pair[0] in (*SENTENCES, "fr")]
                    found = dict(ranked)
                    right += ranked[0][0] == language
                    apart += found[language] > 20 * found["fr"]
                    count += 1
        each = (time.perf_counter() - began) / count * 1e6
        print(f"{name:12} {length} word(s): right {right / count:.3f}, apart {apart / count:.3f}, {each:.0f} µs a span")


def main() -> None:
    identifier = load_language_identifier()
    identifier.rank("said zxqwv")
    measure("mtaudit", identifier.rank)
    characters = Characters.from_model_file(MODEL_FILE, norm_probs=True)
    characters.set_languages(list(WORD_LANGUAGES))
    measure("py3langid", lambda text: [(language, float(value)) for language, value in characters.rank(text)])


if __name__ == "__main__":
    main()
