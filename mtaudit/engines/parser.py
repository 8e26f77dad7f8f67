"""spaCy, loaded once and only when a rule asks for parses."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mtaudit.errors import EngineError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

#: Sentences a batch; larger gains nothing on a CPU and holds more memory.
BATCH = 128


def load_parser(name: str) -> Language:
    """The spaCy pipeline of that name.

    Raises:
        EngineError: when spaCy or the pipeline is not installed or does not fit.
    """
    try:
        import spacy

        with warnings.catch_warnings(), _classes_compiled_once():
            # A pipeline of a neighbouring spaCy version warns at every start and parses all the same.
            warnings.simplefilter("ignore", UserWarning)
            return spacy.load(name)
    except (ImportError, OSError) as error:
        hint = f"`pip install {name.replace('_', '-')}`"
        raise EngineError("parser", f"spaCy's {name} cannot be loaded ({error}); {hint}") from error


@contextmanager
def _classes_compiled_once() -> Iterator[None]:
    """Lets `re` remember the classes of characters that it compiles.

    spaCy's French holds one regex of 1.4 million characters, the same two alphabets some thousand times over; putting
    these in order again each time is more than half of its 2 s, a quarter of the whole start. Where a future `re` has
    no such function, nothing is done.
    """
    compiler: Any = getattr(re, "_compiler", None)
    optimise = getattr(compiler, "_optimize_charset", None)
    if optimise is None:
        yield
        return
    known: dict[Any, Any] = {}

    def remembered(charset: list[Any], *how: Any) -> Any:
        # The parts of a class are pairs; a part that is no pair of plain values cannot be a key, nor need be.
        key = (tuple(charset), *map(id, how))
        try:
            if key not in known:
                known[key] = optimise(charset, *how)
            return known[key]
        except TypeError:
            return optimise(charset, *how)

    compiler._optimize_charset = remembered
    try:
        yield
    finally:
        compiler._optimize_charset = optimise


def parse(parser: Language, sentences: Iterable[str]) -> Iterator[Doc]:
    """A Doc for each sentence, in order."""
    for doc in parser.pipe(sentences, batch_size=BATCH):
        # 384 bytes a token that no rule reads, kept alive by the Doc.
        doc.tensor = doc.tensor[:0]
        yield doc


def signature(parser: Language) -> str:
    """Name and version of the pipeline, for the score's signature."""
    return f"{parser.lang}_{parser.meta['name']}-{parser.meta['version']}"
