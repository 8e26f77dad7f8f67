"""Language identification of short spans: word frequencies first, character n-grams for words on no list.

A span of one to five words is too short for character n-grams alone (see notebooks/langid_spans.py), while the
frequency of each word in each language tells most of them apart: *said* is 400 times as frequent in English as in
French. Words are weighed with wordfreq's small lists (some 30,000 words a language, frequency 1e-6 and up); only
what is on none of them goes to py3langid, which costs over a second to load and is therefore loaded at the first
such word.
"""

from __future__ import annotations

import gzip
import math
import zlib
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import regex

from mtaudit.errors import EngineError
from mtaudit.memory import collection_paused
from mtaudit.resources import LanguageIdentifier

#: Languages weighed by word: French, and those that wire copy is translated from, in Latin script.
WORD_LANGUAGES = ("fr", "en", "es", "pt", "it", "de", "nl", "ca", "ro", "id", "tr", "pl", "cs", "hu", "sv")
#: Languages told by script and character n-grams alone.
SCRIPT_LANGUAGES = ("ru", "uk", "ar", "fa", "he", "el", "zh", "ja", "ko", "hi")

#: Frequency given to a word that a language's list lacks: a third of the lists' lower end.
FLOOR = 3e-7
#: The character model speaks for unlisted words with at most this odds ratio (natural logarithm) a word.
CHARACTER_CLIP = 3.0

_TOKEN = regex.compile(r"\p{L}[\p{L}\p{M}]*")


class _Identifier:
    """Naive Bayes over words, with character n-grams for the words on no list."""

    def __init__(self) -> None:
        for package in ("wordfreq", "py3langid"):
            if find_spec(package) is None:
                raise EngineError("langid", f"the package {package} is not installed; `pip install {package}`")
        self._word = lru_cache(maxsize=20_000)(self._weigh)

    @cached_property
    def _lists(self) -> list[dict[str, float]]:
        """The frequency of each word, per language: 0.4 s and 100 MB, so only once a span is doubtful."""
        spec = find_spec("wordfreq")
        if spec is None or spec.origin is None:
            raise EngineError("langid", "the package wordfreq is not installed; `pip install wordfreq`")
        folder = Path(spec.origin).parent / "data"
        # French has its long list, so that rare French words and current loanwords are not taken for foreign.
        with collection_paused():
            return [
                _frequencies(folder / f"{'large' if language == 'fr' else 'small'}_{language}.msgpack.gz")
                for language in WORD_LANGUAGES
            ]

    @cached_property
    def _characters(self) -> Any:
        """py3langid's model: 1.2 s and 100 MB, so only for a word that no list has."""
        from py3langid.langid import MODEL_FILE
        from py3langid.langid import LanguageIdentifier as Characters

        model = Characters.from_model_file(MODEL_FILE, norm_probs=True)
        model.set_languages([*WORD_LANGUAGES, *SCRIPT_LANGUAGES])
        return model

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Languages (ISO 639-1) with probabilities that sum to 1, likeliest first.

        Text without a letter gives the uniform distribution.
        """
        scores = dict.fromkeys(WORD_LANGUAGES, 0.0)
        unlisted: list[str] = []
        for token in _TOKEN.findall(text):
            weights = self._word(token.lower().replace("’", "'"))
            if weights is None:
                unlisted.append(token)
                continue
            for language, weight in zip(WORD_LANGUAGES, weights, strict=True):
                scores[language] += weight
        if unlisted:
            low = sum(1 for token in unlisted if not _is_latin(token)) * -2 * CHARACTER_CLIP
            scores = {language: score + low for language, score in scores.items()}
            if low:
                scores.update(dict.fromkeys(SCRIPT_LANGUAGES, 0.0))
            for language, probability in self._by_characters(" ".join(unlisted)):
                if language in scores:
                    scores[language] += max(math.log(probability + 1e-9), -CHARACTER_CLIP * len(unlisted))
        return _normalise(scores)

    def most_odds(self, form: str) -> float:
        """The highest log odds that `rank` can give one language against another: boundless for words on a list.

        It tells without the characters' model, which most articles then never load, what that could say at most.
        """
        is_word = _TOKEN.fullmatch(form) is not None and _is_latin(form)
        return CHARACTER_CLIP if is_word and self._word(form.lower()) is None else math.inf

    def _weigh(self, word: str) -> tuple[float, ...] | None:
        """The log frequency of a word in each of WORD_LANGUAGES, or None when it is on no list."""
        found = [words.get(word, 0.0) for words in self._lists]
        if not any(found):
            return None
        return tuple(math.log(max(value, FLOOR)) for value in found)

    def _by_characters(self, text: str) -> list[tuple[str, float]]:
        return [(language, float(probability)) for language, probability in self._characters.rank(text)]


def _frequencies(path: Path) -> dict[str, float]:
    """One of wordfreq's lists, whose n-th bin after its header holds the words of frequency 10^(-n/100).

    It is read without importing `wordfreq`, whose import costs as much as the reading.
    """
    try:
        content: list[Any] = msgspec.msgpack.decode(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, zlib.error, msgspec.DecodeError) as error:
        raise EngineError("langid", f"cannot read {path}: {error}") from error
    frequencies: dict[str, float] = {}
    for number, words in enumerate(content[1:]):
        if words:
            frequencies.update(dict.fromkeys(words, 10 ** (-number / 100)))
    return frequencies


def _is_latin(token: str) -> bool:
    return any(character < "\u0250" for character in token)


def _normalise(scores: dict[str, float]) -> list[tuple[str, float]]:
    """Softmax, sorted; ties keep the order of the languages, so that the result is deterministic."""
    best = max(scores.values())
    weights = {language: math.exp(score - best) for language, score in scores.items()}
    total = sum(weights.values())
    ranked = [(language, weight / total) for language, weight in weights.items()]
    return sorted(ranked, key=lambda pair: -pair[1])


@lru_cache(maxsize=1)
def load_language_identifier() -> LanguageIdentifier:
    """The language identifier, made once a process. Raises EngineError when its packages are missing."""
    return _Identifier()
