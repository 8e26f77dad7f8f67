"""Words, phrases, sentences and paragraphs said twice, and the loops into which neural translation falls.

Words are compared once for all detectors, which look at the text only where two are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress, count
from typing import NamedTuple

import msgspec

from mtaudit.model import Analysis, Issue, Need, Rule, Sentence, Span, Word

#: Longest phrase, in words, whose repetition is looked for.
LONGEST_PHRASE = 6
#: What a byte holds of the length of a word.
_LONGEST_WORD = 255
_ZEROS = tuple(map(bytes, range(LONGEST_PHRASE + 1)))
#: Makes a flag of a byte: whether it is zero.
_IS_ZERO = b"\1" + bytes(255)

#: What follows the Latin *a*.
_LATIN = frozenset(("priori", "posteriori", "fortiori", "contrario", "minima", "maxima", "cappella", "capella"))


#: What copies of a sentence may differ in.
_ENDS = " \"'«»“”.!?…–-"


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`detector`: one of DETECTORS.

    `only`: doubled-word fires on these words alone. `spare`: words (lower case) that may be repeated. `times`: how
    often a loop repeats. `shortest`, `longest`: words of a doubled phrase. `min_words`: the shortest sentence or
    paragraph that counts as a duplicate.
    """

    detector: str
    only: tuple[str, ...] = ()
    spare: tuple[str, ...] = ()
    times: int = 3
    min_words: int = 8
    shortest: int = 2
    longest: int = LONGEST_PHRASE

    def __post_init__(self) -> None:
        if self.detector not in DETECTORS:
            raise ValueError(f"no detector {self.detector!r}; known: {', '.join(DETECTORS)}")
        if not 2 <= self.shortest <= self.longest <= LONGEST_PHRASE:
            raise ValueError(f"`shortest` and `longest` must lie between 2 and {LONGEST_PHRASE}")
        if self.times < 2 or self.min_words < 1:
            raise ValueError("`times` must be at least 2 and `min_words` at least 1")


class Found(NamedTuple):
    """A repetition: what it covers, and what should stand there."""

    span: Span
    suggestions: tuple[str, ...] = ()


class _Stream(NamedTuple):
    """The words, in lower case too; `runs[k]` says where k words equal the k words after them (see `_runs`)."""

    words: Sequence[Word]
    lower: list[str]
    runs: tuple[Sequence[int], ...]


class Settings(NamedTuple):
    """Options made ready for look-ups."""

    only: frozenset[str]
    spare: frozenset[str]
    times: int
    min_words: int
    sizes: range


Detector = Callable[[Analysis, _Stream, Settings], Iterator[Found]]


def needs(rule: Rule) -> frozenset[Need]:  # noqa: ARG001 (the protocol's signature)
    """Nothing: the surface is enough."""
    return frozenset()


def compile(rules: Sequence[Rule]) -> tuple[tuple[Rule, Detector, Settings], ...]:
    """Each rule with its detector; raises ValueError naming the rule on a bad option."""
    compiled = []
    for rule in rules:
        try:
            options = msgspec.convert(rule.options, Options)
        except (msgspec.ValidationError, ValueError) as error:
            raise ValueError(f"{rule.id}: {error}") from error
        settings = Settings(
            frozenset(options.only),
            frozenset(options.spare),
            options.times,
            options.min_words,
            range(options.longest, options.shortest - 1, -1),
        )
        compiled.append((rule, DETECTORS[options.detector], settings))
    return tuple(compiled)


def run(analysis: Analysis, compiled: tuple[tuple[Rule, Detector, Settings], ...]) -> Iterable[Issue]:
    """One issue for each repetition."""
    stream = _stream(analysis)
    repeated = any(stream.runs)
    for rule, detector, settings in compiled:
        if not repeated and detector not in _OF_PASSAGES:
            continue
        for found in detector(analysis, stream, settings):
            match = analysis.text[found.span.start : found.span.end]
            yield rule.issue(found.span, match, found.suggestions)


