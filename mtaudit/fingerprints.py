"""What makes a finding the same one in the next run, whatever was written above or below it in the meantime.

A fingerprint is made of the rule, the sentence, and the issue's place among those of the same rule in the same
sentence. Line numbers and offsets are left out: they move with every paragraph that is inserted. Two like sentences
have like fingerprints: who compares two runs counts them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from mtaudit.model import Issue, Sentence

#: The name under which a fingerprint is written down; a new way of making them takes a new number.
NAME = "ruleAndSentence/v1"

_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ´‘", "'") | dict.fromkeys("“”«»", '"'))


def fingerprint(rule: str, sentence: str, occurrence: int = 0) -> str:
    """32 hexadecimal digits. `occurrence` counts from 0 the issues of the rule in the sentence."""
    told = f"{rule}\n{normalised(sentence)}\n{occurrence}"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def normalised(sentence: str) -> str:
    """The sentence without what a change of typography changes: blanks, apostrophes, quotation marks, capitals."""
    plain = unicodedata.normalize("NFKC", sentence).translate(_APOSTROPHES)
    return _BLANKS.sub("", plain).casefold()


def fingerprints(text: str, groups: Iterable[tuple[Sentence, Sequence[Issue]]]) -> list[list[str]]:
    """For each sentence of an article's `text`, the fingerprints of its issues in the order given."""
    made = []
    for sentence, issues in groups:
        seen: Counter[str] = Counter()
        row = []
        for issue in issues:
            row.append(fingerprint(issue.rule, text[slice(*sentence.span)], seen[issue.rule]))
            seen[issue.rule] += 1
        made.append(row)
    return made
