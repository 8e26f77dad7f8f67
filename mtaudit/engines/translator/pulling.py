"""Models of the Hugging Face hub -> folders beside the other models of the user. Nothing else downloads any."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from mtaudit.engines.translator.checkpoint import WEIGHTS, Checkpoint, open_checkpoint
from mtaudit.engines.translator.choice import PARTIAL, place_of
from mtaudit.engines.translator.folder import ENGINE, ModelFolder, digest_of, write_sums
from mtaudit.engines.translator.with_transformers import require
from mtaudit.errors import EngineError, printable

#: What says how a model is built and how texts are cut for it; small, and looked at before the weights are fetched.
_SMALL: Final = (
    *("config.json", "tokenizer_config.json", "vocab.json", "tokenizer.json"),
    *("source.spm", "target.spm", "sentencepiece.bpe.model"),
)


def pull(name: str, tell: Callable[[str], None]) -> ModelFolder:
    """Fetches the model of a hub id, replaces the one fetched before, and returns its folder, found whole.

    What was fetched before a fault of the network is not fetched again. `tell` is told how much there is to fetch, and
    by which license.

    Raises:
        EngineError: when the extra is not installed, the hub does not give it or cannot be reached, the model is for
            other languages or of a family that is not read, or it cannot be written.
    """
    require("huggingface_hub", "torch", "transformers")
    if "/" not in name:
        raise EngineError(ENGINE, f"{name!r} is no id of the hub, which has the form OWNER/NAME")
    target = place_of(name)
    partial = target.with_name(target.name + PARTIAL)
    with _faults(name, target):
        found = _listed(name)
        sizes = {row.rfilename: row.size or 0 for row in found.siblings}
        small = [file for file in _SMALL if file in sizes]
        _fetch(name, found.sha, small, partial)
        try:
            checkpoint = Checkpoint(partial, name)
            checkpoint.manifest()
            weights = _weights(checkpoint, found.sha, sizes)
        except EngineError as error:
            shutil.rmtree(partial, ignore_errors=True)
            raise EngineError(ENGINE, error.reason.replace(str(partial), name)) from None
        license_ = next((tag for tag in found.tags or () if tag.startswith("license:")), "license: not stated")
        tell(f"{name}: {sum(sizes[file] for file in [*small, *weights]) / 1e6:.1f} MB into {target} ({license_})")
        _fetch(name, found.sha, weights, partial)
        hashes = {row.rfilename: row.lfs.sha256 for row in found.siblings if row.lfs}
        for file in [*small, *weights]:
            if file in hashes and digest_of(partial / file, "pull it again") != hashes[file]:
                (partial / file).unlink()
                raise EngineError(ENGINE, f"{name}: {file} did not come through whole: pull it again")
        _tidy(partial, [*small, *weights])
        write_sums(partial)
        open_checkpoint(partial, name)
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
    return open_checkpoint(target, name)


def _listed(name: str) -> Any:
    """What the hub says of a model: its commit, tags, and files with sizes."""
    from huggingface_hub import HfApi

    return HfApi().model_info(name, files_metadata=True)


def _fetch(name: str, commit: str, files: list[str], folder: Path) -> None:
    from huggingface_hub import snapshot_download

    folder.mkdir(parents=True, exist_ok=True)
    snapshot_download(name, revision=commit, allow_patterns=files, local_dir=folder)


def _weights(checkpoint: Checkpoint, commit: str, sizes: dict[str, int]) -> list[str]:
    """The files of weights that the hub has, those of the form preferred. Raises EngineError when it has none."""
    for file in WEIGHTS:
        if file in sizes:
            if not file.endswith(".json"):
                return [file]
            _fetch(checkpoint.name, commit, [file], checkpoint.path)
            break
    parts = checkpoint.weights()
    lacking = [part for part in parts if part not in sizes]
    if lacking:
        raise EngineError(ENGINE, f"{checkpoint.path} lacks {lacking[0]}: choose another model")
    return parts


def _tidy(folder: Path, wanted: list[str]) -> None:
    """Leaves the wanted files alone: an earlier, broken pull may have begun with others."""
    shutil.rmtree(folder / ".cache", ignore_errors=True)
    for file in folder.iterdir():
        if file.is_file() and file.name not in wanted:
            file.unlink()


@contextmanager
def _faults(name: str, target: Path) -> Iterator[None]:
    """What the hub and the network say, in our one line; without bars of progress where nobody looks."""
    from huggingface_hub import errors, utils

    utils.logging.set_verbosity_error()
    if not sys.stderr.isatty():
        utils.disable_progress_bars()
    try:
        yield
    except EngineError:
        raise
    except errors.OfflineModeIsEnabled:
        raise EngineError(ENGINE, f"{name} is not pulled: HF_HUB_OFFLINE forbids it") from None
    except errors.GatedRepoError:
        reason = "the hub gives it only to those who asked on its page: do, and set HF_TOKEN"
        raise EngineError(ENGINE, f"{name} cannot be pulled: {reason}") from None
    except errors.RepositoryNotFoundError:
        raise EngineError(ENGINE, f"{name} cannot be pulled: the hub has no such model, or a private one") from None
    except Exception as problem:  # those of the network have no class in common
        if isinstance(problem, OSError) and problem.errno is not None and problem.strerror:
            raise EngineError(ENGINE, f"{target} cannot be written ({problem.strerror})") from problem
        reason = printable((str(problem).strip() or type(problem).__name__).splitlines()[0])[:200]
        raise EngineError(ENGINE, f"{name} cannot be pulled ({reason}): is there a network?") from problem
