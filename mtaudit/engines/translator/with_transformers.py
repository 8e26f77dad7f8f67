"""transformers: any Marian, M2M-100 or NLLB model as it comes, with PyTorch (`mtaudit[transformers]`)."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from mtaudit.engines.translator.backends import Said, Search, Waiting, told
from mtaudit.engines.translator.checkpoint import MARIAN, Checkpoint
from mtaudit.engines.translator.folder import ENGINE, ModelFolder
from mtaudit.engines.translator.pieces import UNKNOWN
from mtaudit.errors import EngineError
from mtaudit.translations import Threads

if TYPE_CHECKING:
    import torch

#: Entries of a table of all pieces for several places (rows of a beam search, words under forced decoding): 128 MB.
_ENTRIES: Final = 2**25


def require(*modules: str) -> None:
    """Raises EngineError, which says how to get them, when one of the extra's modules is not installed."""
    for module in modules:
        if importlib.util.find_spec(module) is None:
            raise EngineError(ENGINE, f"{module} is not installed: `pip install 'mtaudit[transformers]'`")


@contextmanager
def quiet() -> Iterator[None]:
    """No progress bars and no advice from transformers inside."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


class WithTransformers:
    """One batch at a time, in float32, on as many threads as are asked for together."""

    def __init__(self, folder: ModelFolder, threads: Threads, device: str) -> None:
        """`device` as `ModelChoice` has it. Sets the threads of PyTorch, which has one number for the whole process.

        Raises EngineError when the extra is not installed or weights are missing, and what transformers raises.
        """
        require("torch", "transformers")
        import torch

        checkpoint = Checkpoint(folder.path, folder.manifest.name)
        self._names = checkpoint.pieces()
        self._numbers = {name: number for number, name in enumerate(self._names)}
        for token in (*folder.manifest.directions.values(), *folder.manifest.targets.values()):
            if token and token not in self._numbers:
                raise EngineError(ENGINE, f"{folder.path} has no {token} in its vocabulary: choose another model")
        torch.set_num_threads(threads.each * threads.at_once)
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        elif device.startswith("cuda") and not torch.cuda.is_available():
            raise EngineError(ENGINE, "PyTorch finds no GPU: leave the choice of the device to mtaudit")
        self._device = device
        self._model = _opened(folder, checkpoint.family).to(device)
        ends = self._model.generation_config
        self._start, self._end, self._pad = ends.decoder_start_token_id, ends.eos_token_id, ends.pad_token_id

    def most_rows(self, beam: int) -> int:
        """As many as the tables of all pieces leave room for."""
        return max(1, _ENTRIES // (len(self._names) * beam))

    def translate(self, sources: list[list[str]], opening: str, search: Search) -> Waiting[list[list[Said]]]:
        """As `Backend` has it; computed at once. No translation is empty, as with CTranslate2."""
        import torch

        prompt = [self._start, *self._ids([opening] if opening else [])]
        rows, mask = self._padded([self._ids(names) for names in sources])
        with torch.inference_mode():
            found = self._model.generate(
                input_ids=rows,
                attention_mask=mask,
                decoder_input_ids=torch.tensor([prompt] * len(sources), device=self._device),
                num_beams=search.beam,
                num_return_sequences=search.best,
                length_penalty=1.0,
                early_stopping=search.beam > 1,
                do_sample=False,
                min_new_tokens=1,
                max_new_tokens=search.longest,
            )
        heard = [self._heard(row) for row in found[:, len(prompt) :].tolist()]
        # Forced decoding of what was said gives the same for every kind of search, without a table for every step.
        repeated = [self._ids(names) for names in sources for _ in range(search.best)]
        logs = self._forced(repeated, [ids for ids, _ in heard], prompt)
        each = iter(self._said(*row, some) for row, some in zip(heard, logs, strict=True))
        results = [sorted(islice(each, search.best), key=_badness) for _ in sources]
        return lambda: results

    def score(self, sources: list[list[str]], targets: list[list[str]], opening: str) -> Waiting[list[list[float]]]:
        """As `Backend` has it; computed at once."""
        prompt = [self._start, *self._ids([opening] if opening else [])]
        results = self._forced([self._ids(names) for names in sources], [self._ids(names) for names in targets], prompt)
        return lambda: results

    def _forced(self, sources: list[list[int]], targets: list[list[int]], prompt: list[int]) -> list[list[float]]:
        """ln p of every piece of the targets and of the end, without those of the prompt."""
        import torch

        rows, mask = self._padded(sources)
        inputs, _ = self._padded([[*prompt, *ids] for ids in targets])
        with torch.inference_mode():
            states = self._model.model(
                input_ids=rows, attention_mask=mask, decoder_input_ids=inputs, use_cache=False
            ).last_hidden_state
            # What is said after the last piece of the prompt is the first of the target.
            states = torch.cat(
                [state[len(prompt) - 1 : len(prompt) + len(ids)] for state, ids in zip(states, targets, strict=True)]
            )
            wanted = torch.tensor([id_ for ids in targets for id_ in (*ids, self._end)], device=self._device)
            logs: list[float] = []
            step = max(1, _ENTRIES // len(self._names))
            for some, ids in zip(states.split(step), wanted.split(step), strict=True):
                logits = self._model.lm_head(some)
                if (bias := getattr(self._model, "final_logits_bias", None)) is not None:
                    logits = logits + bias
                logs += (logits.gather(1, ids[:, None])[:, 0] - logits.logsumexp(1)).tolist()
        each = iter(logs)
        return [list(islice(each, len(ids) + 1)) for ids in targets]

    def _padded(self, rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Numbers of pieces [rows, longest], and where they are."""
        import torch

        longest = max(map(len, rows))
        filled = [row + [self._pad] * (longest - len(row)) for row in rows]
        mask = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
        return torch.tensor(filled, device=self._device), torch.tensor(mask, device=self._device)

    def _ids(self, names: list[str]) -> list[int]:
        unknown = self._numbers[UNKNOWN]
        return [self._numbers.get(name, unknown) for name in names]

    def _heard(self, ids: list[int]) -> tuple[list[int], bool]:
        """What was said, without end and filling, and whether it came to its end."""
        if self._end in ids:
            return ids[: ids.index(self._end)], True
        return [id_ for id_ in ids if id_ != self._pad], False

    def _said(self, ids: list[int], ended: bool, logs: list[float]) -> Said:
        counted = logs if ended else logs[:-1]
        return Said([self._names[id_] for id_ in ids], sum(counted), len(counted))


