"""What a second wording of a sentence changes in it, a word or two at a time.

Words are aligned whatever their typography: capitals, quotation marks, apostrophes, blanks, ligatures and punctuation
are no change. Spans are those of the sentence as it stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from mtaudit.model import Span
from mtaudit.spelling import plain

#: An edit takes out, and puts in, so many words at most; one that only moves words may span so many.
MOST_WORDS: Final = 2
MOST_MOVED: Final = 4
#: Words beside an edit, both sides together, that have to be the same: a lone *de* is found in any two sentences. The
#: end of the sentence counts for one.
ANCHOR: Final = 3

#: Numbers with their separators, and words with inner hyphens; what is elided is a word of its own, `l'`.
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:-[^\W\d_]+)*'?")
_APOSTROPHES = str.maketrans("’‘ʼ´", "''''")
#: What may part the words of an edit.
_JOIN = re.compile(r"[ -]*")


class Token(NamedTuple):
    """A word or a number: as it is compared, as it stands, and where."""

    key: str
    text: str
    start: int
    end: int


class Edit(NamedTuple):
    """A change of a word or two; `span`, `replacement`, `removed` and `added` are those of `translations.Repair`.

    `touched` is where the words stand whose likelihood decides: those taken out, or the word before which some are put.
    """

    span: Span
    replacement: str
    removed: tuple[str, ...]
    added: tuple[str, ...]
    touched: Span


class _Block(NamedTuple):
    """Words of one text, and those of the other in their place: half-open ranges of tokens."""

    first: int
    last: int
    other_first: int
    other_last: int


def tokens(text: str) -> list[Token]:
    """The words and numbers of a text, in order."""
    folded = text.translate(_APOSTROPHES)
    return [
        Token(match[0].lower().replace("œ", "oe").replace("æ", "ae"), match[0], *match.span())
        for match in _WORD.finditer(folded)
    ]


def share_kept(words: Sequence[Token], others: Sequence[Token]) -> float:
    """The share of the words that the others have too, wherever they stand; 0 for no words."""
    kept = Counter(word.key for word in words) & Counter(word.key for word in others)
    return kept.total() / len(words) if words else 0.0


def edits(sentence: str, other: str) -> list[Edit]:
    """The changes of a word or two that make the sentence more like the other, in order.

    Each stands by itself between words that are the same in both, and can be made without the rest. A change of a
    name or a number is none, unless only the order changes. It takes the square of the number of words.
    """
    ours, theirs = tokens(sentence), tokens(other)
    ours, theirs = _reconciled(ours, theirs), _reconciled(theirs, ours)
    blocks = list(_joined(_blocks(ours, theirs), ours, theirs))
    begun = 0
    found = []
    for number, block in enumerate(blocks):
        following = blocks[number + 1].first if number + 1 < len(blocks) else len(ours)
        same = block.first - begun + following - block.last
        ends = (block.first == 0) + (block.last == len(ours))
        begun = block.last
        if same + ends >= ANCHOR and (edit := _edit(sentence, other, ours, theirs, block)):
            found.append(edit)
    return found


def _reconciled(words: list[Token], others: Sequence[Token]) -> list[Token]:
    """The words, compared with their accents as the others have them where a capital stands: `Etat` is `État`."""
    known = {word.key for word in others}
    bare = {word.key[1:]: word.key for word in others if not word.key[0].isascii()}
    return [
        word._replace(key=bare[word.key[1:]])
        if word.key not in known and word.text[0].isupper() and plain(bare.get(word.key[1:], "")) == word.key
        else word
        for word in words
    ]


def _blocks(ours: Sequence[Token], theirs: Sequence[Token]) -> list[_Block]:
    """Where two sequences differ, by an alignment of the fewest edits (Levenshtein), in order."""
    start = 0
    while start < min(len(ours), len(theirs)) and ours[start].key == theirs[start].key:
        start += 1
    stop = 0
    while stop < min(len(ours), len(theirs)) - start and ours[-1 - stop].key == theirs[-1 - stop].key:
        stop += 1
    rows, columns = len(ours) - start - stop, len(theirs) - start - stop
    one = [word.key for word in ours[start : start + rows]]
    other = [word.key for word in theirs[start : start + columns]]
    # costs[i][j]: edits between what is left of both from i and j on.
    costs = [[0] * (columns + 1) for _ in range(rows + 1)]
    for j in range(columns):
        costs[rows][j] = columns - j
    for i in range(rows - 1, -1, -1):
        key, row, below = one[i], costs[i], costs[i + 1]
        row[columns] = last = rows - i
        for j in range(columns - 1, -1, -1):
            if key == other[j]:
                last = below[j + 1]
            else:
                # The least of three, which `min` takes three times as long to find.
                swap, drop = below[j + 1], below[j]
                last = 1 + (swap if swap <= drop and swap <= last else min(drop, last))
            row[j] = last
    blocks: list[_Block] = []
    i = j = 0
    begun: tuple[int, int] | None = None
    while i < rows or j < columns:
        if i < rows and j < columns and one[i] == other[j]:
            if begun:
                blocks.append(_Block(begun[0] + start, i + start, begun[1] + start, j + start))
                begun = None
            i, j = i + 1, j + 1
            continue
        begun = begun or (i, j)
        here = costs[i][j] - 1
        if i < rows and j < columns and costs[i + 1][j + 1] == here:
            i, j = i + 1, j + 1
        elif i < rows and costs[i + 1][j] == here:
            i += 1
        else:
            j += 1
    if begun:
        blocks.append(_Block(begun[0] + start, rows + start, begun[1] + start, columns + start))
    return blocks


def _joined(blocks: Sequence[_Block], ours: Sequence[Token], theirs: Sequence[Token]) -> Iterator[_Block]:
    """The blocks; two neighbours that hold the same words in another order, with what is between them, are one."""
    number = 0
    while number < len(blocks):
        block = blocks[number]
        if number + 1 < len(blocks):
            following = blocks[number + 1]
            whole = _Block(block.first, following.last, block.other_first, following.other_last)
            if whole.last - whole.first <= MOST_MOVED and _is_move(whole, ours, theirs):
                yield whole
                number += 2
                continue
        yield block
        number += 1


def _is_move(block: _Block, ours: Sequence[Token], theirs: Sequence[Token]) -> bool:
    one = sorted(word.key for word in ours[block.first : block.last])
    return bool(one) and one == sorted(word.key for word in theirs[block.other_first : block.other_last])


def _edit(sentence: str, other: str, ours: Sequence[Token], theirs: Sequence[Token], block: _Block) -> Edit | None:
    """The edit of a block, None for one that is too large, changes a name or a number, or reaches over punctuation."""
    removed, added = ours[block.first : block.last], theirs[block.other_first : block.other_last]
    move = _is_move(block, ours, theirs)
    if max(len(removed), len(added)) > (MOST_MOVED if move else MOST_WORDS):
        return None
    if not move and any(_is_fixed(word, place or block.first) for place, word in enumerate(removed)):
        return None
    if not move and any(word.text[0].isdigit() for word in added):
        return None
    if _unhyphened(removed) == _unhyphened(added):
        return None
    if not (_is_one_stretch(sentence, removed) and _is_one_stretch(other, added)):
        return None
    text = other[added[0].start : added[-1].end] if added else ""
    if removed and added:
        span = Span(removed[0].start, removed[-1].end)
        replacement = _cased(text, added[0], removed[0], block)
        if removed[-1].text.endswith("'") != added[-1].text.endswith("'"):
            # `l'arbre` becomes `un arbre`: with the word that leans on it.
            last = _leant(ours, block.last)
            span = Span(span.start, ours[last - 1].end)
            right = sentence[ours[min(block.last, last - 1)].start : span.end] if last > block.last else ""
            replacement = _together(replacement, right)
        touched = Span(removed[0].start, removed[-1].end)
    else:
        widened = _widened(sentence, ours, block, text)
        if widened is None:
            return None
        span, replacement = widened
        following = ours[block.last]
        touched = Span(removed[0].start, removed[-1].end) if removed else Span(following.start, following.end)
    if _is_glued(sentence, span):
        return None
    return Edit(span, replacement, tuple(word.key for word in removed), tuple(word.key for word in added), touched)


def _unhyphened(words: Sequence[Token]) -> str:
    return " ".join(word.key for word in words).replace("-", " ")


def _is_fixed(word: Token, place: int) -> bool:
    """Names and numbers, which no round trip knows better."""
    return word.text[0].isdigit() or (word.text[0].isupper() and place > 0)


def _is_one_stretch(text: str, words: Sequence[Token]) -> bool:
    return all(_JOIN.fullmatch(text, one.end, other.start) for one, other in pairwise(words))


def _cased(text: str, first: Token, replaced: Token, block: _Block) -> str:
    """The words with the capitals of what they replace, where these are those of a beginning or of a whole line."""
    if len(replaced.text) > 2 and replaced.text.isupper():
        return text.upper()
    if block.first == 0 and replaced.text[0].isupper():
        return text[:1].upper() + text[1:]
    if block.other_first == 0 and first.text[:1].isupper() and not first.text.isupper():
        return text[:1].lower() + text[1:]
    return text


def _widened(sentence: str, ours: Sequence[Token], block: _Block, text: str) -> tuple[Span, str] | None:
    """An edit that only puts words in or leaves some out, shown with the words beside it; None where there are none."""
    first = block.first - 1
    if first < 0 or block.last >= len(ours):
        return None
    last = _leant(ours, block.last)
    if not _is_one_stretch(sentence, ours[first:last]):
        return None
    span = Span(ours[first].start, ours[last - 1].end)
    right = sentence[ours[block.last].start : span.end]
    return span, _together(_together(sentence[span.start : ours[first].end], text), right)


def _leant(ours: Sequence[Token], first: int) -> int:
    """The end of the word at a place, which an elided one does not have without the next."""
    last = first
    while last < len(ours) and ours[last].text.endswith("'"):
        last += 1
    return min(last + 1, len(ours))


def _together(left: str, right: str) -> str:
    return left + right if not left or not right or left.endswith("'") else f"{left} {right}"


def _is_glued(sentence: str, span: Span) -> bool:
    """True where a letter or figure touches the span: part of `16h30`, of an address, of a code."""
    before, after = sentence[max(span.start - 1, 0) : span.start], sentence[span.end : span.end + 1]
    touching = before if sentence[span.start : span.end].endswith("'") else before + after
    return any(char.isalnum() or char in "-@_/" for char in touching)
