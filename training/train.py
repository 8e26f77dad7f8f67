"""Trains a model on a packed folder; goes on from its checkpoint when there is one.

    python -m training.train training/config/base.toml --packed ../packed --run ../run [--minutes 21] [--stop-after 8]

The schedule spans `--minutes` of training time, counted over all resumes; `--stop-after` ends this call earlier, after
saving. SIGTERM and SIGINT save and stop too. Writes RUN/log.jsonl, RUN/checkpoint.pt and, in the end, RUN/weights.pt.
Needs PyTorch and numpy alone.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training import bilingual, packing
from training.checkpoint import Journal, Window, load, save
from training.configuration import DIRECTION_TOKENS, DIRECTIONS, SizeConfig, load_size_config
from training.dataset import IGNORED, Batch, Epochs
from training.feeding import Place, prefetch
from training.model import Marian, Sample, greedy, marian_state, parameter_count
from training.optimisers import optimisers
from training.output import Sampler
from training.parallel import Workers
from training.schedule import Clock, Stop, moment
from training.scoring import chrf
from training.vocabulary import EOS, origins, text_of

EMBEDDINGS, BIAS = "model.shared.weight", "final_logits_bias"
#: A batch on the device: source, target, and the sample of the output layer, if any.
Prepared = tuple[Tensor, Tensor, Sample | None]


class Trainer:
    """Model, optimiser, averaged weights and the place in the data; all of it goes into the checkpoint."""

    def __init__(self, size: SizeConfig, packed: packing.Packed, ways: tuple[str, ...], run: Path) -> None:
        if size.model.vocabulary != len(packed.pieces) + 1:
            raise ValueError(f"{size.name}: vocabulary is {size.model.vocabulary}, the data's {len(packed.pieces) + 1}")
        self.size, self.run, self.ways = size, run, ways
        config = size.train
        torch.manual_seed(config.seed)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.backends.cuda.matmul.allow_tf32 = True
        self.model = Marian(size.model).to(self.device)
        self.optimisers = optimisers(self.model, config)
        self.parameters: list[Tensor] = list(self.model.parameters())
        self.average = [value.detach().clone() for value in self.parameters]
        self._shared = next(i for i, value in enumerate(self.parameters) if value is self.model.model.shared.weight)
        self.tokens = [packed.pieces.index(DIRECTION_TOKENS[way]) for way in DIRECTIONS]
        self.pieces = packed.pieces
        self.epochs = Epochs(packed, config, self.tokens, ways)
        self.step, self.rate_scale = 0, 1.0
        self.epoch, self.batch, self.phase = 0, 0, "short" if config.short_until > 0 else "main"
        self.clock = Clock(config.minutes)
        self.call: Any = self.model
        self.workers: Workers[Prepared] | None = None
        self.sampler: Sampler | None = None
        if self.device.type == "cpu":
            self.workers = Workers(config.workers, self.parameters)
            if config.sample_frequent:
                counts = np.bincount(np.concatenate([packed.french, packed.english]), minlength=size.model.vocabulary)
                self.sampler = Sampler(counts, config.sample_frequent, config.sample_random, config.seed)

    def begin_with(self, weights: dict[str, Tensor], pieces: tuple[str, ...]) -> None:
        """Weights of an earlier run of this size, whose vocabulary was `pieces`.

        Raises RuntimeError, from PyTorch, naming those that do not fit.
        """
        weights = {name: value.float() for name, value in weights.items()}
        if pieces != self.pieces:
            rows = [*origins(pieces, self.pieces), [len(pieces)]]  # padding comes last
            weights[EMBEDDINGS] = torch.stack([weights[EMBEDDINGS][row].mean(0) for row in rows])
            weights[BIAS] = torch.stack([weights[BIAS][0, row].mean() for row in rows])[None]
        self.model.load_state_dict(weights)
        for ours, theirs in zip(self.average, self.parameters, strict=True):
            ours.copy_(theirs.detach())

    def embed(self, vectors: Tensor) -> None:
        """First embeddings, (vocabulary, width)."""
        with torch.no_grad():
            self.model.model.shared.weight.copy_(vectors)
            self.average[self._shared].copy_(vectors)

    def compile(self, batch: Batch) -> str:
        """Compiles the model and tries it on a batch; what came of it, in words. If it fails, training runs without."""
        begun = time.monotonic()
        torch._dynamo.config.suppress_errors = True  # a later batch that it cannot compile runs plainly
        compiled = torch.compile(self.model, dynamic=True)
        try:
            source, target = (self._send(ids) for ids in (batch.source, batch.target))
            with torch.autocast(self.device.type, torch.bfloat16):
                (compiled(source, target, self.size.train.label_smoothing) * 0).backward()
        except Exception as problem:
            self._forget()
            return f"not compiled: {type(problem).__name__}: {str(problem)[:200]}"
        self._forget()
        self.call = compiled
        return f"compiled in {time.monotonic() - begun:.0f} s"

    def state(self) -> dict[str, Any]:
        return {
            "model": self.model.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "average": self.average,
            "place": [self.step, self.rate_scale, self.epoch, self.batch, self.phase],
            "clock": self.clock.state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        for optimiser, kept in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)
        for ours, theirs in zip(self.average, state["average"], strict=True):
            ours.copy_(theirs)
        self.step, self.rate_scale, self.epoch, self.batch, self.phase = state["place"]
        self.clock.restore(state["clock"])

    def rate(self) -> float:
        """Of the peak: linear warm-up over steps, then half a cosine over the time that the whole run is given."""
        return self.rate_scale * min(1.0, (self.step + 1) / self.size.train.warmup_steps) * self.clock.cosine()

    def update(self, batches: list[Batch]) -> tuple[Tensor, int]:
        """One optimiser step over several batches; (summed loss, target pieces). Nothing waits for the device."""
        config = self.size.train
        count = sum(int((batch.target >= 0).sum()) for batch in batches)
        if self.workers is not None:
            total = self.workers.gradients([self._prepare(batch) for batch in batches], self._loss, 1 / count)
        else:
            total = torch.zeros((), device=self.device)
            for batch in batches:
                loss = self._loss(self._prepare(batch))
                (loss / count).backward()
                total += loss.detach()
        torch.nn.utils.clip_grad_norm_(self.parameters, config.clip)
        rate = self.rate()
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate * group["peak"]
            optimiser.step()
        self._forget()
        self.step += 1
        with torch.no_grad():
            # Marian's decoder starts from a zero embedding, the padding's; the tied output layer would move it.
            self.model.model.shared.weight[self.model.pad] = 0.0
            decay = min(config.ema, (self.step + 1) / (self.step + 10))
            torch._foreach_lerp_(self.average, self.parameters, 1 - decay)
        return total, count

    def _forget(self) -> None:
        for value in self.parameters:
            value.grad = None

    def _prepare(self, batch: Batch) -> Prepared:
        sample = None
        if self.sampler is not None and self.clock.progress < self.size.train.sample_until:
            pieces, weights, rows = self.sampler.draw(batch.target[batch.target != IGNORED])
            sample = (torch.from_numpy(pieces), torch.from_numpy(weights), torch.from_numpy(rows))
        return self._send(batch.source), self._send(batch.target), sample

    def _loss(self, prepared: Prepared) -> Tensor:
        source, target, sample = prepared
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            loss: Tensor = self.call(source, target, self.size.train.label_smoothing, *([sample] if sample else []))
        return loss

    def wanted_phase(self) -> str:
        config, progress = self.size.train, self.clock.progress
        return "late" if progress >= config.late_from else "short" if progress < config.short_until else "main"

    def _send(self, ids: Any) -> Tensor:
        tensor = torch.from_numpy(ids)
        if self.device.type == "cuda":
            tensor = tensor.pin_memory()
        return tensor.to(self.device, non_blocking=True)

    @contextlib.contextmanager
    def averaged(self) -> Iterator[None]:
        """The model with its averaged weights, in evaluation mode; put back afterwards."""
        kept = [value.detach().clone() for value in self.parameters]
        with torch.no_grad():
            torch._foreach_copy_(self.parameters, self.average)
        self.model.eval()
        try:
            yield
        finally:
            with torch.no_grad():
                torch._foreach_copy_(self.parameters, kept)
            self.model.train()

    def development(self, rows: list[dict[str, Any]], count: int) -> dict[str, float]:
        """By set and direction, with the averaged weights: nats a piece (all pieces, no smoothing), and chrF of greedy
        translations of the first `count` of a set."""
        scores: dict[str, float] = {}
        half = torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda")
        with self.averaged(), torch.no_grad(), half:
            for name in dict.fromkeys(row["set"] for row in rows):
                chosen = [row for row in rows if row["set"] == name][:count]
                for way in self.ways:
                    source, target = way.split("-")
                    token = self.tokens[DIRECTIONS.index(way)]
                    more = [row for row in rows if row["set"] == name][: self.size.train.dev_nats]
                    pairs = [([token, *row[f"{source}_ids"], EOS], [*row[f"{target}_ids"], EOS]) for row in more]
                    scores[f"{name} {way} nats"] = round(self._nats(pairs), 3)
                    if not chosen:
                        continue
                    ids = [[token, *row[f"{source}_ids"], EOS] for row in chosen]
                    order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
                    texts = [""] * len(ids)
                    for begin in range(0, len(order), 64):
                        block = order[begin : begin + 64]
                        for index, output in zip(block, greedy(self.model, [ids[i] for i in block]), strict=True):
                            texts[index] = text_of(self.pieces[piece] for piece in output)
                    scores[f"{name} {way}"] = round(chrf(texts, [row[target] for row in chosen]), 2)
        return scores

    @torch.no_grad()
    def _nats(self, pairs: list[tuple[list[int], list[int]]]) -> float:
        total = 0.0
        for left, right in pairs:
            total += float(self.model(self._send(np.array([left])), self._send(np.array([right])), 0.0))
        return total / sum(len(right) for _, right in pairs)

    def weights(self) -> dict[str, Tensor]:
        """The averaged weights under Marian's names."""
        names = [name for name, _ in self.model.named_parameters()]
        return marian_state(self.model, dict(zip(names, self.average, strict=True)))


