"""spaCy, loaded once and only when a rule asks for parses."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from mtaudit.errors import EngineError
from mtaudit.memory import collection_paused

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

#: Sentences a batch; larger gains nothing on a CPU and holds more memory.
BATCH = 128

#: Not loaded: a second splitter of sentences, and the half million strings of the word vectors' keys. A word's string
#: is kept when it is read, and its vector is found by its hash.
_UNUSED = ("senter", "strings")

#: A regex longer than this is spaCy's list of French compounds.
_LONG_REGEX = 100_000
_ALTERNATION = "(?iu)(?:"
_ALPHABET = re.compile(r"\[[^\]]{100,}\]")
_REPEATED = re.compile(rf"{_ALPHABET.pattern}[*+?]?")


def load_parser(name: str) -> Language:
    """The spaCy pipeline of that name.

    It parses as `spacy.load(name)` does and starts in a third of the time.

    Raises:
        EngineError: when spaCy or the pipeline is not installed or does not fit.
    """
    try:
        with warnings.catch_warnings(), collection_paused(), _alternatives_factored():
            # A pipeline of a neighbouring spaCy version warns at every start and parses all the same.
            warnings.simplefilter("ignore", UserWarning)
            return _load(name)
    except (ImportError, OSError, ValueError) as error:
        hint = f"`pip install {name.replace('_', '-')}`"
        raise EngineError("parser", f"spaCy's {name} cannot be loaded ({error}); {hint}") from error


def _load(name: str) -> Language:
    """`spacy.load`, step by step, so that the lemmatizer's tables can be read as plain dictionaries."""
    import spacy
    from spacy import util

    if not util.is_package(name):
        raise ImportError(f"no package {name}")
    package = util.get_package_path(name)
    meta = util.get_model_meta(package)
    data = package / f"{meta['lang']}_{meta['name']}-{meta['version']}"
    tables = data / "lemmatizer" / "lookups" / "lookups.bin"
    if not tables.is_file():
        return spacy.load(name, exclude=_UNUSED)
    parser = util.load_model_from_config(util.load_config(data / "config.cfg"), meta=meta, exclude=_UNUSED)
    parser.from_disk(data, exclude=(*_UNUSED, "lemmatizer"))
    lemmatizer: Any = parser.get_pipe("lemmatizer")
    lemmatizer.initialize(lookups=_lookups(tables))
    return parser


def _lookups(path: Path) -> Any:
    """The tables of the lemmatizer. spaCy's own hash each key again and set up a Bloom filter: 2 s for 200,000 keys."""
    from spacy.lookups import Lookups
    from spacy.strings import get_string_id

    class Table(dict[int, Any]):
        """A table whose keys are hashes and may be asked for by their strings."""

        def get(self, key: str | int, default: Any = None) -> Any:
            return dict.get(self, get_string_id(key), default)

        def __getitem__(self, key: str | int) -> Any:
            return dict.__getitem__(self, get_string_id(key))

        def __contains__(self, key: Any) -> bool:
            return dict.__contains__(self, get_string_id(key))

    lookups: Any = Lookups()
    tables = msgspec.msgpack.decode(path.read_bytes(), strict=False)
    # Lists of up to 28,000 words, each of which spaCy reads from end to end for each new word: a third of the parse.
    tables["lemma_index"] = {kind: frozenset(words) for kind, words in tables.get("lemma_index", {}).items()}
    for name, table in tables.items():
        lookups.set_table(name, Table(table))
    return lookups


@contextmanager
def _alternatives_factored() -> Iterator[None]:
    """Compiles spaCy's list of French compounds in 0.1 s rather than 8.

    It is one regex of 1.4 million characters: a thousand beginnings (`^anti[-]`), each followed by the same few
    thousand letters as a class. The alternatives that end alike are put together. spaCy only asks whether a word
    matches, which the order of alternatives does not change.
    """
    compile_ = re.compile
    known: dict[str, re.Pattern[str]] = {}

    def compiled(pattern: Any, flags: Any = 0) -> Any:
        if not isinstance(pattern, str) or len(pattern) < _LONG_REGEX or not pattern.startswith(_ALTERNATION):
            return compile_(pattern, flags)
        if pattern not in known:
            known[pattern] = compile_(_factored(pattern), flags)
        return known[pattern]

    re.compile = compiled
    try:
        yield
    finally:
        re.compile = compile_


def _factored(pattern: str) -> str:
    """`(?iu)(?:a[…]*)|(?:b[…]*)` as `(?iu)(?:(?:a|b)[…]*)`; `(?:a[…]c[…])|(?:a[…]d[…])` as `(?:a[…](?:c|d)[…])`."""
    heads: dict[str, list[str]] = {}
    for alternative in pattern.removeprefix(_ALTERNATION).removesuffix(")").split(")|(?:"):
        alphabet = _ALPHABET.search(alternative)
        at = alphabet.start() if alphabet else len(alternative)
        heads.setdefault(alternative[at:], []).append(alternative[:at])
    between: dict[tuple[str, str, str], list[str]] = {}
    for end, starts in heads.items():
        alphabets = [alphabet.span() for alphabet in _REPEATED.finditer(end)]
        low, high = (alphabets[0][1], alphabets[-1][0]) if len(alphabets) > 1 else (0, 0)
        between.setdefault(("|".join(starts), end[:low], end[high:]), []).append(end[low:high])
    return "(?iu)" + "|".join(
        f"(?:(?:{starts}){first}(?:{'|'.join(several)}){last})" for (starts, first, last), several in between.items()
    )


def parse(parser: Language, sentences: Iterable[str]) -> Iterator[Doc]:
    """A Doc for each sentence, in order."""
    for doc in parser.pipe(sentences, batch_size=BATCH):
        # 384 bytes a token that no rule reads, kept alive by the Doc.
        doc.tensor = doc.tensor[:0]
        yield doc


def signature(parser: Language) -> str:
    """Name and version of the pipeline, for the score's signature."""
    return f"{parser.lang}_{parser.meta['name']}-{parser.meta['version']}"
