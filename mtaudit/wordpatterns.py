"""Patterns of words as rules state them.

They are words in lower case: `*` ends a stem, `|` parts alternatives, `…` stands for up to four words.
"""

from __future__ import annotations

import re

#: What parts two words of a sentence.
BLANK = r"[^\w.;:!?]{1,3}"


def regex_of(pattern: str) -> str:
    """A pattern as a regular expression; every part of it is bounded."""
    parts: list[str] = []
    joint = r"(?<![\w-])"
    for word in pattern.split():
        if word == "…":
            between = rf"(?:{BLANK}\w[\w-]*)"
            # Nothing parts an elided word from the next, so that the gap after one begins with a word.
            parts.append(rf"(?:\w[\w-]*{between}{{0,3}}?{BLANK})??" if not joint else between + "{0,4}?")
            continue
        choices = "|".join(re.escape(choice).replace(r"\*", r"[\w-]*") for choice in word.split("|"))
        parts.append(f"{joint}(?:{choices})")
        joint = "" if word.endswith("'") else BLANK
    return "".join(parts) + r"(?![\w-])"


def stem_of(pattern: str) -> str:
    """The first stem of a pattern, or nothing."""
    choices = (choice for word in pattern.split() for choice in word.split("|"))
    return next((choice.rstrip("*") for choice in choices if choice.endswith("*")), "")
