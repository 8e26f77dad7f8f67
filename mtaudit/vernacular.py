"""Which language an article is in: French unless it is plain that it is not.

A machine leaves whole paragraphs untranslated, and that is what an audit looks for: an article with a French part of
any size worth the name counts as French, and so does one too short to tell. Grammatical words decide; the language
identifier, which costs half a second to load, is asked only when they are missing. Measured by
notebooks/article_language.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import regex

from mtaudit.resources import LanguageIdentifier

#: Words of a window, the most windows looked at, and the share of them that has to be French.
WINDOW = 25
MOST_WINDOWS = 40
FRENCH_SHARE = 0.15
#: The fewest words, and in other scripts the fewest letters, that an article can be told by: with fewer, a French
#: sentence beside a foreign one would be overlooked.
FEWEST_WORDS = 40
FEWEST_LETTERS = 60
#: Grammatical words of a French window, of which no other language written with these letters has as many.
FEWEST_MARKS = 3
#: The share of the other windows that one language must have, and how sure the identifier must be of a window.
FOREIGN_SHARE = 0.6
SURE = 0.9

_MARKS = frozenset(
    ("les", "des", "du", "dans", "est", "une", "aux", "qui", "sur", "pour", "avec", "ont", "été", "cette", "ses",
     "sont", "par", "ces", "elle", "leur", "où", "après", "était", "plus", "être", "fait", "selon", "deux", "comme")
)  # fmt: skip
_WORD = regex.compile(r"\p{L}+")
_LATIN = regex.compile(r"\p{Latin}")
#: Code points that are looked at; what an article begins with is what it is in.
_SAMPLE = 12_000


def language_of(text: str, langid: Callable[[], LanguageIdentifier | None]) -> str:
    """ISO 639-1: `fr`, or the language of nearly all of the text where that is plain.

    `langid` gives the identifier when it comes to that; without one the text counts as French.
    """
    words = _WORD.findall(text[:_SAMPLE].lower())
    letters = sum(map(len, words))
    latin = len(_LATIN.findall("".join(words[:2_000])))
    other_script = letters >= FEWEST_LETTERS and latin < 0.3 * min(letters, sum(map(len, words[:2_000])))
    if len(words) < FEWEST_WORDS and not other_script:
        return "fr"
    windows = list(_windows(words))
    if not other_script and sum(map(_is_french, windows)) >= FRENCH_SHARE * len(windows):
        return "fr"
    identifier = langid()
    if identifier is None:
        return "fr"
    told = Counter(_told(window, identifier) for window in windows)
    french = told.pop("fr", 0)
    language, count = max(told.items(), key=lambda pair: pair[1], default=("", 0))
    if not language or french >= FRENCH_SHARE * len(windows) or count < FOREIGN_SHARE * len(windows):
        return "fr"
    return language


def _windows(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Stretches of the words, evenly spaced over them; the last may be longer."""
    count = max(1, len(words) // WINDOW)
    step = max(1, -(-count // MOST_WINDOWS))
    for number in range(0, count, step):
        last = number + step >= count
        yield words[number * WINDOW : len(words) if last and step == 1 else (number + 1) * WINDOW]


def _is_french(window: Sequence[str]) -> bool:
    return sum(word in _MARKS for word in window) >= FEWEST_MARKS


def _told(window: Sequence[str], identifier: LanguageIdentifier) -> str:
    """The language of a window, empty when the identifier is not sure."""
    language, probability = identifier.rank(" ".join(window)[:400])[0]
    return language if probability >= SURE else ""