def run(trainer: Trainer, stop: Stop, journal: Journal, dev: list[dict[str, Any]]) -> bool:
    """Trains until the schedule ends (True) or `stop` (False); saves either way."""
    config, clock = trainer.size.train, trainer.clock
    saved = time.monotonic()
    window = Window()
    clock.start()
    while not clock.finished and not stop.now():
        stopped = threading.Event()
        place = Place(trainer.epoch, trainer.phase, trainer.batch)
        for batches in prefetch(trainer.epochs, place, config.tokens_per_step, stopped):
            if not batches:
                trainer.epoch, trainer.batch = trainer.epoch + 1, 0
                journal.write("epoch", epoch=trainer.epoch, step=trainer.step)
                continue
            loss, count = trainer.update(batches)
            trainer.batch += len(batches)
            window.add(loss, count, sum(batch.pieces for batch in batches))
            clock.step()
            if trainer.step % config.log_every == 0:
                facts = window.close(trainer.rate())
                when = {"minutes": round(clock.elapsed / 60, 3), "progress": round(clock.progress, 4)}
                journal.write("step", step=trainer.step, **when, **facts)
                if not math.isfinite(facts["loss"]):
                    recover(trainer, journal)
                    break
            if trainer.step % config.dev_every == 0:
                progress = round(clock.progress, 4)
                journal.write("dev", step=trainer.step, progress=progress, **trainer.development(dev, config.dev_pairs))
                clock.start()
            if time.monotonic() - saved > config.checkpoint_seconds:
                save(trainer.run, trainer.state())
                saved = time.monotonic()
                clock.start()
            if trainer.phase != trainer.wanted_phase():
                trainer.epoch, trainer.batch, trainer.phase = trainer.epoch + 1, 0, trainer.wanted_phase()
                journal.write("phase", step=trainer.step, phase=trainer.phase)
                break
            if stop.now() or clock.finished:
                break
        stopped.set()
    save(trainer.run, trainer.state())
    return clock.finished