def _stream(analysis: Analysis) -> _Stream:
    """All comparisons are made here, since repetitions are rare and words are many.

    The lengths of words are compared, as differences of long integers: only where they are equal, the words are. The
    lengths of two words are those of the next two once in fifty times.
    """
    lower = analysis.lowered
    # A byte a word, made without a loop as long as no word is longer than any word is; of a list in half the time.
    try:
        codes = bytes(list(map(len, lower)))
    except ValueError:
        codes = bytes(min(len(word), _LONGEST_WORD) for word in lower)
    length = len(codes)
    whole = int.from_bytes(codes, "little")
    runs: list[Sequence[int]] = [()]
    for size in range(1, LONGEST_PHRASE + 1):
        # The last `size` words have none to be compared with.
        differ = (whole ^ (whole >> 8 * size)).to_bytes(length, "little")[: max(0, length - size)]
        if size == 1:
            runs.append(_doubled(lower, differ))
        else:
            runs.append(_runs(lower, differ, size) if _ZEROS[size] in differ else ())
    return _Stream(analysis.words, lower, tuple(runs))


def _doubled(lower: list[str], differ: bytes) -> list[int]:
    """What `_runs` finds for single words, where one place in eight is worth a look: too many for its loop."""
    places = [place for place in compress(count(), differ.translate(_IS_ZERO)) if lower[place] == lower[place + 1]]
    return [place for place in places if not place or lower[place - 1] != lower[place]]


def _runs(lower: list[str], differ: bytes, size: int) -> list[int]:
    """Where `size` words equal the `size` words after them; the first of each run only.

    `differ[i]` is zero where word i may equal word i + size: where the two are of one length.
    """
    runs = []
    wanted = _ZEROS[size]
    place = differ.find(wanted)
    while place >= 0:
        end = place
        while end < len(differ) and lower[end] == lower[end + size]:
            end += 1
        if end - place >= size:
            runs.append(place)
        place = differ.find(wanted, max(end, place + 1))
    return runs


def _blank_between(analysis: Analysis, one: Word, two: Word) -> bool:
    gap = analysis.text[one.end : two.start]
    return not gap.strip() and "\n" not in gap


def _comma_between(analysis: Analysis, one: Word, two: Word) -> bool:
    gap = analysis.text[one.end : two.start]
    return gap.strip() in ("", ",") and "\n" not in gap


def _doubled_word(analysis: Analysis, stream: _Stream, settings: Settings) -> Iterator[Found]:
    """`le le`; elided `l' l'` too. Names (*Duran Duran*) are spared, unless the rule lists the word."""
    words, lower, _ = stream
    for index in stream.runs[1]:
        one = lower[index]
        if one in settings.spare or (settings.only and one not in settings.only):
            continue
        left, right = words[index], words[index + 1]
        if not any(map(str.isalpha, one)) or not _blank_between(analysis, left, right):
            continue
        # A second capital makes a name or the start of something: "Duran Duran", "à la La Rochelle", "de De Gaulle".
        if right.text[0].isupper() or _looped(lower, index, 1) > 2:
            continue
        after = words[index + 2].text if index + 2 < len(words) else ""
        # "de de Klerk", "le Le Mans", "il n'a a priori": a particle of a name, a Latin phrase.
        if after[:1].isupper() or (one == "a" and after in _LATIN):
            continue
        yield Found(Span(left.start, right.end), (analysis.text[left.start : left.end],))


def _doubled_phrase(analysis: Analysis, stream: _Stream, settings: Settings) -> Iterator[Found]:
    """Two to six words said twice running, with nothing between."""
    words, lower, _ = stream
    last = -1
    for size in settings.sizes:
        for index in stream.runs[size]:
            if index <= last or _looped(lower, index, size) > 2:
                continue
            phrase = lower[index : index + size]
            if len(set(phrase)) == 1 or sum(map(len, phrase)) < 6:
                continue
            # "encore et encore et", "de plus en plus en": pairs with a small word inside are idioms.
            if size == 2 and settings.spare.intersection(phrase):
                continue
            span = words[index : index + 2 * size]
            if not all(map(_blank_between, [analysis] * len(span), span, span[1:])):
                continue
            # "le Mexique Le Mexique": a heading without a stop, then its paragraph.
            if span[size].text[0].isupper() and not span[0].text[0].isupper():
                continue
            kept = analysis.text[span[0].start : span[size - 1].end]
            yield Found(Span(span[0].start, span[-1].end), (kept,))
            last = index + 2 * size - 1


