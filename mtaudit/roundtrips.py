"""Sentences, of however many articles, to their round trips: French to English and back, and what that shows.

All sentences that are handed over go through each step together, so that the translator can put those of one length
into one batch whichever article they are from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from mtaudit.edits import Edit, edits, share_kept, tokens
from mtaudit.errors import EngineError
from mtaudit.repairs import Kind, applied, mended
from mtaudit.resources import Lexicon
from mtaudit.translations import NOT_SCORED, Hypothesis, Repair, RoundTrip, Translating, Way

#: Hypotheses that are followed: greedy search, in which the model's card gives its scores.
BEAM: Final = 1
#: Code points beyond which a stretch is a table or a dump, as for the parser, and no sentence.
LONGEST: Final = 5_000
#: Edits of one sentence that are scored, each of which costs as much as the sentence did, …
MOST_SCORED: Final = 4
#: … and the least that forced decoding must hold against the words as they stand, in nats: a likely word has no better.
LEAST_DOUBT: Final = 1.0

TOO_LONG: Final = f"of over {LONGEST} characters"
UNREADABLE: Final = "without a word that the model can read"
UNTRANSLATED: Final = "of which the model made nothing"
_SURROGATES = re.compile("[\ud800-\udfff]")


def round_trips(sentences: Sequence[str], translator: Translating, lexicon: Lexicon | None) -> list[RoundTrip]:
    """The round trip of each sentence; one that was left out says why.

    `sentences` have plain blanks and straight apostrophes, as `Analysis.view`. Without a lexicon no repairs are sought:
    it tells what an edit mends. The translator's EngineError becomes the `failure` of what it was asked for.
    """
    texts = [_SURROGATES.sub("\ufffd", sentence) for sentence in sentences]
    short = [text for text in dict.fromkeys(texts) if len(text) <= LONGEST]
    try:
        made = _translated(short, translator)
        made = _repaired(made, translator, lexicon) if lexicon is not None else made
    except EngineError as error:
        made = {text: RoundTrip(text, translator.digest, failure=error.reason) for text in short}
    return [made.get(text) or RoundTrip(text, translator.digest, reason=TOO_LONG) for text in texts]


def left_out(trips: Iterable[RoundTrip | None]) -> list[str]:
    """What was not translated, or not scored, of an article: a line for each reason."""
    counts: Counter[str] = Counter()
    for trip in trips:
        if trip is None or trip.failure:
            continue
        if trip.reason:
            counts[f"{trip.reason}, not translated"] += 1
        elif trip.pivot.parts > 1 or trip.back.parts > 1:
            counts["too long for the model, translated in parts and not scored"] += 1
        elif trip.given.reason:
            counts["not scored, for their translation cannot be"] += 1
    return [f"{number} sentence(s) {what}" for what, number in counts.items()]


def _translated(texts: Sequence[str], translator: Translating) -> dict[str, RoundTrip]:
    """There and back, with the likelihood of what stood there, but no repairs."""
    pivots = _best(translator, texts, Way.FR_EN)
    made = {text: RoundTrip(text, translator.digest, reason=UNREADABLE) for text in texts}
    gone = [text for text in texts if pivots[text].parts]
    backs = _best(translator, list(dict.fromkeys(pivots[text].text for text in gone)), Way.EN_FR)
    whole = [text for text in gone if pivots[text].parts == backs[pivots[text].text].parts == 1]
    scored = translator.score([pivots[text].text for text in whole], whole, Way.EN_FR)
    given = dict(zip(whole, scored, strict=True))
    for text in gone:
        pivot, back = pivots[text], backs[pivots[text].text]
        if not back.parts:
            made[text] = replace(made[text], reason=UNTRANSLATED)
            continue
        kept = share_kept(tokens(text), tokens(back.text))
        made[text] = RoundTrip(text, translator.digest, pivot, back, given.get(text, NOT_SCORED), kept)
    return made


def _best(translator: Translating, texts: Sequence[str], way: Way) -> dict[str, Hypothesis]:
    found = translator.translate(texts, way, BEAM)
    return {text: hypotheses[0] for text, hypotheses in zip(texts, found, strict=True)}


def _repaired(made: Mapping[str, RoundTrip], translator: Translating, lexicon: Lexicon) -> dict[str, RoundTrip]:
    """The same with the repairs that the way back suggests, each scored in its sentence, all in one go."""
    wanted = {text: _candidates(trip, lexicon) for text, trip in made.items() if trip.given.pieces}
    jobs = [(text, edit, kind) for text, found in wanted.items() for edit, kind in found]
    scored = translator.score(
        [made[text].pivot.text for text, *_ in jobs], [applied(text, edit) for text, edit, _ in jobs], Way.EN_FR
    )
    repairs: dict[str, list[Repair]] = {text: [] for text in wanted}
    for (text, edit, kind), instead in zip(jobs, scored, strict=True):
        if instead.pieces:
            gain = instead.log_probability - made[text].given.log_probability
            repairs[text].append(Repair(edit.span, edit.replacement, kind, gain))
    return {text: replace(trip, repairs=tuple(repairs.get(text, ()))) for text, trip in made.items()}


def _candidates(trip: RoundTrip, lexicon: Lexicon) -> list[tuple[Edit, Kind]]:
    """The edits that may be repairs, those of the least likely words first."""
    doubted = []
    for edit in edits(trip.sentence, trip.back.text):
        doubt = -trip.given.of(edit.touched)
        if doubt >= LEAST_DOUBT and (kind := mended(trip.sentence, edit, lexicon)):
            doubted.append((doubt, edit, kind))
    doubted.sort(key=lambda each: -each[0])
    return [(edit, kind) for _, edit, kind in doubted[:MOST_SCORED]]
