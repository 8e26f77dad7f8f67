"""Which changes of a word or two may be repairs of a sentence, and what they mend."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from mtaudit.edits import Edit, tokens
from mtaudit.elision import elides
from mtaudit.inflection import DETERMINERS, NUMBERS
from mtaudit.resources import Lexicon, LexiconEntry

Kind = Literal["agreement", "preposition", "nonword", "wrong-word", "order", "date"]

#: Shorter words are units, abbreviations and particles, which no lexicon has all of.
SHORTEST_NONWORD = 4

PREPOSITIONS = frozenset(
    "à au aux d' de des du en dans sur sous pour par avec sans vers chez contre entre depuis pendant dès".split()  # noqa: SIM905
)
PRONOUNS = frozenset("il elle ils elles celui celle ceux celles lui leur eux lequel laquelle lesquels".split())  # noqa: SIM905
#: Function words that differ as their noun or their possessor does.
_VARIANTS: tuple[frozenset[str], ...] = tuple(
    frozenset(words.split())
    for words in (
        "le la les l'", "un une des", "ce cet cette ces", "son sa ses leur leurs", "mon ma mes", "ton ta tes",
        "notre nos", "votre vos", "quel quelle quels quelles", "tout toute tous toutes", "aucun aucune",
        "certain certaine certains certaines", "il elle ils elles", "celui celle ceux celles", "lui leur eux",
        "lequel laquelle lesquels lesquelles", "au aux", "du des",
    )
)  # fmt: skip
_MONTHS = frozenset(
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
)
#: What loses its vowel before another.
_ELIDED = frozenset(("le", "la", "de", "que", "ne", "je", "me", "te", "se", "jusque"))


def mended(sentence: str, edit: Edit, lexicon: Lexicon) -> Kind | None:
    """What an edit mends in the sentence; None for one that is no French, takes a name out, or only paraphrases."""
    return kind_of(edit, lexicon) if _is_written(sentence, edit, lexicon) else None


def applied(sentence: str, edit: Edit) -> str:
    """The sentence with the change."""
    return sentence[: edit.span.start] + edit.replacement + sentence[edit.span.end :]


def _is_written(sentence: str, edit: Edit, lexicon: Lexicon) -> bool:
    """Whether an edit puts French in, elided where French elides, and takes no name out."""
    kept = {token.key for token in tokens(sentence)}
    if not all(word in kept or word.endswith("'") or lexicon.knows(word) for word in edit.added):
        return False
    # A name at the beginning of a sentence, where any word has a capital.
    if sentence[edit.touched.start].isupper() and not all(
        word[0].isdigit() or lexicon.knows(word) for word in edit.removed
    ):
        return False
    return _ill_met(applied(sentence, edit)) <= _ill_met(sentence)


def _ill_met(sentence: str) -> int:
    """How often a word is not elided where it must be (*la enquête*), or is where it must not be (*l'France*)."""
    found = 0
    for word, following in pairwise(token.key for token in tokens(sentence)):
        if word.endswith("'"):
            # Whether an h is mute is not known of every word.
            found += not elides(following) and following[0] not in "hy"
        else:
            found += word in _ELIDED and elides(following)
    return found


def kind_of(edit: Edit, lexicon: Lexicon) -> Kind | None:
    """What an edit mends, by the words that it takes out and puts in; None for a mere paraphrase.

    A wrong form of a word and a paraphrase in another tense have the same lemma: only a change of gender or number is
    an agreement. A word is wrong where a single one of the same part of speech takes its place.
    """
    removed, added = edit.removed, edit.added
    if removed and sorted(removed) == sorted(added):
        return "date" if _MONTHS.intersection(removed) and any(word.isdigit() for word in removed) else "order"
    if any(_is_nonword(word, lexicon) for word in removed):
        return "nonword" if added else None
    changed = {*removed} ^ {*added}
    if changed & NUMBERS:
        return None
    pairs = [(one, other) for one, other in zip(removed, added, strict=False) if one != other]
    if len(removed) == len(added) and all(_agree_otherwise(one, other, lexicon) for one, other in pairs):
        return "agreement"
    if all(word in PREPOSITIONS or word in DETERMINERS for word in changed):
        # *Y en a*, *nous le savons*: before a verb they are pronouns.
        is_pronoun = not (removed and added) and _kinds(tokens(edit.replacement)[-1].key, lexicon) == {"VERB"}
        is_function = bool(changed & PREPOSITIONS) or len(removed) != len(added)
        return "preposition" if is_function and not is_pronoun else None
    if len(removed) != len(added) or len(pairs) != 1:
        return None
    (one, other), *_ = pairs
    shared = _kinds(one, lexicon) & _kinds(other, lexicon)
    return "wrong-word" if shared and not _lemmas(one, lexicon) & _lemmas(other, lexicon) else None


def _is_nonword(word: str, lexicon: Lexicon) -> bool:
    return word.isalpha() and len(word) >= SHORTEST_NONWORD and not lexicon.knows(word)


def _agree_otherwise(one: str, other: str, lexicon: Lexicon) -> bool:
    """Whether the two are one word in different genders or numbers, or of one person and another."""
    if any(one in group and other in group for group in _VARIANTS):
        return True
    if one in DETERMINERS or other in DETERMINERS:
        return False
    readings = [[entry for entry in lexicon.entries(word) if entry.gender or entry.number] for word in (one, other)]
    shared = [(a, b) for a in readings[0] for b in readings[1] if (a.lemma, a.pos) == (b.lemma, b.pos)]
    return bool(shared) and not any(_fit(a, b) for a, b in shared)


def _kinds(word: str, lexicon: Lexicon) -> set[str]:
    """The parts of speech with a meaning that a word may be."""
    return {entry.pos for entry in lexicon.entries(word)} & {"NOUN", "ADJ", "VERB", "ADV"}


def _fit(one: LexiconEntry, other: LexiconEntry) -> bool:
    """Whether two readings may be of the same gender and number."""
    return all(not a or not b or a == b for a, b in ((one.gender, other.gender), (one.number, other.number)))


def _lemmas(word: str, lexicon: Lexicon) -> frozenset[str]:
    return frozenset(entry.lemma for entry in lexicon.entries(word))
