"""The configuration files, as frozen records. An unknown or missing key is an error that names it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from training.cleaning import Limits

T = TypeVar("T")

DIRECTIONS = ("fr-en", "en-fr")
#: What the source sentence begins with: the language to translate into.
DIRECTION_TOKENS = {"fr-en": ">>eng<<", "en-fr": ">>fra<<"}


@dataclass(frozen=True, slots=True)
class Source:
    """One parallel corpus. `fr_en` and `en_fr`: visits of a pair in an epoch; `late` multiplies both near the end."""

    name: str
    tier: str
    fr_en: float
    en_fr: float
    late: float
    keep: int = 0
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class DataConfig:
    """What `prepare` does. `cap` bounds the pairs with one template; `max_pieces` the pieces of a side."""

    seed: int
    vocabulary: int
    spm_sentences: int
    max_pieces: int
    cap: int
    held_out_pairs: int
    noise_pool: int
    noise: dict[str, float]
    limits: Limits
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """A Marian transformer: post-norm, sinusoidal positions, one embedding matrix for source, target and output."""

    d_model: int
    heads: int
    ffn: int
    encoder_layers: int
    decoder_layers: int
    vocabulary: int
    activation: str = "relu"
    max_positions: int = 512
    dropout: float = 0.1


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """The loop. Tokens are pieces, source and target together; minutes are of the whole run, resumes included."""

    minutes: float
    tokens_per_step: int
    tokens_per_batch: int
    peak_rate: float
    warmup_steps: int
    seed: int = 1
    label_smoothing: float = 0.1
    weight_decay: float = 0.01
    clip: float = 1.0
    ema: float = 0.999
    late_from: float = 0.75
    join: float = 0.12
    #: Neighbours that may be joined into one example, and pieces of a side beyond which none is added.
    join_most: int = 2
    longest: int = 250
    #: Until this share of the schedule, only pairs of at most `short_pieces` a side.
    short_until: float = 0.0
    short_pieces: int = 20
    drop_stop: float = 0.06
    log_every: int = 50
    dev_every: int = 1000
    dev_pairs: int = 200
    dev_nats: int = 300
    checkpoint_seconds: float = 120.0
    compile: bool = False
    #: "adamw", or "muon" for the matrices of the layers (then `matrix_rate` is theirs).
    optimiser: str = "adamw"
    matrix_rate: float = 0.02
    #: On a processor: threads with batches of their own; pieces that the output layer always has and draws by chance
    #: (0: all pieces), until `sample_until`; pairs from which first embeddings are made (0: random ones).
    workers: int = 1
    sample_frequent: int = 0
    sample_random: int = 0
    sample_until: float = 1.0
    embed_pairs: int = 0
    #: Visits of a source other than the packed folder's: fr_en, en_fr, late. "*": of those not named.
    weights: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SizeConfig:
    name: str
    model: ModelConfig
    train: TrainConfig


def load_data_config(path: Path) -> DataConfig:
    """Raises ValueError naming the key that is unknown or lacking."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    sources = tuple(_record(Source, {"name": name, **values}) for name, values in raw.pop("sources").items())
    limits = _record(Limits, raw.pop("limits", {}))
    return _record(DataConfig, {**raw, "limits": limits, "sources": sources})


def load_size_config(path: Path) -> SizeConfig:
    """The configuration of one size; its name is the file's. Raises ValueError as `load_data_config`."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    train = raw["train"] | {"weights": raw.get("weights", {})}
    return SizeConfig(path.stem, _record(ModelConfig, raw["model"]), _record(TrainConfig, train))


def _record(kind: type[T], values: Mapping[str, Any]) -> T:
    known = {item.name for item in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(values) - known)
    if unknown:
        raise ValueError(f"unknown key {unknown[0]!r} in {kind.__name__}; known: {', '.join(sorted(known))}")
    try:
        return kind(**values)
    except TypeError as problem:
        raise ValueError(str(problem)) from None