def _loop(analysis: Analysis, stream: _Stream, settings: Settings) -> Iterator[Found]:
    """The same one to six words again and again, commas between them or not."""
    words, lower, _ = stream
    covered = -1
    for size in range(1, LONGEST_PHRASE + 1):
        for index in stream.runs[size]:
            times = _looped(lower, index, size)
            # One word alone is emphasis or onomatopoeia until it is very many.
            if index <= covered or times < (settings.times if size > 1 else settings.times + 1):
                continue
            phrase = lower[index : index + size]
            if settings.spare.issuperset(phrase) or not any(map(str.isalpha, phrase[0])):
                continue
            span = words[index : index + times * size]
            if not all(map(_comma_between, [analysis] * len(span), span, span[1:])):
                continue
            # "Le Brexit, le Brexit, le Brexit": with commas, three times is rhetoric.
            if times <= settings.times and not all(map(_blank_between, [analysis] * len(span), span, span[1:])):
                continue
            covered = index + times * size - 1
            yield Found(Span(span[0].start, span[-1].end), (analysis.text[span[0].start : span[size - 1].end],))


def _looped(lower: list[str], index: int, size: int) -> int:
    """How often the `size` words at `index` follow each other."""
    phrase, times = lower[index : index + size], 1
    while lower[index + times * size : index + (times + 1) * size] == phrase:
        times += 1
    return times


def _duplicate_sentence(analysis: Analysis, stream: _Stream, settings: Settings) -> Iterator[Found]:
    """A sentence of the article that stands in it again; paragraphs repeated whole are left to their own detector."""
    spans = _repeated(analysis.lower, [sentence.span for sentence in analysis.sentences], settings.min_words)
    if spans:
        whole = [found.span for found in _duplicate_paragraph(analysis, stream, settings)]
        yield from (Found(span) for span in spans if not any(paragraph.contains(span) for paragraph in whole))


def _duplicate_paragraph(analysis: Analysis, stream: _Stream, settings: Settings) -> Iterator[Found]:  # noqa: ARG001
    """A paragraph of two sentences or more that stands in the article again."""
    if len({sentence.paragraph for sentence in analysis.sentences}) == len(analysis.sentences):
        return
    spans = [
        Span(members[0].span.start, members[-1].span.end)
        for members in _paragraphs(analysis.sentences)
        if len(members) > 1
    ]
    yield from map(Found, _repeated(analysis.lower, spans, settings.min_words))


def _repeated(lower: str, spans: Sequence[Span], min_words: int) -> list[Span]:
    """The spans whose text, but for the marks at its ends, is that of one before them."""
    keys = [lower[start:end].strip(_ENDS) for start, end in spans]
    seen: set[str] = set()
    found: list[Span] = []
    if len(set(keys)) == len(keys):
        return found
    for key, span in zip(keys, spans, strict=True):
        if key in seen and len(key.split()) >= min_words:
            found.append(span)
        seen.add(key)
    return found


def _paragraphs(sentences: Iterable[Sentence]) -> Iterator[list[Sentence]]:
    members: list[Sentence] = []
    for sentence in sentences:
        if members and sentence.paragraph != members[-1].paragraph:
            yield members
            members = []
        members.append(sentence)
    if members:
        yield members


#: What a rule may select.
DETECTORS: Mapping[str, Detector] = {
    "doubled-word": _doubled_word,
    "doubled-phrase": _doubled_phrase,
    "loop": _loop,
    "duplicate-sentence": _duplicate_sentence,
    "duplicate-paragraph": _duplicate_paragraph,
}
#: Those that do not look at runs of words.
_OF_PASSAGES = frozenset((_duplicate_sentence, _duplicate_paragraph))
