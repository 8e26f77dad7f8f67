"""Articles in, matches out: asked ahead of need, asked again after a crash, and not asked when nobody answers."""

from __future__ import annotations

import http.client
import os
import threading
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from queue import SimpleQueue
from typing import NamedTuple

from mtaudit.engines.languagetool.protocol import Garbled, Late, Lost, Refused, Sent, ServerFault, ask
from mtaudit.engines.languagetool.server import Home, Server
from mtaudit.errors import EngineError
from mtaudit.witnesses import Answer, Match


class Limits(NamedTuple):
    """Times are in seconds, and for slow machines: `notebooks/languagetool_speed.py` shows what one needs.

    start: until a new server answers, and until it has answered its first article, for which it loads all rules.
    request: for an article, and `per_thousand` more for each thousand code points of it.
    attempts: of one article, before it goes without.
    failures: articles in a row that got no answer, after which nobody is asked for the time of `pause`.
    """

    start: float = 180.0
    request: float = 30.0
    per_thousand: float = 4.0
    attempts: int = 4
    failures: int = 3
    pause: float = 30.0


class _Breaker:
    """Opens after so many failures in a row; after a pause one request may try."""

    def __init__(self, failures: int, pause: float) -> None:
        self._most, self._pause = failures, pause
        self._lock = threading.Lock()
        self._failed = 0
        self._opened = 0.0
        self._reason = ""

    def refusal(self) -> str:
        """Why nobody is asked now; empty when the request may go out."""
        with self._lock:
            if self._failed < self._most:
                return ""
            if time.monotonic() - self._opened >= self._pause:
                self._opened = time.monotonic()
                return ""
            return f"not asked, after {self._most} failures in a row ({self._reason})"

    def note(self, reason: str) -> None:
        """An article got no answer, for a reason, or one (the empty reason)."""
        with self._lock:
            if reason:
                self._failed += 1
                self._reason = reason
                if self._failed == self._most:
                    self._opened = time.monotonic()
            else:
                self._failed = 0


class _Line:
    """The connection of one thread, kept from article to article."""

    def __init__(self) -> None:
        self._home: Home | None = None
        self._connection: http.client.HTTPConnection | None = None

    def to(self, home: Home) -> http.client.HTTPConnection:
        """The connection to a server, a new one when it took another's place."""
        if self._connection is None or home != self._home:
            self.hang_up()
            self._home, self._connection = home, home.address.connection()
        return self._connection

    def hang_up(self) -> None:
        """Closes it."""
        if self._connection is not None:
            self._connection.close()


class _Warmth:
    """Which server has answered, and how often: each of the first answers waits until the rules are loaded."""

    def __init__(self, workers: int) -> None:
        self._lock = threading.Lock()
        self._gate = threading.Lock()
        self._workers = workers
        self._generation = -1
        self._answers = 0

    @contextmanager
    def alone_while_cold(self, server: Server) -> Iterator[None]:
        """One request at a time until the server has answered: two would load all rules twice, each at half speed."""
        with self._gate:
            if self._count(server.generation) == 0:
                yield
                return
        yield

    def is_cold(self, generation: int) -> bool:
        """Whether a request may yet have to wait for the rules to be loaded."""
        return self._count(generation) < self._workers

    def note(self, generation: int) -> None:
        """A server has answered."""
        with self._lock:
            self._answers = self._answers + 1 if generation == self._generation else 1
            self._generation = generation

    def _count(self, generation: int) -> int:
        with self._lock:
            return self._answers if generation == self._generation else 0


_Job = tuple["LanguageTool", str, "Future[Answer]"]


class LanguageTool:
    """One server for a whole run, kept busy by a few threads; each article is answered once."""

    def __init__(self, server: Server, variety: str, limits: Limits, workers: int | None = None) -> None:
        """Starts the server. `workers` is how many articles are checked at once."""
        self.server = server
        self.variety = variety
        self.limits = limits
        self._breaker = _Breaker(limits.failures, limits.pause)
        self._workers = workers or max(2, min(4, (os.cpu_count() or 1) // 2))
        self._warmth = _Warmth(self._workers)
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._threads = 0
        server.start()
        self._end = weakref.finalize(self, _end, server, self._jobs, self._workers)

    def wait(self) -> str:
        """Waits until the server answers; returns its version.

        Raises:
            EngineError: when it does not.
        """
        try:
            self.server.home()
        except ServerFault as fault:
            self.close()
            raise EngineError("languagetool", f"{fault}") from fault
        return self.server.version

    def submit(self, text: str) -> Future[Answer]:
        """Asks for an article; the future never fails, though its answer may say that there is none."""
        future: Future[Answer] = Future()
        if not self._end.alive:
            future.set_result(Answer(failure="the server was stopped"))
            return future
        # The job keeps us alive until it is done; an idle thread does not.
        self._jobs.put((self, text, future))
        if self._threads < self._workers:
            self._threads += 1
            # Daemons: whoever ends the program does not wait for answers that nobody will read.
            threading.Thread(target=_work, args=(self._jobs,), daemon=True).start()
        return future

    def check(self, text: str) -> Answer:
        """The answer on one article, waited for."""
        return self.submit(text).result()

    def close(self) -> None:
        """Ends the threads, and the server if it is ours."""
        self._end()

    def answer(self, text: str, line: _Line) -> Answer:
        """Asks over a thread's line until there is an answer or no attempt left."""
        if refusal := self._breaker.refusal():
            return Answer(failure=refusal)
        sent = Sent.of(text)
        patience = 1
        fault: ServerFault = Lost("never asked")
        for attempt in range(self.limits.attempts):
            generation = self.server.generation
            try:
                with self._warmth.alone_while_cold(self.server):
                    home = self.server.home()
                    generation = home.generation
                    answer = Answer(self._ask(sent, home, line))
                self._breaker.note("")
                return answer
            except Lost as lost:
                fault = lost
                # An idle connection breaks too; a server that breaks a second one is no use, even if it lives.
                if self.server.is_gone(generation) or attempt:
                    self.server.renew(generation)
            except Late as late:
                fault, patience = late, patience - 1
                self.server.renew(generation)
            except Refused as refused:
                if not refused.passing:
                    # What is refused for its own sake (too long) says nothing of the server.
                    return Answer(failure=str(refused))
                fault, patience = refused, patience - 1
            except Garbled as garbled:
                fault = garbled
                # What a server says while it dies may look like anything.
                if not self.server.is_gone(generation):
                    break
                self.server.renew(generation)
            except EngineError as hopeless:
                fault = Garbled(str(hopeless))
                break
            if patience < 0:
                break
        self._breaker.note(str(fault))
        return Answer(failure=str(fault))

    def _ask(self, sent: Sent, home: Home, line: _Line) -> tuple[Match, ...]:
        limit = self.limits.request + self.limits.per_thousand * len(sent.text) / 1000
        if self._warmth.is_cold(home.generation):
            limit += self.limits.start
        content = ask(line.to(home), f"{home.address.path}/check", sent.body(self.variety), limit)
        self._warmth.note(home.generation)
        return sent.matches(content)


def _work(jobs: SimpleQueue[_Job | None]) -> None:
    line = _Line()
    while job := jobs.get():
        tool, text, future = job
        try:
            future.set_result(tool.answer(text, line))
        except BaseException as error:  # a bug of ours: it belongs to whoever waits, with its traceback
            future.set_exception(error)
        # Until the next article nothing here may keep the server alive.
        del job, tool, text, future
    line.hang_up()


def _end(server: Server, jobs: SimpleQueue[_Job | None], workers: int) -> None:
    for _ in range(workers):
        jobs.put(None)
    server.close()
