"""From where on a round trip is evidence: thresholds and what was measured of them, for one translation model each.

`notebooks/roundtrip.py` writes these files. The model that comes with mtaudit has `data/roundtrip.json`; another has
its own in the user's data folder, or goes by that of the packaged one, and whatever it finds is marked so.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec
import platformdirs

#: Raised when the keys below mean something else than before.
FORMAT: Final = 1
PACKAGED: Final = Path(__file__).parent / "data" / "roundtrip.json"


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From `least` on, one kind of evidence becomes an issue, None for never.

    `precision` is the share of the issues above it that were right on annotated text, with one right and one wrong
    added (Laplace) so that nothing is sure from a few; `human_per_thousand` how many there were in 1,000 words of human
    news.
    """

    least: float | None
    precision: float
    human_per_thousand: float = 0.0


class Gloss(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a pivot says of an issue whose rule has a gloss: one that shows the gloss adds `shown` of what is missing to
    full confidence, one that does not takes `absent` of the confidence away."""

    shown: float = 0.0
    absent: float = 0.0


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Thresholds by kind of evidence: `repair/agreement`, `improbable`, `number` and so on, for the model of a digest.

    `notebook` and `data` say where they come from.
    """

    format: int
    model: str
    notebook: str
    data: Mapping[str, int]
    thresholds: Mapping[str, Threshold]
    gloss: Gloss = Gloss()

    def of(self, kind: str) -> Threshold:
        """The threshold of a kind; one that was not measured is never reached."""
        return self.thresholds.get(kind, _NEVER)


_NEVER: Final = Threshold(None, 0.5)


def own_place(model: str) -> Path:
    """Where the calibration of a model that does not come with mtaudit is kept."""
    name = hashlib.sha256(model.encode()).hexdigest()[:16]
    return Path(platformdirs.user_data_dir("mtaudit")) / "calibrations" / f"{name}.json"


@lru_cache(maxsize=8)
def calibration_of(model: str) -> Calibration:
    """The calibration of the model with this digest, or that of the packaged one where it has none."""
    packaged = msgspec.json.decode(PACKAGED.read_bytes(), type=Calibration)
    if packaged.model == model:
        return packaged
    try:
        own = msgspec.json.decode(own_place(model).read_bytes(), type=Calibration)
    except (OSError, msgspec.DecodeError):
        # None was made, or by another version: the issues will say so.
        return packaged
    return own if own.format == FORMAT and own.model == model else packaged


def write_calibration(calibration: Calibration, path: Path) -> None:
    """Other processes see the old file or the new one. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(calibration), indent=1) + b"\n")
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
