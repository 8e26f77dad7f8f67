"""Translation and forced decoding with CTranslate2.

What is asked together is answered together: sentences are sorted by length and cut into batches of much the same
length, whichever article they come from, so that a caller with many articles hands over all their sentences at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from mtaudit.engines.translator.folder import ENGINE, ModelFolder
from mtaudit.engines.translator.pieces import Pieces, Vocabulary, cut, text_of
from mtaudit.errors import EngineError
from mtaudit.model import Span
from mtaudit.translations import Hypothesis, Scored, ScoredPiece, Way

if TYPE_CHECKING:
    import ctranslate2

T = TypeVar("T")

#: Pieces to a batch, the filled ones counted: some 64 sentences of 25 words.
BATCH: Final = 3072
#: A translation that is this many times as long as its source, and so much more, has lost its way.
_STRETCH, _SLACK = 1.6, 12
_END: Final = "</s>"


class Threads(NamedTuple):
    """`each` computes one batch, and so many batches run at once. More `at_once` is faster, more `each` is sooner."""

    each: int = 1
    at_once: int = 1


ONE_THREAD: Final = Threads()


@dataclass(frozen=True, slots=True)
class _Part:
    """What of the text `text` one batch row holds."""

    text: int
    source: list[str]


class Translator:
    """A model that was found whole, loaded at the first call."""

    def __init__(
        self, folder: ModelFolder, threads: Threads = ONE_THREAD, device: str = "cpu", compute_type: str = "int8"
    ) -> None:
        """`device`: "cpu", "cuda", or "auto" for a GPU where CTranslate2 finds one.

        `compute_type` is CTranslate2's. "int8" is the fastest and moves log-probabilities a little; "float32" computes
        with the same weights and hardly does (the model's card has both figures).
        """
        self._folder = folder
        self._threads = threads
        self._device, self._compute_type = device, compute_type
        self._model: ctranslate2.Translator | None = None
        self._vocabulary: Vocabulary | None = None

    @property
    def digest(self) -> str:
        """Of the model: what a cache or a calibration belongs to."""
        return self._folder.digest

    def translate(self, sentences: Sequence[str], way: Way, beam: int = 1, best: int = 1) -> list[list[Hypothesis]]:
        """For every sentence its `best` translations, the most likely first; there may be fewer.

        A sentence of more pieces than the model was trained on is cut at punctuation or between words, and has one
        translation, its parts joined (`Hypothesis.parts`). One without a letter that the model reads comes back as it
        is, with `parts` 0.

        Raises:
            ValueError: when `best` is more than `beam`.
            EngineError: when the model does not translate that way, or cannot be loaded or run.
        """
        if not 1 <= best <= beam:
            raise ValueError(f"best={best} of a beam of {beam}")
        token, vocabulary = self._folder.token(way), self._load_vocabulary()
        longest = self._folder.manifest.longest
        parts: list[_Part] = []
        kept: dict[int, list[Hypothesis]] = {}
        for index, sentence in enumerate(sentences):
            pieces = vocabulary.encode(sentence)
            if not vocabulary.readable(pieces):
                kept[index] = [Hypothesis(sentence, 0.0, 0, 0)]
                continue
            for place in cut(pieces.names, longest):
                parts.append(_Part(index, [token, *pieces.names[place.start : place.stop], _END]))
        found = self._in_batches(
            [len(part.source) for part in parts],
            lambda rows: self._translate_batch([parts[row].source for row in rows], beam, best),
        )
        gathered: list[list[list[Hypothesis]]] = [[] for _ in sentences]
        for part, hypotheses in zip(parts, found, strict=True):
            gathered[part.text].append(hypotheses)
        return [kept[index] if index in kept else _joined(rows) for index, rows in enumerate(gathered)]

    def score(self, sources: Sequence[str], targets: Sequence[str], way: Way) -> list[Scored]:
        """Forced decoding: for every pair, how likely each piece of the target is, given the source and what is before.

        A pair of which a side is longer than the model was trained on, or in no script that it reads, is not scored;
        its `reason` says so.

        Raises:
            ValueError: when there are not as many sources as targets.
            EngineError: when the model does not translate that way, or cannot be loaded or run.
        """
        if len(sources) != len(targets):
            raise ValueError(f"{len(sources)} sources and {len(targets)} targets")
        token, vocabulary = self._folder.token(way), self._load_vocabulary()
        pairs = list(zip(map(vocabulary.encode, sources), map(vocabulary.encode, targets), strict=True))
        scored = [Scored((), reason=self._unfit(left, right)) for left, right in pairs]
        fit = [index for index, row in enumerate(scored) if not row.reason]
        found = self._in_batches(
            [sum(len(side.names) for side in pairs[index]) for index in fit],
            lambda rows: self._score_batch([pairs[fit[row]] for row in rows], token),
        )
        for index, logs in zip(fit, found, strict=True):
            scored[index] = _placed(logs, pairs[index][1].spans)
        return scored

    def _unfit(self, source: Pieces, target: Pieces) -> str:
        longest = self._folder.manifest.longest
        for name, side in (("source", source), ("target", target)):
            if len(side.names) > longest:
                return f"the {name} has {len(side.names)} pieces, the model was trained on {longest} at most"
            if not self._load_vocabulary().readable(side):
                return f"the {name} holds no word that the model can read"
        return ""

    def _in_batches(self, lengths: Sequence[int], run: Callable[[list[int]], Callable[[], list[T]]]) -> list[T]:
        """`run` starts a batch of row numbers and returns what waits for its results; results in the rows' order."""
        started = [(rows, run(rows)) for rows in _batches(lengths)]
        answers: dict[int, T] = {}
        for rows, wait in started:
            answers.update(zip(rows, _guarded(wait), strict=True))
        return [answers[row] for row in range(len(lengths))]

    def _translate_batch(self, sources: list[list[str]], beam: int, best: int) -> Callable[[], list[list[Hypothesis]]]:
        longest = max(map(len, sources))
        jobs = self._load_model().translate_batch(
            sources,
            beam_size=beam,
            num_hypotheses=best,
            return_scores=True,
            length_penalty=1.0,
            max_decoding_length=int(_STRETCH * longest) + _SLACK,
            max_input_length=0,
            asynchronous=True,
        )

        def wait() -> list[list[Hypothesis]]:
            results = [job.result() for job in jobs]
            return [[_hypothesis(*pair) for pair in zip(row.hypotheses, row.scores, strict=True)] for row in results]

        return wait

    def _score_batch(self, pairs: list[tuple[Pieces, Pieces]], token: str) -> Callable[[], list[list[float]]]:
        sources = [[token, *source.names, _END] for source, _ in pairs]
        jobs = self._load_model().score_batch(
            sources, [target.names for _, target in pairs], max_input_length=0, asynchronous=True
        )
        return lambda: [list(job.result().log_probs) for job in jobs]

    def _load_vocabulary(self) -> Vocabulary:
        if self._vocabulary is None:
            self._vocabulary = Vocabulary(self._folder.path / "spm.model")
        return self._vocabulary

    def _load_model(self) -> ctranslate2.Translator:
        if self._model is None:
            self._model = _guarded(self._open)
        return self._model

    def _open(self) -> ctranslate2.Translator:
        try:
            import ctranslate2
        except ImportError:
            raise EngineError(ENGINE, "CTranslate2 is not installed: `pip install ctranslate2`") from None
        return ctranslate2.Translator(
            str(self._folder.path),
            device=self._device,
            compute_type=self._compute_type,
            intra_threads=self._threads.each,
            inter_threads=self._threads.at_once,
        )


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Row numbers, longest first (what fits in memory at first fits later), `BATCH` pieces at most with the filling."""
    rows: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if rows and (len(rows) + 1) * lengths[rows[0]] > BATCH:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


def _guarded(call: Callable[[], T]) -> T:
    """What CTranslate2 says of memory and files, in our one line."""
    try:
        return call()
    except MemoryError:
        raise EngineError(ENGINE, "memory ran short: ask for fewer threads or smaller inputs") from None
    except (RuntimeError, ValueError, OSError) as problem:
        reason = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        raise EngineError(ENGINE, f"CTranslate2 failed: {reason}") from problem


def _hypothesis(names: list[str], score: float) -> Hypothesis:
    # With a length penalty of 1 CTranslate2 gives the mean over the pieces, the end counted.
    pieces = len(names) + 1
    return Hypothesis(text_of(names), score * pieces, pieces)


def _joined(parts: list[list[Hypothesis]]) -> list[Hypothesis]:
    if len(parts) == 1:
        return parts[0]
    first = [hypotheses[0] for hypotheses in parts]
    text = " ".join(part.text for part in first if part.text)
    log_probability = sum(part.log_probability for part in first)
    return [Hypothesis(text, log_probability, sum(part.pieces for part in first), len(first))]


def _placed(logs: list[float], spans: list[Span]) -> Scored:
    """The last log-probability is the end's."""
    pieces = tuple(ScoredPiece(span, value) for span, value in zip(spans, logs[:-1], strict=True))
    return Scored(pieces, logs[-1])
