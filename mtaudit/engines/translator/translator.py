"""Translation and forced decoding, with whatever computes.

What is asked together is answered together: sentences are sorted by length and cut into batches of much the same
length, whichever article they come from, so that a caller with many articles hands over all their sentences at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final, TypeVar

from mtaudit.engines.translator.backends import END, Backend, Said, Search, Waiting, guarded, load
from mtaudit.engines.translator.folder import ModelFolder
from mtaudit.engines.translator.pieces import Pieces, Vocabulary, cut, text_of
from mtaudit.model import Span
from mtaudit.translations import ONE_THREAD, Hypothesis, Scored, ScoredPiece, Threads, Way

T = TypeVar("T")

#: Pieces to a batch, the filled ones counted: some 64 sentences of 25 words.
BATCH: Final = 3072
#: A translation that is this many times as long as its source, and so much more, has lost its way.
STRETCH, SLACK = 1.6, 12


@dataclass(frozen=True, slots=True)
class _Part:
    """What of the text `text` one batch row holds."""

    text: int
    source: list[str]


class _Model:
    """One folder; what computes with it and what cuts its texts are loaded at the first call."""

    def __init__(self, folder: ModelFolder, threads: Threads, device: str, compute_type: str) -> None:
        self.folder = folder
        self._how = (threads, device, compute_type)

    @cached_property
    def backend(self) -> Backend:
        return load(self.folder, *self._how)

    @cached_property
    def vocabularies(self) -> tuple[Vocabulary, Vocabulary]:
        """Of sources and of targets."""
        source, target = (self.folder.path / name for name in self.folder.spm)
        first = guarded(lambda: Vocabulary(source), self.folder)
        return first, first if source == target else guarded(lambda: Vocabulary(target), self.folder)

    def unfit(self, source: Pieces, target: Pieces) -> str:
        """Why a pair cannot be scored; empty when it can."""
        longest = self.folder.manifest.longest
        for name, side, vocabulary in zip(("source", "target"), (source, target), self.vocabularies, strict=True):
            if len(side.names) > longest:
                return f"the {name} has {len(side.names)} pieces, the model was trained on {longest} at most"
            if not vocabulary.readable(side):
                return f"the {name} holds no word that the model can read"
        return ""

    def in_batches(self, lengths: Sequence[int], beam: int, start: Callable[[list[int]], Waiting[list[T]]]) -> list[T]:
        """`start` starts a batch of row numbers and returns what waits for its results; results in the rows' order."""
        most = self.backend.most_rows(beam)
        started = [(rows, guarded(partial(start, rows), self.folder)) for rows in _batches(lengths, most)]
        answers: dict[int, T] = {}
        for rows, wait in started:
            answers.update(zip(rows, guarded(wait, self.folder), strict=True))
        return [answers[row] for row in range(len(lengths))]


class Translator:
    """A model that was found whole, or one for each direction; loaded at the first call."""

    def __init__(
        self,
        folders: ModelFolder | Sequence[ModelFolder],
        threads: Threads = ONE_THREAD,
        device: str = "cpu",
        compute_type: str = "default",
    ) -> None:
        """`folders`: of several, each way goes to the first that has it. `device` is as `ModelChoice` has it.

        `compute_type` is CTranslate2's. "default" computes as the model was saved: the packaged one in int8, which is
        the fastest and moves log-probabilities a little. "float32" computes with the same weights and hardly does (the
        packaged model's card has both figures).
        """
        self.folders = (folders,) if isinstance(folders, ModelFolder) else tuple(folders)
        self._models = [_Model(folder, threads, device, compute_type) for folder in self.folders]

    @property
    def name(self) -> str:
        """Of the model, or of both with a comma between them."""
        return ",".join(dict.fromkeys(folder.manifest.name for folder in self.folders))

    @property
    def digest(self) -> str:
        """Of the model: what a cache or a calibration belongs to."""
        digests = list(dict.fromkeys(folder.digest for folder in self.folders))
        return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()

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
        model = self._model(way)
        prompt, vocabulary = model.folder.prompt(way), model.vocabularies[0]
        parts: list[_Part] = []
        kept: dict[int, list[Hypothesis]] = {}
        for index, sentence in enumerate(sentences):
            pieces = vocabulary.encode(sentence)
            if not vocabulary.readable(pieces):
                kept[index] = [Hypothesis(sentence, 0.0, 0, 0)]
                continue
            for place in cut(pieces.names, model.folder.manifest.longest):
                parts.append(_Part(index, _row(prompt.source, pieces.names[place.start : place.stop])))

        def start(rows: list[int]) -> Waiting[list[list[Said]]]:
            sources = [parts[row].source for row in rows]
            longest = int(STRETCH * max(map(len, sources))) + SLACK
            return model.backend.translate(sources, prompt.target, Search(beam, best, longest))

        gathered: list[list[list[Hypothesis]]] = [[] for _ in sentences]
        found = model.in_batches([len(part.source) for part in parts], beam, start) if parts else []
        for part, said in zip(parts, found, strict=True):
            gathered[part.text].append(
                [Hypothesis(text_of(each.names), each.log_probability, each.pieces) for each in said]
            )
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
        model = self._model(way)
        prompt, vocabularies = model.folder.prompt(way), model.vocabularies
        pairs = [
            tuple(each.encode(text) for each, text in zip(vocabularies, pair, strict=True))
            for pair in zip(sources, targets, strict=True)
        ]
        scored = [Scored((), reason=model.unfit(left, right)) for left, right in pairs]
        fit = [pairs[index] for index, row in enumerate(scored) if not row.reason]

        def start(rows: list[int]) -> Waiting[list[list[float]]]:
            left = [_row(prompt.source, fit[row][0].names) for row in rows]
            return model.backend.score(left, [fit[row][1].names for row in rows], prompt.target)

        lengths = [len(left.names) + len(right.names) for left, right in fit]
        found = iter(zip(fit, model.in_batches(lengths, 1, start) if fit else [], strict=True))
        for index, row in enumerate(scored):
            if not row.reason:
                (_, target), logs = next(found)
                scored[index] = _placed(logs, target.spans)
        return scored

    def _model(self, way: Way) -> _Model:
        return next((model for model in self._models if way.value in model.folder.manifest.directions), self._models[0])


def _row(opening: str, names: list[str]) -> list[str]:
    return [opening, *names, END] if opening else [*names, END]


def _batches(lengths: Sequence[int], most: int | None) -> Iterator[list[int]]:
    """Row numbers, longest first (what fits in memory at first fits later), `BATCH` pieces at most with the filling."""
    rows: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if rows and ((len(rows) + 1) * lengths[rows[0]] > BATCH or len(rows) == most):
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


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
