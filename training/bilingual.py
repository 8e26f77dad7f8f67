"""First embeddings out of the pairs themselves: pieces that stand in each other's translations begin side by side.

Counts in how many pairs a French and an English piece meet, takes the positive pointwise mutual information of the two
(Church & Hanks, 1990) and factors the matrix (Levy & Goldberg, 2014). As one matrix is source, target and output
embedding, the model begins with a word-for-word dictionary instead of having to find one.
"""

from __future__ import annotations

import warnings

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.packing import Packed

#: Pairs of longer sides tell little about which piece goes with which.
LONGEST = 40


def embeddings(packed: Packed, width: int, most: int, seed: int) -> Tensor:
    """(vocabulary, width) with rows of norm 1, padding last and zero; from at most `most` short pairs."""
    chance = np.random.default_rng(seed)
    short = np.flatnonzero((packed.lengths <= LONGEST).all(axis=1))
    rows = np.sort(chance.choice(short, min(most, len(short)), replace=False))
    size = len(packed.pieces) + 1
    french, english = (_indicators(packed, rows, column, size) for column in (0, 1))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta")
        together = torch.sparse.mm(french.t().to_sparse_csr(), english.to_sparse_csr()).to_sparse_coo().coalesce()
    by_french = torch.sparse.sum(french, 0).to_dense()
    by_english = torch.sparse.sum(english, 0).to_dense()
    left, right = together.indices()
    # Context counts are smoothed (power 0.75), or rare pieces would be everyone's best friends.
    expected = by_french[left] * by_english[right] ** 0.75 / (by_english**0.75).sum()
    information = (together.values() / expected).log()
    # One meeting is no evidence.
    kept = (information > 0) & (together.values() > 1)
    matrix = torch.sparse_coo_tensor(together.indices()[:, kept], information[kept], (size, size)).coalesce()
    generator = torch.Generator().manual_seed(seed)
    u, s, v = _factor(matrix.to_sparse_csr(), matrix.t().to_sparse_csr(), width, generator)
    # A piece of both languages lies between what it is in either.
    vectors = (u + v) * s.sqrt()
    noise = torch.randn(size, width, generator=generator) * width**-0.5
    norms = vectors.norm(dim=1, keepdim=True)
    vectors = torch.where(norms > 1e-6, vectors / norms.clamp_min(1e-6), noise) + 0.3 * noise
    # The leading dimensions carry most of it; a rotation gives every head its share.
    rotation = torch.linalg.qr(torch.randn(width, width, generator=generator))[0]
    vectors = vectors @ rotation
    vectors = vectors / vectors.norm(dim=1, keepdim=True)
    vectors[-1] = 0
    return vectors


def _indicators(packed: Packed, rows: NDArray[np.int64], column: int, size: int) -> Tensor:
    """(pairs, vocabulary): 1 where the pair's side holds the piece."""
    stream = (packed.french, packed.english)[column]
    lengths, starts = packed.lengths[rows, column], packed.starts[rows, column]
    pair = np.repeat(np.arange(len(rows)), lengths)
    offset = np.arange(len(pair)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    keys = np.unique(pair * size + stream[np.repeat(starts, lengths) + offset].astype(np.int64))
    indices = torch.from_numpy(np.stack([keys // size, keys % size]))
    return torch.sparse_coo_tensor(indices, torch.ones(len(keys)), (len(rows), size)).coalesce()


def _factor(matrix: Tensor, transposed: Tensor, rank: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Randomised singular value decomposition (Halko et al., 2011), two power iterations."""
    basis = torch.linalg.qr(matrix @ torch.randn(matrix.shape[1], rank + 32, generator=generator))[0]
    for _ in range(2):
        basis = torch.linalg.qr(matrix @ torch.linalg.qr(transposed @ basis)[0])[0]
    u, s, vt = torch.linalg.svd((transposed @ basis).t(), full_matrices=False)
    return (basis @ u)[:, :rank], s[:rank], vt[:rank].t()
