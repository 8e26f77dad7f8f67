"""How far training is, from 0 to 1: by training time over all resumes, or towards a moment when it must be done."""

from __future__ import annotations

import contextlib
import math
import signal
import time
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Any

#: Seconds. A longer gap between two steps is a process that was stopped, not a step: it counts as this much.
LONGEST_STEP = 30.0


class Clock:
    """`elapsed` counts seconds of training; `progress` never goes back and ends at 1.

    With a deadline, every step takes its share of the time that is left, so that a stop makes the rest of the schedule
    pass faster and the run still ends in time; without, the schedule waits.
    """

    def __init__(self, minutes: float) -> None:
        self.plan(minutes, None)
        self.elapsed, self.progress = 0.0, 0.0
        self._mark = time.monotonic()

    def plan(self, minutes: float, deadline: float | None) -> None:
        """`deadline` in seconds since the epoch; `minutes` does not count then."""
        self._seconds, self._deadline = 60 * minutes, deadline

    def start(self) -> None:
        """What passed since the last step is no training: scores, checkpoints."""
        self._mark = time.monotonic()

    def step(self) -> None:
        now = time.monotonic()
        seconds = min(now - self._mark, LONGEST_STEP)
        self._mark = now
        self.elapsed += seconds
        if self._deadline is None:
            self.progress = max(self.progress, min(1.0, self.elapsed / self._seconds))
        else:
            left = max(0.0, self._deadline - time.time())
            self.progress += (1 - self.progress) * seconds / (seconds + left)

    @property
    def finished(self) -> bool:
        if self._deadline is not None and time.time() >= self._deadline:
            return True
        return self.progress >= 1

    def cosine(self) -> float:
        """From 1 down to 0.02."""
        return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * self.progress))

    def state(self) -> list[Any]:
        return [self.elapsed, self.progress]

    def restore(self, state: list[Any]) -> None:
        self.elapsed, self.progress = state


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


def moment(text: str | None) -> float | None:
    """The next HH:MM, UTC, in seconds since the epoch. Raises ValueError when it is no time of day."""
    if text is None:
        return None
    now = datetime.now(UTC)
    then = datetime.combine(now.date(), datetime.strptime(text, "%H:%M").time(), UTC)
    return (then if then > now else then + timedelta(days=1)).timestamp()
