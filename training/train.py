"""Trains a model on a packed folder; goes on from its checkpoint when there is one.

    python -m training.train training/config/base.toml --packed ../packed --run ../run [--minutes 21] [--stop-after 8]

The schedule spans `--minutes` of training time, counted over all resumes; `--stop-after` ends this call earlier, after
saving. SIGTERM and SIGINT save and stop too. Writes RUN/log.jsonl, RUN/checkpoint.pt and, in the end, RUN/weights.pt.
Needs PyTorch and numpy alone.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import math
import queue
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch import Tensor

from training import packing
from training.checkpoint import Journal, load, save
from training.configuration import DIRECTION_TOKENS, DIRECTIONS, SizeConfig, load_size_config
from training.dataset import Batch, Epochs
from training.model import Marian, greedy, marian_state, parameter_count
from training.scoring import chrf
from training.vocabulary import EOS, text_of


class Stop:
    """Set by a signal, or when this call's time is up."""

    def __init__(self, minutes: float | None) -> None:
        self._deadline = time.monotonic() + 60 * minutes if minutes else math.inf
        self._signalled = False
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(ValueError):  # not in the main thread: a test
                signal.signal(number, self._note)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._signalled = True

    def now(self) -> bool:
        return self._signalled or time.monotonic() >= self._deadline


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
        self.optimiser = torch.optim.AdamW(
            _groups(self.model, config.weight_decay),
            lr=config.peak_rate,
            betas=(0.9, 0.98),
            eps=1e-9,
            fused=self.device.type == "cuda",
        )
        self.parameters: list[Tensor] = list(self.model.parameters())
        self.average = [value.detach().clone() for value in self.parameters]
        self.tokens = [packed.pieces.index(DIRECTION_TOKENS[way]) for way in DIRECTIONS]
        self.pieces = packed.pieces
        self.epochs = Epochs(packed, config, self.tokens, ways)
        self.step, self.elapsed, self.rate_scale = 0, 0.0, 1.0
        self.epoch, self.batch, self.late = 0, 0, False
        self.call: Any = self.model

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
            self.optimiser.zero_grad(set_to_none=True)
            return f"not compiled: {type(problem).__name__}: {str(problem)[:200]}"
        self.optimiser.zero_grad(set_to_none=True)
        self.call = compiled
        return f"compiled in {time.monotonic() - begun:.0f} s"

    def state(self) -> dict[str, Any]:
        return {
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "average": self.average,
            "place": [self.step, self.elapsed, self.rate_scale, self.epoch, self.batch, self.late],
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        for ours, theirs in zip(self.average, state["average"], strict=True):
            ours.copy_(theirs)
        self.step, self.elapsed, self.rate_scale, self.epoch, self.batch, self.late = state["place"]

    def rate(self, progress: float) -> float:
        """Linear warm-up over steps, then half a cosine over the time that the whole run is given."""
        config = self.size.train
        warm = min(1.0, (self.step + 1) / config.warmup_steps)
        return self.rate_scale * config.peak_rate * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))

    def update(self, batches: list[Batch], progress: float) -> tuple[Tensor, int]:
        """One optimiser step over several batches; (summed loss, target pieces). Nothing waits for the device."""
        config = self.size.train
        count = sum(int((batch.target >= 0).sum()) for batch in batches)
        total = torch.zeros((), device=self.device)
        for batch in batches:
            source, target = (self._send(ids) for ids in (batch.source, batch.target))
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
                loss = self.call(source, target, config.label_smoothing)
            (loss / count).backward()
            total += loss.detach()
        torch.nn.utils.clip_grad_norm_(self.parameters, config.clip)
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate(progress)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.step += 1
        with torch.no_grad():
            # Marian's decoder starts from a zero embedding, the padding's; the tied output layer would move it.
            self.model.model.shared.weight[self.model.pad] = 0.0
            decay = min(config.ema, (self.step + 1) / (self.step + 10))
            torch._foreach_lerp_(self.average, self.parameters, 1 - decay)
        return total, count

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
        """chrF of greedy translations with the averaged weights, by set and direction; the first `count` of a set."""
        scores = {}
        with self.averaged(), torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            for name in dict.fromkeys(row["set"] for row in rows):
                chosen = [row for row in rows if row["set"] == name][:count]
                for way in self.ways:
                    source, target = way.split("-")
                    token = self.tokens[DIRECTIONS.index(way)]
                    ids = [[token, *row[f"{source}_ids"], EOS] for row in chosen]
                    order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
                    texts = [""] * len(ids)
                    for begin in range(0, len(order), 64):
                        block = order[begin : begin + 64]
                        for index, output in zip(block, greedy(self.model, [ids[i] for i in block]), strict=True):
                            texts[index] = text_of(self.pieces[piece] for piece in output)
                    scores[f"{name} {way}"] = round(chrf(texts, [row[target] for row in chosen]), 2)
        return scores

    def weights(self) -> dict[str, Tensor]:
        """The averaged weights under Marian's names."""
        names = [name for name, _ in self.model.named_parameters()]
        return marian_state(self.model, dict(zip(names, self.average, strict=True)))