def recover(trainer: Trainer, journal: Journal) -> None:
    """After a loss that is no number: the last checkpoint, at half the rate. Raises RuntimeError when there is none."""
    state = load(trainer.run, trainer.device)
    if state is None:
        raise RuntimeError("the loss is no longer a number and nothing was saved: lower train.peak_rate")
    step = trainer.step
    scale, place = trainer.rate_scale, trainer.clock.state()
    trainer.restore(state)
    trainer.rate_scale = scale / 2
    trainer.clock.restore(place)
    trainer.epoch, trainer.batch = trainer.epoch + 1, 0  # other batches than those it fell over
    journal.write("recovered", at=step, to=trainer.step, rate_scale=trainer.rate_scale)


def start(
    size: SizeConfig,
    folder: Path,
    out: Path,
    ways: tuple[str, ...],
    weights: Path | None = None,
    weights_packed: Path | None = None,
) -> tuple[Trainer, Journal]:
    """A trainer, restored from OUT's checkpoint when there is one, and its log; otherwise it begins with `weights`."""
    packed = packing.read(folder)
    trainer = Trainer(size, packed, ways, out)
    state = load(out, trainer.device)
    if state is not None:
        trainer.restore(state)
    elif weights is not None:
        known = torch.load(weights, map_location=trainer.device, weights_only=True)
        trainer.begin_with(known, packing.read(weights_packed).pieces if weights_packed else trainer.pieces)
    elif size.train.embed_pairs:
        trainer.embed(bilingual.embeddings(packed, size.model.d_model, size.train.embed_pairs, size.train.seed))
    journal = Journal(out / "log.jsonl")
    device = torch.cuda.get_device_name() if trainer.device.type == "cuda" else "cpu"
    facts = {"size": size.name, "parameters": parameter_count(size.model), "device": device, "torch": torch.__version__}
    if size.train.compile and trainer.device.type == "cuda":
        first = next(trainer.epochs.iterate(trainer.epoch, trainer.phase))
        journal.write("compile", outcome=trainer.compile(first))
    journal.write("resume" if state else "start", step=trainer.step, directions=list(ways), **facts)
    return trainer, journal


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("--packed", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--minutes", type=float, help="training time of the whole run (default: the configuration's)")
    parser.add_argument("--by", help="HH:MM, UTC: be done by then, however long steps take (then --minutes counts not)")
    parser.add_argument("--from", dest="weights", type=Path, help="weights.pt of a run of this size, to begin with")
    parser.add_argument("--from-packed", type=Path, help="what --from was trained on, if its vocabulary was another")
    parser.add_argument("--stop-after", type=float, help="minutes after which this call saves and ends")
    parser.add_argument("--directions", nargs="+", choices=DIRECTIONS, default=list(DIRECTIONS))
    options = parser.parse_args(arguments)
    stop = Stop(options.stop_after)
    size = load_size_config(options.config)
    ways = tuple(options.directions)
    trainer, journal = start(size, options.packed, options.run, ways, options.weights, options.from_packed)
    lines = (options.packed / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    dev = [json.loads(line) for line in lines]
    trainer.clock.plan(size.train.minutes if options.minutes is None else options.minutes, moment(options.by))
    finished = run(trainer, stop, journal, dev)
    torch.save(trainer.weights(), options.run / "weights.pt")
    if finished:
        journal.write("dev", step=trainer.step, progress=1.0, **trainer.development(dev, size.train.dev_pairs))
    minutes = round(trainer.clock.elapsed / 60, 3)
    journal.write("finished" if finished else "stopped", step=trainer.step, minutes=minutes)
    journal.close()


if __name__ == "__main__":
    main()
