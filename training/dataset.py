"""Epochs of batches out of a packed folder. numpy only.

Every batch holds sources of **one exact length**, so that no source is padded and attention needs no mask; targets of
nearly one length are padded at the end, where the causal mask already hides them. An optimiser step adds up several
such batches of different lengths.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.configuration import DIRECTIONS, TrainConfig
from training.packing import Packed, Segment
from training.vocabulary import EOS

#: Targets are padded with this; the loss ignores it (PyTorch's own default).
IGNORED = -100
#: Short pairs first, then all; near the end each source by its late factor.
PHASES = ("main", "late", "short")


@dataclass(frozen=True, slots=True)
class Batch:
    """`source` (sentences, length), `target` (sentences, longest) padded with IGNORED; both end in `</s>`."""

    source: NDArray[np.int32]
    target: NDArray[np.int64]

    @property
    def pieces(self) -> int:
        return int(self.source.size + (self.target != IGNORED).sum())


@dataclass(frozen=True, slots=True)
class _Examples:
    """One directed example a row: where its source and target lie in the two streams. `way` indexes DIRECTIONS."""

    way: NDArray[np.int8]
    start: NDArray[np.int64]
    length: NDArray[np.int64]

    def take(self, rows: NDArray[np.int64]) -> _Examples:
        return _Examples(self.way[rows], self.start[rows], self.length[rows])


class Epochs:
    """Draws epochs. The n-th is a function of the seed and n alone, so a resumed run goes on where it stopped."""

    def __init__(self, packed: Packed, config: TrainConfig, direction_ids: Sequence[int], ways: Sequence[str]) -> None:
        """`direction_ids`: the id that a source begins with, for each of DIRECTIONS; `ways`: the directions trained."""
        self._packed = packed
        self._config = config
        self._direction_ids = np.array(direction_ids, np.int32)
        self._ways = [DIRECTIONS.index(way) for way in ways]
        self._stop = packed.pieces.index(".") if "." in packed.pieces else -1
        self._both = np.concatenate([packed.french, packed.english])
        self._english_at = len(packed.french)

    def iterate(self, epoch: int, phase: str, skip: int = 0) -> Iterator[Batch]:
        """The batches of an epoch, without the first `skip`; `phase` is one of PHASES."""
        chance = np.random.default_rng([self._config.seed, epoch, PHASES.index(phase)])
        for index, examples in enumerate(self._plan(chance, phase)):
            if index >= skip:
                yield self._assemble(examples)

    def _visits(self, segment: Segment, way: int, late: bool) -> float:
        weights = self._config.weights
        own = weights.get(segment.name, weights.get("*", (segment.fr_en, segment.en_fr, segment.late)))
        return own[way] * (own[2] if late else 1.0)

    def _draw(self, chance: np.random.Generator, phase: str) -> _Examples:
        """Which pairs are visited and how often; joins neighbours; drops final stops."""
        packed, config = self._packed, self._config
        rows, ways, ordered = [], [], []
        for segment in packed.segments:
            pairs = np.arange(segment.start, segment.start + segment.count)
            for way in self._ways:
                visits = self._visits(segment, way, phase == "late")
                times = int(visits) + (chance.random(segment.count) < visits % 1.0)
                picked = np.repeat(pairs, times)
                rows.append(picked)
                ways.append(np.full(len(picked), way, np.int8))
                # How many neighbours follow that may be joined.
                ordered.append(pairs[-1] - picked if segment.ordered and len(pairs) else np.zeros_like(picked))
        row, way_, follow = np.concatenate(rows), np.concatenate(ways), np.concatenate(ordered)
        if phase == "short":
            kept = (packed.lengths[row] <= config.short_pieces).all(axis=1)
            row, way_, follow = row[kept], way_[kept], follow[kept]
        start, length = packed.starts[row], packed.lengths[row]
        joined = (follow > 0) & (chance.random(len(row)) < (config.join if phase != "short" else 0))
        open_ = joined.copy()
        for further in range(1, config.join_most):
            longer = length + packed.lengths[np.minimum(row + further, len(packed.lengths) - 1)]
            open_ &= (follow >= further) & (longer <= config.longest).all(axis=1)
            length[open_] = longer[open_]
            open_ &= chance.random(len(row)) < 0.5
        bare = ~joined & self._ends_in_stop(start, length) & (chance.random(len(row)) < config.drop_stop)
        length[bare] -= 1
        return _Examples(way_, start, length)

    def _ends_in_stop(self, start: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.bool_]:
        last = start + length - 1
        french, english = self._packed.french[last[:, 0]], self._packed.english[last[:, 1]]
        return np.asarray((french == self._stop) & (english == self._stop) & (length > 3).all(axis=1), dtype=np.bool_)

    def _plan(self, chance: np.random.Generator, phase: str) -> Iterator[_Examples]:
        examples = self._draw(chance, phase)
        source = np.where(examples.way == 0, examples.length[:, 0], examples.length[:, 1])
        target = np.where(examples.way == 0, examples.length[:, 1], examples.length[:, 0])
        # Sorted by source, then roughly by target: the jitter keeps batches from being the same every epoch.
        order = np.lexsort((target + chance.uniform(0, 3, len(target)), source))
        source, target = source[order], target[order]
        cuts = _cuts(source + 2, target + 1, self._config.tokens_per_batch)
        for index in chance.permutation(len(cuts) - 1):
            yield examples.take(order[cuts[index] : cuts[index + 1]])

    def _assemble(self, examples: _Examples) -> Batch:
        row = np.arange(len(examples.way))
        reads, writes = examples.way, 1 - examples.way
        start = examples.start + np.array([0, self._english_at])
        size = int(examples.length[0, reads[0]])
        source = np.full((len(row), size + 2), EOS, np.int32)
        source[:, 0] = self._direction_ids[examples.way]
        source[:, 1:-1] = self._both[start[row, reads][:, None] + np.arange(size)]
        lengths = examples.length[row, writes][:, None]
        columns = np.arange(int(lengths.max()) + 1)
        # Reading past the end of a sentence is harmless: what is read there is overwritten.
        at = np.minimum(start[row, writes][:, None] + columns, len(self._both) - 1)
        target = self._both[at].astype(np.int64)
        target[columns == lengths] = EOS
        target[columns > lengths] = IGNORED
        return Batch(source, target)


def _cuts(source: NDArray[np.int64], target: NDArray[np.int64], budget: int) -> list[int]:
    """Boundaries of batches in sorted examples: one source length each, at most `budget` pieces with the padding."""
    cuts = [0]
    begin, longest = 0, 0
    for index, (left, right) in enumerate(zip(source.tolist(), target.tolist(), strict=True)):
        wider = max(longest, right)
        if index > begin and (left != source[begin] or (index - begin + 1) * (left + wider) > budget):
            cuts.append(index)
            begin, wider = index, right
        longest = wider
    if len(source):
        cuts.append(len(source))
    return cuts