def _groups(model: Marian, decay: float) -> list[dict[str, Any]]:
    """Weight decay on matrices only."""
    matrices = [value for value in model.parameters() if value.ndim > 1 and value.shape[0] > 1]
    rest = [value for value in model.parameters() if not (value.ndim > 1 and value.shape[0] > 1)]
    return [{"params": matrices, "weight_decay": decay}, {"params": rest, "weight_decay": 0.0}]


def prefetch(trainer: Trainer, stopped: threading.Event) -> Iterator[list[Batch]]:
    """The batches of one step after another, epoch after epoch, made in a thread while the device works.

    An empty list ends an epoch. The queue is long enough to hide the seconds that planning the next one takes.
    """
    ready: queue.Queue[list[Batch] | BaseException] = queue.Queue(maxsize=32)
    first, late, skip = trainer.epoch, trainer.late, trainer.batch

    def offer(item: list[Batch] | BaseException) -> None:
        while not stopped.is_set():
            with contextlib.suppress(queue.Full):
                ready.put(item, timeout=0.2)
                return

    def work() -> None:
        try:
            for epoch in itertools.count(first):
                step: list[Batch] = []
                for batch in trainer.epochs.iterate(epoch, late, skip if epoch == first else 0):
                    step.append(batch)
                    if sum(item.pieces for item in step) >= trainer.size.train.tokens_per_step:
                        offer(step)
                        step = []
                    if stopped.is_set():
                        return
                if step:
                    offer(step)
                offer([])
        except BaseException as problem:  # handed to the loop, which raises it
            offer(problem)

    threading.Thread(target=work, daemon=True).start()
    while True:
        item = ready.get()
        if isinstance(item, BaseException):
            raise item
        yield item


def run(trainer: Trainer, minutes: float, stop: Stop, journal: Journal, dev: list[dict[str, Any]]) -> bool:
    """Trains until the schedule ends (True) or `stop` (False); saves either way."""
    config = trainer.size.train
    saved = mark = time.monotonic()
    window = _Window()
    while trainer.elapsed < 60 * minutes and not stop.now():
        stopped = threading.Event()
        for batches in prefetch(trainer, stopped):
            if not batches:
                trainer.epoch, trainer.batch = trainer.epoch + 1, 0
                journal.write("epoch", epoch=trainer.epoch, step=trainer.step)
                continue
            progress = min(1.0, trainer.elapsed / (60 * minutes))
            loss, count = trainer.update(batches, progress)
            trainer.batch += len(batches)
            window.add(loss, count, sum(batch.pieces for batch in batches))
            now = time.monotonic()
            trainer.elapsed, mark = trainer.elapsed + now - mark, now
            if trainer.step % config.log_every == 0:
                facts = window.close(trainer.rate(progress))
                journal.write("step", step=trainer.step, minutes=round(trainer.elapsed / 60, 3), **facts)
                if not math.isfinite(facts["loss"]):
                    recover(trainer, journal)
                    break
            if trainer.step % config.dev_every == 0:
                journal.write("dev", step=trainer.step, **trainer.development(dev, config.dev_pairs))
                mark = time.monotonic()  # scores are not training time
            if now - saved > config.checkpoint_seconds:
                save(trainer.run, trainer.state())
                saved = mark = time.monotonic()
            if not trainer.late and progress >= config.late_from:
                trainer.epoch, trainer.batch, trainer.late = trainer.epoch + 1, 0, True
                journal.write("late", step=trainer.step)
                break
            if stop.now() or trainer.elapsed >= 60 * minutes:
                break
        stopped.set()
    save(trainer.run, trainer.state())
    return trainer.elapsed >= 60 * minutes


