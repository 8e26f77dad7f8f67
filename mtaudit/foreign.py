"""Foreign stretches in French text: where they begin and end, and in which language they are.

A word that the French lexicon lacks and that another language uses at least 30 times as often as French is a *seed*.
From each seed a stretch grows over its neighbours as long as they speak for the seed's language: the sum of the words'
log odds against French is highest over it. Whether the stretch stands there on purpose is not asked here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import compress, count
from typing import NamedTuple, Protocol, runtime_checkable

import regex

from mtaudit.model import Analysis, Word
from mtaudit.resources import LanguageIdentifier

#: French names of the languages, for messages.
LANGUAGES = {
    "en": "anglais", "es": "espagnol", "pt": "portugais", "it": "italien", "de": "allemand", "nl": "néerlandais",
    "ca": "catalan", "ro": "roumain", "id": "indonésien", "tr": "turc", "pl": "polonais", "cs": "tchèque",
    "hu": "hongrois", "sv": "suédois",
    "ru": "russe", "uk": "ukrainien", "ar": "arabe", "fa": "persan", "he": "hébreu", "el": "grec", "zh": "chinois",
    "ja": "japonais", "ko": "coréen", "hi": "hindi",
}  # fmt: skip

#: Words that carry no content: a span whose only lower-case words are of these is a name (*Bank of America*), and one
#: of them alone between French words is a leftover (*la France and l'Allemagne*).
FUNCTION_WORDS = {
    "en": "the of and in on at to for from with by a an or is are was were be been has have had his her their its it "
    "he she they we you this that these those which who will would not but as than about after before over under into "
    "between against during while also there our my your all more",
    "es": "el los las del al y e o en con por para sin sobre de la un una unos que se su sus lo le es son fue ha han "
    "no más pero como entre desde hasta muy ya este esta estos según también cuando donde",
    "pt": "o os as do da dos das no na nos nas ao aos à e ou em com por para sem sobre de um uma que se seu sua seus "
    "suas é são foi foram não mais mas como entre até já este esta isso pelo pela também segundo quando",
    "it": "il lo gli i la del della dello dei degli delle al alla allo nel nella nei sul sulla dal dalla e o di da in "
    "con per su tra fra un una uno che si è sono ha hanno non più ma come anche questo questa secondo dopo",
    "de": "der die das den dem des und oder in im an am auf aus bei mit nach von vom zu zum zur für über unter gegen "
    "ein eine einer eines einem einen ist sind war wird werden hat haben nicht auch als wie sich es er sie wir ich "
    "aber noch durch um dass",
    "nl": "de het een en of in op aan bij met naar van voor uit over door tegen is zijn was wordt worden heeft hebben "
    "niet ook als dat die dit er zich maar om te",
    "ca": "el els les del dels al als i o en amb per sense sobre de la un una que es seu seva és són ha no més però",
    "ro": "și sau în cu pentru din la de pe un o cel cea este sunt a au nu mai dar ca că se lui",
    "id": "yang dan di ke dari untuk dengan pada ini itu tidak akan telah adalah oleh juga sebagai dalam atau",
    "tr": "ve ile bir bu için da de olarak olan ne çok daha",
    "pl": "i w z na do o od po za przez dla przy jest są był nie się że to jak oraz",
    "sv": "och i på av för med till från om en ett det den de är var har som inte att",
}
FUNCTION = {language: frozenset(words.split()) for language, words in FUNCTION_WORDS.items()}

#: Letters that French does not write, and endings that hold one of another language's own spellings.
LETTERS = regex.compile(r"[ãõñßąęłńśźżğşıőűřšžčćđțșăåøþðěůİ]|[áíóúìòý]|ção$|ções$|ción$")

#: How Spanish, Portuguese, Italian and English words end more often than French ones.
_RARE_ENDS = frozenset(["a", "o", "i", "as", "os", "th", "ng", "k", "w", "h"])

#: What ends a span: quotation marks, brackets, strong punctuation, dashes, markup. A plain comma does not.
_HARD = regex.compile(r"[«»\"“”„()\[\]{}.;:!?…—–/\\|@#*_<>=+&`]|(?<!\p{L})'|'(?!\p{L})")

#: Log odds against French. Chosen with notebooks/fragments_recall.py (recall on spliced spans, alarms on human press).
SEED = math.log(30)
KNOWN_SEED = math.log(100)
SPELT_SEED = math.log(7)
CLIP = 6.0
#: How far the sum may fall before a span ends, what a comma costs, and what a span's first and last word must reach,
#: unknown or known to French.
DROP = 4.5
COMMA = 1.5
EDGE = 0.5
KNOWN_EDGE = 3.2
#: Word forms kept in memory: some 30 MB.
MOST_FORMS = 100_000


class _Run(NamedTuple):
    """Neighbouring words of a sentence without a hard mark between them: analysis.words[first:last]."""

    first: int
    last: int


class Found(NamedTuple):
    """A foreign stretch: analysis.words[first:last], its language, its log odds against French."""

    first: int
    last: int
    language: str
    odds: float


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of word forms, kept over articles: it depends on nothing but the engines of the run."""

    odds: dict[str, dict[str, float]] = field(default_factory=dict)
    seeds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Forms that give no language away: nearly all.
    plain: set[str] = field(default_factory=set)

    def trim(self) -> None:
        """Forgets everything once an archive has shown it too many forms."""
        if len(self.plain) > MOST_FORMS:
            self.odds.clear()
            self.seeds.clear()
            self.plain.clear()


