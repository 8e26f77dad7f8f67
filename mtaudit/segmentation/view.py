"""The views of a text on which rules match, and its words. Views keep every offset."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import repeat

from mtaudit.model import Sentence, Word

#: Ends of domain and file names: what stands before one is no sentence and no word.
NAME_ENDS: tuple[str, ...] = (
    *("com", "fr", "org", "net", "eu", "be", "ch", "ca", "info", "biz", "io", "tv", "gouv", "edu", "int", "uk", "us"),
    *("de", "es", "it", "pt", "ru", "lu", "ma", "tn", "dz", "sn", "ci", "app", "ai", "co", "me", "id", "js", "py"),
    *("html", "htm", "php", "pdf", "doc", "docx", "xls", "xlsx", "jpg", "jpeg", "png", "gif", "mp3", "mp4", "csv"),
    *("txt", "zip", "exe", "md", "xml", "json"),
)

_APOSTROPHES = "\u2019\u2018\u201b\u02bc\u00b4\uff07"
_BLANKS = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)

_LETTER = r"[^\W\d_]"
#: Letters with what may stand upon or between them unseen: combining marks, soft hyphens, joiners.
_LETTERS = rf"{_LETTER}(?:{_LETTER}|[\u0300-\u036f\u00ad\u200c\u200d])*+"
#: What loses its vowel before another word. `aujourd'hui`, `presqu'île`, `quelqu'un` and `prud'homme` are whole words,
#: and so are names such as `N'Golo`, since none of n, m, t, s and j stands before a name.
_ELIDED = r"(?i:[ldc]|qu|jusqu|lorsqu|puisqu|quoiqu)|(?i:[jmtsn])(?!'[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])"

_TOKEN = re.compile(
    # Addresses, accounts, domains and whatever holds figures are no words: they match without a group.
    r"(?i:https?://|www\.)\S++|[@#]\w++|[\w.+-]{1,64}+@[\w.-]++"
    rf"|(?<!\w)((?:{_ELIDED})')(?!est-à-dire\b)(?=[«“\"(\[]|\w|\Z)"
    rf"|((?:[A-ZÀ-ÖØ-Þ]\.){{2,8}}(?:[A-ZÀ-ÖØ-Þ](?!\w))?|{_LETTERS}(?:['\-\u2010\u2011]{_LETTERS})*+)"
    rf"(?![\d_@]|\.(?:{'|'.join(NAME_ENDS)})(?![\w'-]))"
    r"|\w++(?:\.\w++)*+"
)

_ELIDED_WORDS = frozenset(("l", "d", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "j", "m", "t", "s", "n"))
_LEADING, _TRAILING = '«"(', '.,;:!?…»")'

#: Stretches without blanks up to this length are worth remembering.
_CACHED = 40


def fold_view(text: str) -> str:
    """The text, character for character, with straight apostrophes and every blank a plain space."""
    for char in _APOSTROPHES:
        text = text.replace(char, "'")
    for char in _BLANKS:
        text = text.replace(char, " ")
    return text


def lower_view(view: str) -> str:
    """The view in small letters, character for character: the dotted capital I, which would grow, becomes `i`."""
    return view.replace("\u0130", "i").lower()


def words(view: str, sentences: Iterable[Sentence]) -> tuple[Word, ...]:
    """The words of all sentences, in order, taken from the folded view.

    A word is made of letters and inner hyphens (`peut-être`, `a-t-il`, `main-d'œuvre`). An elided form ends with its
    apostrophe and is a word of its own (`l'`, `jusqu'`). Initials with stops are one word (`C.G.T.`). Figures, what
    holds figures (`G7`, `20h`), addresses, domains, accounts and hashtags are no words.
    """
    found: list[tuple[str, int, int, int]] = []
    append = found.append
    for sentence in sentences:
        number = sentence.index
        at, end = sentence.span
        for chunk in view[at:end].split(" "):
            stop = at + len(chunk)
            if chunk.isalpha():
                append((chunk, at, stop, number))
            elif chunk:
                # News repeats itself: most chunks with a comma or an apostrophe have been cut before.
                pieces = _pieces(chunk) if stop - at <= _CACHED else _cut(chunk)
                for word, first, last in pieces:
                    append((word, at + first, at + last, number))
            at = stop + 1
    # `Word(...)` and `Word._make` are Python functions; this makes the same at a third of the cost.
    return tuple(map(tuple.__new__, repeat(Word), found))


def _cut(chunk: str) -> tuple[tuple[str, int, int], ...]:
    """The words of a stretch without blanks, with their offsets in it."""
    # Nearly all are a plain word, perhaps an elided one before it, among marks that cannot change how it is read.
    body = chunk.rstrip(_TRAILING).lstrip(_LEADING)
    if body.isalpha() and body.lower() != "www":
        first = chunk.index(body)
        return ((body, first, first + len(body)),)
    elided, _, rest = body.partition("'")
    if rest.isalpha() and rest[0].islower() and elided.lower() in _ELIDED_WORDS:
        first, middle = chunk.index(body), len(elided) + 1
        return (body[:middle], first, first + middle), (rest, first + middle, first + len(body))
    return tuple(
        (match.group(kind), match.start(kind), match.end(kind))
        for match in _TOKEN.finditer(chunk)
        # Superscript and circled figures pass for letters in a pattern.
        if (kind := match.lastindex) and match.group(kind)[0].isalpha()
    )


_pieces = lru_cache(maxsize=1 << 15)(_cut)
