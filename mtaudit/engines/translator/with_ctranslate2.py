"""CTranslate2: the model that comes with mtaudit, and any that was converted."""

from __future__ import annotations

import logging

from mtaudit.engines.translator.backends import END, Said, Search, Waiting
from mtaudit.engines.translator.folder import ENGINE, ModelFolder
from mtaudit.errors import EngineError
from mtaudit.translations import Threads


class WithCTranslate2:
    """Batches are started at once and run on the model's own threads."""

    def __init__(self, folder: ModelFolder, threads: Threads, device: str, compute_type: str) -> None:
        """`device` as `ModelChoice` has it; `compute_type` is CTranslate2's. Raises what CTranslate2 does."""
        try:
            import ctranslate2
        except ImportError:
            raise EngineError(ENGINE, "CTranslate2 is not installed: `pip install ctranslate2`") from None
        # It would say on stderr how it reads weights that were saved for a GPU.
        ctranslate2.set_log_level(logging.ERROR)

        def opened(device: str) -> ctranslate2.Translator:
            model = ctranslate2.Translator(
                str(folder.path),
                device=device,
                compute_type=compute_type,
                intra_threads=threads.each,
                inter_threads=threads.at_once,
            )
            if model.device == "cuda":
                # Where a GPU is there and CUDA's libraries are not, only the first computation finds out.
                model.translate_batch([[""]], max_decoding_length=1)
            return model

        if device != "auto":
            self._model = opened(device)
            return
        try:
            self._model = opened(device)
        except RuntimeError:
            self._model = opened("cpu")

    def most_rows(self, beam: int) -> None:
        """No limit: CTranslate2 keeps no table of all pieces for all rows."""

    def translate(self, sources: list[list[str]], opening: str, search: Search) -> Waiting[list[list[Said]]]:
        """As `Backend` has it. No translation is empty: CTranslate2 has an end only after a piece."""
        jobs = self._model.translate_batch(
            sources,
            [[opening]] * len(sources) if opening else None,
            beam_size=search.beam,
            num_hypotheses=search.best,
            return_scores=True,
            length_penalty=1.0,
            max_decoding_length=search.longest + bool(opening),
            min_decoding_length=1 + bool(opening),
            max_input_length=0,
            return_end_token=True,
            asynchronous=True,
        )

        def wait() -> list[list[Said]]:
            results = [job.result() for job in jobs]
            return [[_said(*pair, opening) for pair in zip(row.hypotheses, row.scores, strict=True)] for row in results]

        return wait

    def score(self, sources: list[list[str]], targets: list[list[str]], opening: str) -> Waiting[list[list[float]]]:
        """As `Backend` has it."""
        rows = [[opening, *names] for names in targets] if opening else targets
        jobs = self._model.score_batch(sources, rows, max_input_length=0, asynchronous=True)
        return lambda: [list(job.result().log_probs)[bool(opening) :] for job in jobs]


def _said(names: list[str], score: float, opening: str) -> Said:
    # With a length penalty of 1 a score is the mean over all that came, to which the opening added nothing.
    said = names[bool(opening) :]
    return Said(said[:-1] if said[-1:] == [END] else said, score * len(names), len(said))
