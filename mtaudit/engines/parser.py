"""spaCy, loaded once and only when a rule asks for parses."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

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

        with warnings.catch_warnings():
            # A pipeline of a neighbouring spaCy version warns at every start and parses all the same.
            warnings.simplefilter("ignore", UserWarning)
            return spacy.load(name)
    except (ImportError, OSError) as error:
        hint = f"`pip install {name.replace('_', '-')}`"
        raise EngineError("parser", f"spaCy's {name} cannot be loaded ({error}); {hint}") from error


def parse(parser: Language, sentences: Iterable[str]) -> Iterator[Doc]:
    """A Doc for each sentence, in order."""
    for doc in parser.pipe(sentences, batch_size=BATCH):
        # 384 bytes a token that no rule reads, kept alive by the Doc.
        doc.tensor = doc.tensor[:0]
        yield doc


def signature(parser: Language) -> str:
    """Name and version of the pipeline, for the score's signature."""
    return f"{parser.lang}_{parser.meta['name']}-{parser.meta['version']}"