def recover(trainer: Trainer, journal: Journal) -> None:
    """After a loss that is no number: the last checkpoint, at half the rate. Raises RuntimeError when there is none."""
    state = load(trainer.run, trainer.device)
    if state is None:
        raise RuntimeError("the loss is no longer a number and nothing was saved: lower train.peak_rate")
    step = trainer.step
    scale, elapsed = trainer.rate_scale, trainer.elapsed
    trainer.restore(state)
    trainer.rate_scale, trainer.elapsed = scale / 2, elapsed
    trainer.epoch, trainer.batch = trainer.epoch + 1, 0  # other batches than those it fell over
    journal.write("recovered", at=step, to=trainer.step, rate_scale=trainer.rate_scale)


class _Window:
    """Loss and speed since the last log line; the losses stay on the device until then."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._begun = time.monotonic()
        self._losses: list[Tensor] = []
        self._targets = self._pieces = 0

    def add(self, loss: Tensor, targets: int, pieces: int) -> None:
        self._losses.append(loss)
        self._targets += targets
        self._pieces += pieces

    def close(self, rate: float) -> dict[str, float]:
        """Mean loss a target piece in nats (label smoothing included), pieces a second; starts the next window."""
        loss = float(torch.stack(self._losses).sum()) / max(1, self._targets)
        seconds = time.monotonic() - self._begun
        facts = {"loss": round(loss, 4), "rate": round(rate, 7), "pieces_per_second": round(self._pieces / seconds)}
        self._clear()
        return facts


def start(size: SizeConfig, folder: Path, out: Path, ways: tuple[str, ...]) -> tuple[Trainer, Journal]:
    """A trainer, restored from OUT's checkpoint when there is one, and its log."""
    trainer = Trainer(size, packing.read(folder), ways, out)
    state = load(out, trainer.device)
    if state is not None:
        trainer.restore(state)
    journal = Journal(out / "log.jsonl")
    device = torch.cuda.get_device_name() if trainer.device.type == "cuda" else "cpu"
    facts = {"size": size.name, "parameters": parameter_count(size.model), "device": device, "torch": torch.__version__}
    if size.train.compile and trainer.device.type == "cuda":
        first = next(trainer.epochs.iterate(trainer.epoch, trainer.late))
        journal.write("compile", outcome=trainer.compile(first))
    journal.write("resume" if state else "start", step=trainer.step, directions=list(ways), **facts)
    return trainer, journal


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("--packed", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--minutes", type=float, help="training time of the whole run (default: the configuration's)")
    parser.add_argument("--stop-after", type=float, help="minutes after which this call saves and ends")
    parser.add_argument("--directions", nargs="+", choices=DIRECTIONS, default=list(DIRECTIONS))
    options = parser.parse_args(arguments)
    stop = Stop(options.stop_after)
    size = load_size_config(options.config)
    trainer, journal = start(size, options.packed, options.run, tuple(options.directions))
    lines = (options.packed / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    dev = [json.loads(line) for line in lines]
    minutes = size.train.minutes if options.minutes is None else options.minutes
    finished = run(trainer, minutes, stop, journal, dev)
    torch.save(trainer.weights(), options.run / "weights.pt")
    if finished:
        journal.write("dev", step=trainer.step, **trainer.development(dev, size.train.dev_pairs))
    journal.write("finished" if finished else "stopped", step=trainer.step, minutes=round(trainer.elapsed / 60, 3))
    journal.close()


if __name__ == "__main__":
    main()
