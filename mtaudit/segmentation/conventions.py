"""What the segmenter must know of a language: data only, so that the algorithm stays free of any language."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conventions:
    """Lists and shapes of one language's news copy.

    Abbreviations are written without their final stop, and with the case in which they are met.
    All patterns are matched from the start of a stretch of text.
    """

    #: A stop after these never ends a sentence: titles, "cf", "av".
    never_final: frozenset[str]
    #: A stop after these ends nothing before a figure, a Roman numeral or a small letter: "p", "art", "vol".
    before_number: frozenset[str]
    #: A stop after these ends a sentence only before a capital: "etc", months.
    before_small: frozenset[str]
    #: A stop after these ends a sentence only before one of `openers`: "Inc", "Cie".
    before_name: frozenset[str]
    #: Capitalised function words that open sentences and are hardly ever names.
    openers: frozenset[str]
    #: Words that cannot end a line of their own, in small letters: articles, prepositions.
    unfinished: frozenset[str]
    #: Mixed-case names that are no glued words, in small letters.
    mixed_case: frozenset[str]
    #: The head of a dispatch, with the dash or the brackets that end it.
    dateline: re.Pattern[str]
    #: A date alone, a time stamp, an address, "Published on ...": the whole line.
    metadata: re.Pattern[str]
    #: The start of a label line for tags: the whole line is metadata.
    tags: re.Pattern[str]
    #: The start of a line that belongs to the page and not to the article.
    boilerplate: re.Pattern[str]
    #: An agency's signature alone: "(AFP)".
    credit: re.Pattern[str]
    #: A date, where a cut-off teaser ends and its date begins.
    date: re.Pattern[str]
