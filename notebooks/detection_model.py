"""The linear model of phrasing that `notebooks/detection.py` trains: pieces counted, features chosen, weights fitted.

The score is that of `mtaudit.phrasing`. The weights are those of a logistic regression (L2) over features scaled by
idf ** 1.5, with the five-sentence halves of every piece as further rows. How often a feature occurs is counted over
source articles of the training folds, never over versions: machine phrasing comes four times and human phrasing once,
so that a threshold on versions would tell the two apart, also in the articles held out (an AUC of 0.945 came of that).
"""

from __future__ import annotations

import gzip
import json
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from mtaudit.phraseology import LEAST_TOKENS, MARKS, VIEWS, Token, features
from mtaudit.phrasing import Passage, PhrasingModel, length

#: Chosen on wmt10 and 11, each left out in turn with one system: mean AUC .861 at 20, .864 at 5 and 2, .863 at 1.
INVERSE_PENALTY = 3.0
#: On wmt09 and 11, left out likewise: 3 to 5 articles are within .004, and a power of 1.5 gives .002 more than 1.
LEAST_ARTICLES = 4
IDF_POWER = 1.5
#: Features that are kept of some 190,000: the heaviest, by weight and by how often they weigh.
KEPT = 100_000

ALL_VIEWS = tuple(range(len(VIEWS)))

Rows = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass
class Pieces:
    """The pieces of the development data: what each is, and `sentences`, the rows of the counts that are its own."""

    set: np.ndarray[Any, Any]
    doc: np.ndarray[Any, Any]
    system: np.ndarray[Any, Any]
    is_mt: Rows
    words: Rows
    issues: list[dict[str, int]]
    text: list[str]
    sentences: list[Rows]

    def __len__(self) -> int:
        return len(self.set)

    @property
    def article(self) -> np.ndarray[Any, Any]:
        """The source article, of which all systems have a version."""
        return np.char.add(self.set, self.doc)


@dataclass
class Counts:
    """How often each feature occurs, rows x `names`; `view[column]` is a place in VIEWS.

    Of each row `totals` has all features by view, `words` its length, `plain` the words that are no marks.
    """

    matrix: sp.csr_matrix
    names: np.ndarray[Any, Any]
    view: Rows
    totals: Floats
    words: Floats
    plain: Floats


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The pieces of a file; of one that is being written, those that are whole."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        try:
            for line in file:
                if line.endswith("\n"):
                    yield json.loads(line)
        except (EOFError, zlib.error):
            return


def read(paths: Iterable[Path], least_sentences: int = LEAST_ARTICLES) -> tuple[Pieces, Counts]:
    """All pieces, and the features of their sentences that occur in so many sentences or more."""
    return count((piece for path in paths for piece in lines(path)), least_sentences)


def count(pieces: Iterable[dict[str, Any]], least_sentences: int = LEAST_ARTICLES) -> tuple[Pieces, Counts]:
    """The same for pieces at hand."""
    ids: list[dict[str, int]] = [{} for _ in VIEWS]
    columns, ends = [array("i") for _ in VIEWS], [array("q", [0]) for _ in VIEWS]
    kept: list[dict[str, Any]] = []
    own: list[Rows] = []
    lengths: list[tuple[int, int]] = []
    for piece in pieces:
        start = len(lengths)
        sentences = piece.pop("sentences")
        piece["text"] = "\n".join(text for text, _ in sentences)
        for text, parse in sentences:
            if len(parse) < LEAST_TOKENS:
                continue
            passage = Passage(0, text, [Token(*token) for token in parse])
            seen = features(text, passage.tokens)
            for known, column, end, found in zip(ids, columns, ends, seen, strict=True):
                column.extend([known.setdefault(feature, len(known)) for feature in found])
                end.append(len(column))
            lengths.append((length([passage]), sum(" " not in form and form not in MARKS for form in seen[0])))
        own.append(np.arange(start, len(lengths)))
        kept.append(piece)
    matrices, names, view, totals = [], [], [], []
    for place, (known, column, end) in enumerate(zip(ids, columns, ends, strict=True)):
        counted = sp.csr_matrix(
            (np.ones(len(column), np.float32), np.array(column), np.array(end)), shape=(len(lengths), len(known))
        )
        totals.append(np.asarray(counted.sum(1)).ravel())
        counted.sum_duplicates()
        often = np.flatnonzero(np.bincount(counted.indices, minlength=len(known)) >= least_sentences)
        matrices.append(counted[:, often])
        names.append(np.array(list(known), dtype=object)[often])
        view.append(np.full(len(often), place))
    described = Pieces(
        *(np.array([piece[key] for piece in kept]) for key in ("set", "doc", "system")),
        is_mt=np.array([int(piece["is_mt"]) for piece in kept]),
        words=np.array([piece["words"] for piece in kept]),
        issues=[piece["issues"] for piece in kept],
        text=[piece["text"] for piece in kept],
        sentences=own,
    )
    counted_words = np.array(lengths, np.float64)
    counts = Counts(
        sp.hstack(matrices).tocsr(),
        np.concatenate(names),
        np.concatenate(view),
        np.stack(totals, 1),
        counted_words[:, 0],
        counted_words[:, 1],
    )
    return described, counts


