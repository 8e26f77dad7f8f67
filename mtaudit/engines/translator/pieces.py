"""Text -> pieces that know where they stand in it, and pieces -> text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mtaudit.engines.translator.folder import ENGINE
from mtaudit.errors import EngineError
from mtaudit.model import Span

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

#: SentencePiece's mark of a blank.
_BLANK = "▁"
#: Beyond this share of single bytes or unknown characters, a text is in a script that the model has never read.
_FOREIGN = 0.3
#: Where a sentence that is too long is best cut, in this order: after these, or at any blank.
_CUTS = (frozenset((";", ":", ".", "!", "?")), frozenset((",", ")", '"', "-")))


#: What stands for a stretch of characters that the model has never read.
UNKNOWN = "<unk>"
#: A vocabulary that lacks a character on the left reads the one on its right. One for one, so that places stay: models
#: of the hub are mostly trained on text whose typography was made plain first (Moses' normalize-punctuation.perl).
_PLAIN = {
    **dict.fromkeys("’‘ʼ‛", "'"),
    **dict.fromkeys("«»“”„", '"'),
    **dict.fromkeys("‐‑–—", "-"),
    "…": ".",
}
#: What a model may say that is no text: marks of languages, and rows of its table that nothing was trained for.
_CONTROL = re.compile(r"</?s>|<(?:unk|pad|mask)>|>>\w+<<|__[a-z]{2,3}__|madeupword\d+|[a-z]{3}_[A-Z][a-z]{3}")


class Pieces(NamedTuple):
    """The pieces of a text and the span of each in it, blanks before words left out."""

    names: list[str]
    spans: list[Span]


class Vocabulary:
    """A SentencePiece model."""

    def __init__(self, path: Path) -> None:
        """Raises EngineError when SentencePiece is not installed or does not read the file."""
        try:
            import sentencepiece

            self._processor: SentencePieceProcessor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        except (ImportError, OSError, RuntimeError) as problem:
            reason = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
            raise EngineError(ENGINE, f"{path} cannot be read ({reason}): `pip install -U sentencepiece`") from None
        self._unknown = self._processor.unk_id()
        lacking = {char: plain for char, plain in _PLAIN.items() if self._unknown in self._processor.encode(char)}
        self._plain = str.maketrans(lacking)

    def encode(self, text: str) -> Pieces:
        """The pieces of a text of any length. The model normalises typography; the spans are the text's own."""
        read = text.translate(self._plain) if self._plain else text
        found = self._processor.encode(read, return_type="offset_mapping")
        names: list[str] = []
        spans: list[Span] = []
        for index, name, (start, end) in zip(found["ids"], found["pieces"], found["offsets"], strict=True):
            names.append(UNKNOWN if index == self._unknown else name)
            spans.append(_trimmed(text, start, end))
        return Pieces(names, _whole_characters(names, spans))

    def readable(self, pieces: Pieces) -> bool:
        """Whether there is a letter in it, and most of it is in a script that the model knows."""
        single = sum(map(is_byte, pieces.names))
        # One piece stands for a whole stretch of unknown characters.
        strange = [span.end - span.start for name, span in zip(*pieces, strict=True) if name == UNKNOWN]
        known = (name for name in pieces.names if not is_byte(name) and name != UNKNOWN)
        letters = any(char.isalpha() for name in known for char in name)
        return letters and single + sum(strange) <= _FOREIGN * (len(pieces.names) - len(strange) + sum(strange))


def text_of(names: Iterable[str]) -> str:
    """Pieces as text; bytes that are no UTF-8 become U+FFFD, control pieces vanish."""
    data = bytearray()
    for name in names:
        if is_byte(name):
            data.append(int(name[3:5], 16))
        elif not _CONTROL.fullmatch(name):
            data += name.replace(_BLANK, " ").encode()
    return data.decode("utf-8", errors="replace").strip()


def is_byte(name: str) -> bool:
    """Whether the piece is one byte of a character that the vocabulary lacks."""
    return len(name) == 6 and name.startswith("<0x") and name.endswith(">")


def cut(names: list[str], most: int) -> Iterator[range]:
    """Parts of at most `most` pieces, cut after punctuation or before a word in the last half of each if one is there.

    The ranges cover the pieces in order.
    """
    begin = 0
    while len(names) - begin > most:
        end = _cut_before(names, begin + most // 2, begin + most)
        yield range(begin, end)
        begin = end
    yield range(begin, len(names))


def _cut_before(names: list[str], first: int, last: int) -> int:
    for marks in _CUTS:
        for index in range(last, first, -1):
            if names[index - 1].lstrip(_BLANK) in marks and names[index].startswith(_BLANK):
                return index
    for index in range(last, first, -1):
        if names[index].startswith(_BLANK):
            return index
    return last


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    return Span(start, end)


def _whole_characters(names: list[str], spans: list[Span]) -> list[Span]:
    """Of the bytes of one character, SentencePiece gives its place to the last alone: here all have it."""
    for index in range(len(names) - 2, -1, -1):
        here, after = spans[index], spans[index + 1]
        if is_byte(names[index]) and is_byte(names[index + 1]) and here.start == here.end == after.start < after.end:
            spans[index] = after
    return spans
