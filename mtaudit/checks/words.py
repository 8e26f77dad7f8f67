"""Words that are none: what a translation model made up, misspelt, or ran together.

A form is looked at when it is all in small letters and the lexicon lacks it. It is then spared when it may be a name, a
term that the article keeps using, a quoted or explained word, part of a foreign stretch (that is the fragments
check's), or when French word formation explains it. What is left is sorted: two words run together, a slip beside a
common word, or no word at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import compress, count
from typing import Final, Literal, NamedTuple

import msgspec

from mtaudit.derivations import is_well_formed
from mtaudit.model import Analysis, Issue, Need, Rule, Span, Word
from mtaudit.resources import Lexicon
from mtaudit.spelling import distance

Kind = Literal["nonword", "misspelt", "slip", "glued"]

#: A form in small letters of French alone: compounds, abbreviations and what has another letter are passed over.
_FRENCH_FORM: Final = re.compile(r"[a-zàâæçéèêëîïôœùûüÿ]+")
#: What French spelling avoids: borrowed words, sound effects.
_FOREIGN_LOOK: Final = re.compile(r"[kw]|sh|oo|ee|ij|zz|cz|sz|sch|[aeiou]y[aeiou]?$|(.)\1\1|[^aeiouyàâæéèêëîïôœùûü]{5}")
#: Endings that French builds words with. Without one, an unknown form is a term, a dialect word or foreign.
_FRENCH_END: Final = re.compile(
    r"(?:[aiuo]bles?|[aioust]tions?|[aeu]ssions?|ments?|[ae]nces?|[ie]tés?|t?eurs?|euses?|trices?|ives?|ifs?|eux"
    r"|antes?|ants?|entes?|er|ir|és?|ées?|ait|aient|er[ao]nt|èrent|ages?|esses?|ures?|oires?|i[èe]res?|iers?|i?ell?es?|els|iels?"
    r"|ales?|aux|elles?|ivement)$"
)
#: At the head of a sentence a capital may make a name, except before the endings of abstract nouns and adjectives.
_CAPITALISED: Final = re.compile(r"[A-ZÀ-Ö][a-zà-ÿœ]{4,}(?:[aiu]bles?|[ai]tions?|ités?|[ei]ments?|[ae]nces?|iques?)")
#: Words that announce a word as such.
_ANNOUNCING: Final = frozenset(
    """dit dite dits dites nommé nommée nommés nommées appelé appelée appelés appelées baptisé baptisée surnommé
    surnommée intitulé intitulée mot mots terme termes verbe néologisme expression dénommé dénommée alias""".split()  # noqa: SIM905 - a list of words reads better so
)
#: What an infinitive follows, besides verbs; and the verbs that none follows.
_BEFORE_INFINITIVE: Final = frozenset(
    "à de d' pour sans se s' ne n' pas y en lui leur nous vous plus mieux bien puis et ou".split()  # noqa: SIM905
)
_NO_AUXILIARY: Final = re.compile(
    r"est|sont|étai(?:t|ent)|a|ont|avai(?:t|ent)|l[ae]s?|une?|des?|du|c?e[ts]?|ces|son|sa|ses"
)
#: What is most often run together with its neighbour; words that also begin or end others (`ma`, `se`) are left out.
_GRAMMATICAL: Final = frozenset(
    """le la les des de du un une et en dans que qui ne se ce sur par pour avec aux son sa ses il ils elle elles on est
    sont ont mais comme plus pas leur leurs cette ces nous vous était étaient être fait aussi déjà bien
    à""".split()  # noqa: SIM905
)
#: Marks that belong to addresses, accounts, file names, emphasis and quotations of one word.
_MARKS: Final = frozenset('@#_/\\=&%*`<>[]{}«»"“”')
#: A slip lies this near to a word; an accent counts 0.3, a letter doubled 0.5.
MAX_GAP: Final = 1.0
#: How much commoner (Zipf) the word meant must be than one with an accent or a doubled letter wrong …
SLIP_MARGIN: Final = 0.5
#: … and than a slip of a letter that is itself on record.
COMMONER: Final = 2.0
VERY_COMMON: Final = 4.0
#: Two words run together are this common (Zipf), and this long where neither is a grammatical one.
MIN_PART: Final = 2.8
LONG_PART: Final = 5
#: Forms kept from article to article, some 20 MB.
MOST_REMEMBERED: Final = 200_000
#: Code points of a quotation that holds little more than the word.
_SHORT_QUOTE: Final = 40


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The options of a word rule.

    kind: `nonword`, `misspelt` (one letter from a common word), `slip` (an accent or a doubled letter from one, which
        people get wrong and machines do not) or `glued` (two words run together).
    min_length: the fewest letters of a form that is looked at.
    max_frequency: a form as common as this (Zipf) is used in French, whatever the dictionaries say. On human press
        (sequoia, wmt19-20, wmt08-11; notebooks/nonword_alarms.py) `nonword` fires 18 times at 1 and 24 at 2, while
        machines' non-words (66 by the two Bergamot systems) are all below 1; slips above 2 are people's alone.
    max_repeats: a form that the article uses more often is a term.
    spare: forms that are words all the same.
    """

    kind: Kind
    min_length: int = 6
    max_frequency: float = 1.0
    max_repeats: int = 2
    spare: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.min_length < 3:
            raise ValueError("`min_length` must be at least 3")
        if not 0 <= self.max_frequency <= 8:
            raise ValueError("`max_frequency` is a Zipf frequency, from 0 to 8")
        if self.max_repeats < 1:
            raise ValueError("`max_repeats` must be at least 1")