@runtime_checkable
class _Bounded(Protocol):
    """An identifier that can tell cheaply how much it may have to say of a word."""

    def most_odds(self, form: str) -> float:
        """The highest log odds that it can give one language against another."""
        ...


class Reader(NamedTuple):
    """An article, the language identifier, and what is known of the forms."""

    analysis: Analysis
    langid: LanguageIdentifier
    memory: Memory

    def knows(self, form: str) -> bool:
        """True when the form is French."""
        return self.analysis.lexicon is not None and self.analysis.lexicon.knows(form)

    def odds(self, form: str) -> dict[str, float]:
        """Log odds of each language against French for one word, clipped to ±CLIP."""
        known = self.memory.odds.get(form)
        if known is None:
            ranked = dict(self.langid.rank(form))
            french = math.log(ranked["fr"] + 1e-12)
            known = {
                language: max(-CLIP, min(CLIP, math.log(probability + 1e-12) - french))
                for language, probability in ranked.items()
                if language != "fr"
            }
            self.memory.odds[form] = known
        return known

    def seeds(self) -> dict[str, tuple[str, ...]]:
        """The forms of the article that give a language away, with three languages at most, the likeliest first."""
        memory = self.memory
        found = {}
        # One difference of sets leaves what is new and what is a seed.
        for form in self.analysis.forms - memory.plain:
            if form not in memory.seeds:
                languages = self._languages(form)
                if not languages:
                    memory.plain.add(form)
                    continue
                memory.seeds[form] = tuple(languages)
            found[form] = memory.seeds[form]
        return found

    def _languages(self, form: str) -> list[str]:
        """Languages that use the form far more than French does.

        French has forms that are commoner elsewhere (*reforma*, *ministro*): a known form with an ending that French
        uses little is weighed too, and must then speak louder.
        """
        if len(form) < 2 or not form.islower() or form[-1] == "'":
            return []
        least = SEED
        if self.knows(form):
            if form[-1] not in _RARE_ENDS and form[-2:] not in _RARE_ENDS:
                return []
            least = KNOWN_SEED
        elif LETTERS.search(form):
            least = SPELT_SEED
        if isinstance(self.langid, _Bounded) and self.langid.most_odds(form) < least:
            return []
        odds = self.odds(form)
        return sorted((language for language in odds if odds[language] >= least), key=lambda key: -odds[key])[:3]


def find_stretches(reader: Reader) -> Iterator[Found]:
    """Foreign stretches in order, none overlapping another."""
    words, done = reader.analysis.words, 0
    seeds = reader.seeds()
    if not seeds:
        return
    for index in list(compress(count(), map(seeds.__contains__, reader.analysis.texts))):
        candidates = seeds[words[index].text]
        if index < done or _in_address(reader.analysis, words[index]):
            continue
        run_ = _run_around(reader.analysis, index)
        grown = [_grow(reader, run_, index, language) for language in candidates]
        best = max(grown, key=lambda found: found.odds)
        done = best.last
        yield best


def _in_address(analysis: Analysis, word: Word) -> bool:
    """True inside a link, an e-mail address, a handle or a file name."""
    view = analysis.view
    before, after = view[word.start - 1 : word.start], view[word.end : word.end + 2]
    return (
        before in set("@#_/.=&%")
        or after[:1] in set("@_/=")
        or (after[:1] == "." and after[1:].isalpha() and after[1:].islower())
    )


def _is_hard(view: str, start: int, end: int) -> bool:
    """Whether a hard mark lies between two words; nearly always there is a blank alone, or nothing after an elision."""
    return view[start:end] not in ("", " ") and _HARD.search(view, start, end) is not None


def _run_around(analysis: Analysis, index: int) -> _Run:
    """The words around one that no hard mark parts from it."""
    words, view = analysis.words, analysis.view
    first = last = index
    sentence = words[index].sentence
    while first > 0 and words[first - 1].sentence == sentence:
        if _is_hard(view, words[first - 1].end, words[first].start):
            break
        first -= 1
    while last + 1 < len(words) and words[last + 1].sentence == sentence:
        if _is_hard(view, words[last].end, words[last + 1].start):
            break
        last += 1
    return _Run(first, last + 1)


def _grow(reader: Reader, around: _Run, seed: int, language: str) -> Found:
    """The stretch around the seed whose log odds for the language are highest."""
    words, view = reader.analysis.words, reader.analysis.view
    own = reader.odds(words[seed].text)[language]

    def reach(indices: Iterable[int]) -> tuple[int, float]:
        best_at, best, total = seed, 0.0, 0.0
        for index in indices:
            gained = _score(reader, around, index, language)
            left_word = index if index < seed else index - 1
            if "," in view[words[left_word].end : words[left_word + 1].start]:
                gained -= COMMA
            total += gained
            edge = EDGE if words[index].text[0].isupper() or not reader.knows(words[index].text) else KNOWN_EDGE
            if gained > edge and total > best:
                best_at, best = index, total
            if total < best - DROP:
                break
        return best_at, best

    right, gained_right = reach(range(seed + 1, around.last))
    left, gained_left = reach(range(seed - 1, around.first - 1, -1))
    return Found(left, right + 1, language, own + gained_left + gained_right)


def _score(reader: Reader, around: _Run, index: int, language: str) -> float:
    """What a word says for the language; a capitalised word may be a name, and so says little."""
    text = reader.analysis.words[index].text
    odds = reader.odds(text).get(language, -CLIP)  # a word in Latin script has no odds for another script
    if text[0].islower() or (index == around.first and odds > 0):
        return odds
    if language == "de" and odds > 1.5:
        return min(odds, 2.0)
    return max(-2.0, min(odds, 0.3))