def gathered(counts: Counts, groups: Sequence[Rows]) -> Counts:
    """Sentences put together: a row for each group, `1 + ln count` in place of the count."""
    sizes = [len(group) for group in groups]
    which = sp.csr_matrix(
        (np.ones(sum(sizes), np.float32), (np.repeat(np.arange(len(groups)), sizes), np.concatenate(groups))),
        shape=(len(groups), counts.matrix.shape[0]),
    )
    matrix = (which @ counts.matrix).tocsr()
    matrix.data = 1 + np.log(matrix.data)
    return Counts(matrix, counts.names, counts.view, which @ counts.totals, which @ counts.words, which @ counts.plain)


def stretches(pieces: Pieces, size: int) -> tuple[list[Rows], Rows]:
    """Stretches of `size` sentences of each piece, and of which piece each is; from 20 on, of neighbouring pieces.

    What is left over at the end and shorter than a stretch belongs to none.
    """
    sentences = pieces.sentences
    if size >= 20:
        sentences = _joined(pieces, size // 10)
    parts = [
        (place, rows[start : start + size] if size < 20 else rows)
        for place, rows in enumerate(sentences)
        for start in (range(0, len(rows) - size + 1, size) if size < 20 else [0] * bool(len(rows)))
    ]
    return [rows for _, rows in parts], np.array([place for place, _ in parts])


def _joined(pieces: Pieces, number: int) -> list[Rows]:
    """For every `number`th piece of a set and system its sentences and its neighbours'; none for the others."""
    joined: list[Rows] = [np.arange(0)] * len(pieces)
    order = np.lexsort((pieces.doc, pieces.system, pieces.set))
    for start in range(0, len(order) - number + 1, number):
        group = order[start : start + number]
        if len(set(zip(pieces.set[group], pieces.system[group], strict=True))) == 1:
            joined[group[0]] = np.concatenate([pieces.sentences[place] for place in group])
    return joined


@dataclass
class Space:
    """The features that a model may use: `columns` of the counts, and what each is multiplied by."""

    columns: Rows
    scale: Floats
    view: Rows

    def rows(self, counts: Counts) -> sp.csr_matrix:
        """The counts as the regression sees them."""
        embedded = (counts.matrix[:, self.columns] @ sp.diags(self.scale)).tocsr()
        row = np.repeat(np.arange(embedded.shape[0]), np.diff(embedded.indptr))
        length = np.sqrt(np.maximum(counts.totals[row, self.view[embedded.indices]], 1))
        embedded.data = (embedded.data / length).astype(np.float32)
        return embedded


def space_of(counts: Counts, rows: Rows, articles: np.ndarray[Any, Any], views: Sequence[int] = ALL_VIEWS) -> Space:
    """The features of `views` in LEAST_ARTICLES source articles of `rows` or more.

    Each view is scaled so that pieces have length 1 / sqrt(4) in it on average.
    """
    _, article = np.unique(articles[rows], return_inverse=True)
    which = sp.csr_matrix((np.ones(len(rows), np.float32), (article, np.arange(len(rows)))))
    present = (which @ (counts.matrix[rows] > 0).astype(np.float32)).tocsr()
    present.data[:] = 1
    frequency = np.asarray(present.sum(0)).ravel()
    columns = np.flatnonzero((frequency >= LEAST_ARTICLES) & np.isin(counts.view, views))
    view = counts.view[columns]
    scale = (np.log((1 + present.shape[0]) / (1 + frequency[columns])) + 1) ** IDF_POWER
    for place in views:
        own = np.flatnonzero(view == place)
        squares = counts.matrix[rows][:, columns[own]].power(2) @ scale[own] ** 2
        scale[own] /= np.sqrt(np.mean(squares / np.maximum(counts.totals[rows, place], 1)) * len(VIEWS))
    return Space(columns, scale.astype(np.float32), view)


def fit(rows: sp.csr_matrix, is_mt: Rows, inverse_penalty: float = INVERSE_PENALTY) -> LogisticRegression:
    """The regression, both sides counting the same."""
    sides = np.bincount(is_mt, minlength=2)
    weight = 1 / sides[is_mt]
    return LogisticRegression(C=inverse_penalty, solver="liblinear", dual=True, max_iter=100, tol=0.01).fit(
        rows, is_mt, sample_weight=weight / weight.mean()
    )


@dataclass
class Linear:
    """A fitted model of phrasing: `coefficients` over the columns of `space`."""

    space: Space
    coefficients: Floats
    bias: float

    def score(self, counts: Counts) -> Floats:
        """The score of each row."""
        return np.asarray(self.space.rows(counts) @ self.coefficients + self.bias)

    def packed(self, names: np.ndarray[Any, Any]) -> PhrasingModel:
        """As the file has it; weights that round to nothing are left out."""
        weights: dict[str, dict[str, int]] = {view: {} for view in VIEWS}
        for name, view, weight in zip(
            names[self.space.columns], self.space.view, self.coefficients * self.space.scale, strict=True
        ):
            if thousandths := round(1000 * float(weight)):
                weights[VIEWS[view]][name] = thousandths
        ordered = {view: dict(sorted(own.items())) for view, own in weights.items()}
        return PhrasingModel(bias=round(self.bias, 4), weights=ordered)


class Trainer:
    """Fits models on rows of the pieces; what their parts need is put together once."""

    def __init__(self, pieces: Pieces, counts: Counts) -> None:
        self.pieces, self.counts = pieces, counts
        self.whole = gathered(counts, pieces.sentences)
        groups, self.piece_of_half = stretches(pieces, 5)
        self.halves = gathered(counts, groups)
        self._space: Space | None = None

    def prepare(self, rows: Rows, views: Sequence[int] = ALL_VIEWS) -> None:
        """Chooses and scales features on these rows, for the models that are fitted next."""
        self._space = space_of(self.whole, rows, self.pieces.article, views)
        self._rows, self._half_rows = self._space.rows(self.whole), self._space.rows(self.halves)

    def fit(self, rows: Rows, is_mt: Rows | None = None, kept: int = KEPT) -> Linear:
        """A model of these rows and their halves, cut down to the `kept` heaviest features."""
        assert self._space is not None
        is_mt = self.pieces.is_mt if is_mt is None else is_mt
        half = np.flatnonzero(np.isin(self.piece_of_half, rows))
        data = sp.vstack([self._rows[rows], self._half_rows[half]])
        found = fit(data, np.concatenate([is_mt[rows], is_mt[self.piece_of_half[half]]]))
        coefficients, bias = found.coef_[0], float(found.intercept_[0])
        present = np.asarray((self._rows[rows] != 0).sum(0)).ravel()
        weight = np.abs(coefficients) * np.sqrt(present)
        big = np.flatnonzero(weight >= np.sort(weight)[-min(kept, len(weight))])
        # What is cut off has a mean, which the bias takes over.
        whole = self._rows[rows] @ coefficients
        cut = self._rows[rows][:, big] @ coefficients[big]
        space = Space(self._space.columns[big], self._space.scale[big], self._space.view[big])
        return Linear(space, coefficients[big], bias + float(np.mean(whole - cut)))