def _opened(folder: ModelFolder, family: str) -> Any:
    """The model for evaluation, free of the habits of decoding that its files may state."""
    import torch
    from transformers import GenerationConfig, M2M100ForConditionalGeneration, MarianMTModel

    architecture = MarianMTModel if family == MARIAN else M2M100ForConditionalGeneration
    try:
        with quiet():
            model, found = architecture.from_pretrained(
                folder.path, local_files_only=True, dtype=torch.float32, output_loading_info=True
            )
    except Exception as problem:  # what a damaged file makes of the readers of weights is of no class in common
        raise told(problem, folder.kind, folder.manifest.name) from problem
    if found["missing_keys"]:
        lacking = ", ".join(sorted(found["missing_keys"])[:3])
        raise EngineError(ENGINE, f"{folder.path} lacks weights ({lacking}): copy or pull the model again")
    ends = {name: getattr(model.config, name) for name in ("decoder_start_token_id", "eos_token_id", "pad_token_id")}
    model.generation_config = GenerationConfig(**ends)
    if family == MARIAN:
        # The piece that fills batches up, which transformers added to Marian's vocabulary, is never said.
        model.final_logits_bias[:, ends["pad_token_id"]] = -torch.inf
    return model.eval()


def _badness(said: Said) -> float:
    return -said.log_probability / said.pieces