class Verdict(NamedTuple):
    """What a form is, and what it should have been, likeliest first."""

    kind: Kind
    suggestions: tuple[str, ...]


class _Compiled(NamedTuple):
    """The rules, and what was learnt in this run: the forms that need no second look, nearly all words of an article,
    those that the lexicon lacks, and the verdicts on them."""

    rules: tuple[tuple[Rule, Options], ...]
    min_length: int
    known: set[str]
    lacking: set[str]
    verdicts: dict[str, Verdict | None]


def needs(rule: Rule) -> frozenset[Need]:  # noqa: ARG001 - the protocol's signature
    """The lexicon, always."""
    return frozenset({Need.LEXICON})


def compile(rules: Sequence[Rule]) -> _Compiled:
    """Each rule with its options; raises ValueError naming the rule on a bad option."""
    compiled = []
    for rule in rules:
        try:
            compiled.append((rule, msgspec.convert(rule.options, Options)))
        except (msgspec.ValidationError, ValueError) as error:
            raise ValueError(f"{rule.id}: {error}") from error
    return _Compiled(tuple(compiled), min((options.min_length for _, options in compiled), default=3), set(), set(), {})


def run(analysis: Analysis, compiled: _Compiled) -> Iterable[Issue]:
    """One issue for each place of each form at fault."""
    if analysis.lexicon is None or not compiled.rules:
        return
    lexicon = analysis.lexicon
    unknown = _unknown(analysis.forms, compiled, lexicon)
    if not unknown:
        return
    texts = analysis.texts
    places = list(compress(count(), map(unknown.__contains__, texts)))
    counts = Counter([texts[index] for index in places])
    for index in places:
        text = texts[index]
        if _spared_place(analysis, index, lexicon):
            continue
        form = text.lower()
        if form not in compiled.verdicts:
            compiled.verdicts[form] = classify(form, lexicon)
        verdict = compiled.verdicts[form]
        if verdict is None or (form != text and verdict.kind != "nonword"):
            compiled.known.add(text)  # which is no fault in any article
            continue
        for rule, options in compiled.rules:
            if options.kind == verdict.kind and _applies(form, counts[text], options, lexicon):
                word = analysis.words[index]
                confidence = 0.9 if counts[text] == 1 else 0.6
                yield rule.issue(Span(word.start, word.end), text, verdict.suggestions, confidence)


def _unknown(forms: frozenset[str], compiled: _Compiled, lexicon: Lexicon) -> set[str]:
    """The forms of an article worth a look: not in the lexicon, and not names elsewhere in the article."""
    if len(compiled.known) > MOST_REMEMBERED:
        compiled.known.clear()
        compiled.lacking.clear()
        compiled.verdicts.clear()
    unknown = set(forms - compiled.known)
    if not unknown <= compiled.lacking:
        new = unknown - compiled.lacking
        lacking = {form for form in new if _is_unknown(form, compiled.min_length, lexicon)}
        compiled.lacking.update(lacking)
        compiled.known.update(new - lacking)
        unknown -= new - lacking
    return {form for form in unknown if not form.islower() or {form.capitalize(), form.upper()}.isdisjoint(forms)}


def _is_unknown(form: str, shortest: int, lexicon: Lexicon) -> bool:
    if len(form) < shortest or not (_FRENCH_FORM.fullmatch(form) or _CAPITALISED.fullmatch(form)):
        return False
    return not lexicon.knows(form)


def _applies(form: str, count: int, options: Options, lexicon: Lexicon) -> bool:
    return (
        len(form) >= options.min_length
        and lexicon.frequency(form) < options.max_frequency
        and count <= options.max_repeats
        and form not in options.spare
    )


