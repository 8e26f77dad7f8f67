"""What a backend is: the part of a translator that knows how to compute with one kind of model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, Protocol, TypeVar

from mtaudit.engines.translator.folder import ENGINE, Kind, ModelFolder
from mtaudit.errors import EngineError, printable
from mtaudit.translations import Threads

T = TypeVar("T")
#: A computation that was started: the call waits for its results.
Waiting = Callable[[], T]
#: What every text ends with.
END: Final = "</s>"
#: What libraries say when there is no room, whatever the class of the error.
_NO_ROOM = ("out of memory", "allocate memory", "bad_alloc", "bad alloc")


class Search(NamedTuple):
    """Beam search: how wide, how many translations, and how many pieces each may have at most."""

    beam: int
    best: int
    longest: int


class Said(NamedTuple):
    """A translation in pieces, without those of the prompt and the end, and ln p summed over `pieces` of them.

    Those are the pieces and the end, which a translation lacks that was cut off at the length allowed.
    """

    names: list[str]
    log_probability: float
    pieces: int


class Backend(Protocol):
    """Computes one batch at a time, of rows of pieces. A source row holds its prompt and its end, a target neither.

    `opening` is the piece that targets begin with, "" for none; its own probability never counts. Whatever the library
    raises is left to `guarded`.
    """

    def most_rows(self, beam: int) -> int | None:
        """How many rows a batch may have at most, whatever their length; None for no limit."""
        ...

    def translate(self, sources: list[list[str]], opening: str, search: Search) -> Waiting[list[list[Said]]]:
        """For every row its translations, the most likely first."""
        ...

    def score(self, sources: list[list[str]], targets: list[list[str]], opening: str) -> Waiting[list[list[float]]]:
        """For every row ln p of each piece of the target, and of the end last."""
        ...


def load(folder: ModelFolder, threads: Threads, device: str, compute_type: str) -> Backend:
    """The backend for the folder's kind, its model in memory.

    Raises:
        EngineError: when the library is not installed, the model cannot be read, or memory runs short.
    """
    if folder.kind is Kind.TRANSFORMERS:
        from mtaudit.engines.translator.with_transformers import WithTransformers

        return guarded(lambda: WithTransformers(folder, threads, device), folder)
    from mtaudit.engines.translator.with_ctranslate2 import WithCTranslate2

    return guarded(lambda: WithCTranslate2(folder, threads, device, compute_type), folder)


def guarded(call: Callable[[], T], folder: ModelFolder) -> T:
    """What the libraries say of memory and files, in our one line."""
    try:
        return call()
    except (MemoryError, RuntimeError, ValueError, OSError) as problem:
        raise told(problem, folder.kind, folder.manifest.name) from problem


def told(problem: Exception, kind: Kind, name: str) -> EngineError:
    """One line for what a library raised while it dealt with a model."""
    text = str(problem).strip()
    if isinstance(problem, MemoryError) or any(sign in text.lower() for sign in _NO_ROOM):
        return EngineError(
            ENGINE, f"memory ran short for the model {name}: ask for fewer threads, or choose a smaller model"
        )
    reason = printable(text.splitlines()[0].strip()) if text else type(problem).__name__
    return EngineError(ENGINE, f"{_LIBRARIES[kind]} failed with the model {name}: {reason[:300]}")


_LIBRARIES = {Kind.CTRANSLATE2: "CTranslate2", Kind.TRANSFORMERS: "transformers"}
