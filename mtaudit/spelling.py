"""How near two French spellings lie: variants that differ by accents or one edit, and a ranking by likelihood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôûùü"
_FIRST_ACCENTS: Final = {"a": "àâ", "c": "ç", "e": "éèê", "i": "î", "o": "ô", "u": "ù"}
#: Spellings of 1990: an accent that went (`connaitre`) or turned (`évènement`), and a moved diaeresis (`ambigüité`).
_REFORMED: Final = (("i", "î"), ("u", "û"), ("è", "é"), ("è", "e"), ("üi", "uï"), ("üe", "uë"), ("ü", "u"), ("ï", "i"))
_PLAIN: Final = str.maketrans("àâäçéèêëîïôöûùüÿ", "aaaceeeeiioouuuy")
#: Candidates for which a distance is computed: it costs 30 microseconds.
MOST_WEIGHED: Final = 40
_SISTERS: Final = {"a": "aàâ", "c": "cç", "e": "eéèêë", "i": "iîï", "o": "oô", "u": "uùûü"}


def accent_variants(form: str, *, capital: bool) -> Iterator[str]:
    """Older spellings of a form, and its accented beginnings when it was written with a bare capital."""
    if capital:
        for accented in _FIRST_ACCENTS.get(form[:1], ""):
            yield accented + form[1:]
    for new, old in _REFORMED:
        at = form.find(new)
        while at >= 0:
            yield form[:at] + old + form[at + len(new) :]
            at = form.find(new, at + 1)


def plain(form: str) -> str:
    """The form in lower case without accents or ligatures."""
    return form.lower().replace("œ", "oe").replace("æ", "ae").translate(_PLAIN)


def single_edits(form: str) -> Iterator[str]:
    """Every string one deletion, swap of neighbours, replacement or insertion away; repeats are possible."""
    for at in range(len(form) + 1):
        left, right = form[:at], form[at:]
        if right:
            yield left + right[1:]
            if len(right) > 1:
                yield left + right[1] + right[0] + right[2:]
        for letter in _LETTERS:
            yield left + letter + right
            if right:
                yield left + letter + right[1:]


def slight_edits(form: str) -> Iterator[str]:
    """The strings that differ by one accent or by one letter doubled or undoubled, within `distance` 0.5."""
    for at, letter in enumerate(form):
        left, right = form[:at], form[at + 1 :]
        for other in _SISTERS.get(letter.translate(_PLAIN), ""):
            if other != letter:
                yield left + other + right
        yield left + letter + letter + right
        if right[:1] == letter:
            yield left + right


def distance(one: str, other: str) -> float:
    """Damerau-Levenshtein distance where an accent costs 0.3 and a letter doubled or undoubled 0.5."""
    # What both share at their ends costs nothing; one letter stays on either side, since a doubled one may lean on it.
    start = max(_shared(one, other) - 1, 0)
    stop = min(_shared(one[::-1], other[::-1]) - 1, len(one) - start - 1, len(other) - start - 1)
    if stop > 0:
        one, other = one[:-stop], other[:-stop]
    one, other = one[start:], other[start:]
    bare, bare_other = one.translate(_PLAIN), other.translate(_PLAIN)
    before: list[float] = []
    row = [float(at) for at in range(len(other) + 1)]
    for i, a in enumerate(one):
        older, before, row = before, row, [i + 1.0]
        drop = 0.5 if i and a == one[i - 1] else 1.0
        for j, b in enumerate(other):
            swap = 0.0 if a == b else 0.3 if bare[i] == bare_other[j] else 1.0
            add = 0.5 if j and b == other[j - 1] else 1.0
            cost = min(before[j] + swap, before[j + 1] + drop, row[j] + add)
            if i and j and a == other[j - 1] and b == one[i - 1]:
                cost = min(cost, older[j - 1] + 1.0)
            row.append(cost)
    return row[-1]


def rank_candidates(
    form: str, candidates: Iterable[str], frequency: Callable[[str], float], limit: int
) -> tuple[str, ...]:
    """Candidates, likeliest first, where `frequency` gives the Zipf frequency of one.

    The score is the distance, less what the two share at both ends, less a part of the frequency; words further off
    than 40 % of the form's letters are left out. Only those that share most letters at their ends are weighed.
    """
    length = len(form)
    back, least = form[::-1], min(0.5 * length, length - 2)
    shared = [(_shared(form, word) + _shared(back, word[::-1]), word) for word in candidates]
    nearest = sorted(
        (abs(len(word) - length) - 2 * count, word, min(count, length)) for count, word in shared if count >= least
    )
    scored = []
    for _, word, count in nearest[:MOST_WEIGHED]:
        gap = distance(form, word)
        if gap <= max(1.0, 0.4 * length):
            scored.append((gap - count / length - 0.15 * frequency(word), word))
    return tuple(word for _, word in sorted(scored)[:limit])


def _shared(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