def _spared_place(analysis: Analysis, index: int, lexicon: Lexicon) -> bool:
    """True where a word may be a name, part of an address, quoted, explained, or foreign."""
    words, view = analysis.words, analysis.view
    word = words[index]
    previous = words[index - 1] if index and words[index - 1].sentence == word.sentence else None
    if previous is not None and word.text[0].isupper():
        return True
    before, after = view[max(word.start - 1, 0) : word.start], view[word.end : word.end + 2]
    if before in _MARKS or before == "." or after[:1] in _MARKS or (after[:1] == "." and after[1:].isalnum()):
        return True
    if after == " (" or (previous is not None and previous.text.lower() in _ANNOUNCING):
        return True
    if word.text.endswith(("er", "ers")) and not _calls_for_infinitive(previous, lexicon):
        return True
    span = Span(word.start, word.end)
    if any(quote.contains(span) and quote.end - quote.start <= _SHORT_QUOTE for quote in analysis.quotes()):
        return True
    around = words[max(index - 2, 0) : index] + words[index + 1 : index + 3]
    return any(other.sentence == word.sentence and _is_foreign(other.text, lexicon) for other in around)


def _calls_for_infinitive(previous: Word | None, lexicon: Lexicon) -> bool:
    """True after a preposition, an adverb or a verb; a form in -er elsewhere is a borrowed noun (*un latecomer*)."""
    if previous is None:
        return False
    form = previous.text.lower()
    if _NO_AUXILIARY.fullmatch(form):
        return False
    return form in _BEFORE_INFINITIVE or any(entry.pos == "VERB" for entry in lexicon.entries(form))


def _is_foreign(text: str, lexicon: Lexicon) -> bool:
    """True for an unknown word, unless its capital may make it a name and no foreign language has it often."""
    form = text.lower()
    if len(form) < 2 or form[-1] == "'" or "-" in form or lexicon.knows(text):
        return False
    return (form == text and len(form) > 2) or lexicon.foreign_frequency(form) >= lexicon.frequency(form) + 1.0


def classify(form: str, lexicon: Lexicon) -> Verdict | None:
    """What is wrong with a form that the lexicon lacks, or None when it may well be a word.

    An accent or a doubled letter goes before a parting, a parting before a wrong letter (`dansdes` is not `danses`).
    """
    if _FOREIGN_LOOK.search(form) or lexicon.foreign_frequency(form) > 0 or is_well_formed(form, lexicon):
        return None
    suggestions = lexicon.suggest(form, 8)
    near = [word for word in suggestions if distance(form, word) <= MAX_GAP]
    slight = any(
        distance(form, word) < MAX_GAP and lexicon.frequency(word) >= lexicon.frequency(form) + SLIP_MARGIN
        for word in near
    )
    if not slight and (parted := _part(form, lexicon)):
        return Verdict("glued", (parted,))
    if slight:
        return Verdict("slip", tuple(near[:3]))
    if near:
        return Verdict("misspelt", tuple(near[:3])) if _is_slip(form, near, lexicon) else None
    return Verdict("nonword", suggestions[:3]) if _FRENCH_END.search(form) else None


def _is_slip(form: str, near: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether one wrong letter may be thought a slip.

    What the web writes now and then is none (*distanciel* beside *distancier*) unless the word meant is far commoner;
    what neither looks French nor lies beside a very common word is a foreign one.
    """
    target = max(map(lexicon.frequency, near))
    if lexicon.frequency(form) > max(target - COMMONER, 0.0):
        return False
    return bool(_FRENCH_END.search(form) or not form.isascii() or (len(form) > 6 and target >= VERY_COMMON))


def _part(form: str, lexicon: Lexicon) -> str | None:
    """The two words that were run together, or None: a grammatical word and a common one, or two long common ones."""
    for at in range(1, len(form)):
        left, right = form[:at], form[at:]
        grammatical = (left in _GRAMMATICAL and len(right) >= 4) or (
            right in _GRAMMATICAL and len(right) >= 2 and len(left) >= 4
        )
        # Two common words may also make a rare one: *développemental*.
        long = min(len(left), len(right)) >= LONG_PART and not lexicon.frequency(form)
        if (grammatical or long) and all(
            part in _GRAMMATICAL
            or (lexicon.knows(part) and lexicon.frequency(part) >= max(MIN_PART, lexicon.foreign_frequency(part) - 1.0))
            for part in (left, right)
        ):
            return f"{left} {right}"
    return None
