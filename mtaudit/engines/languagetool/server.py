"""The servers behind an address: one of our own, which is started, restarted and killed; one that somebody runs."""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from typing import IO, NamedTuple, Protocol

from mtaudit.engines.languagetool import protocol
from mtaudit.engines.languagetool.places import Place, java
from mtaudit.engines.languagetool.protocol import Address, Lost, Refused, ServerFault
from mtaudit.errors import EngineError

#: Where our server listens, and nowhere else.
LOOPBACK = "127.0.0.1"
#: French rules and dictionaries take 300 MB; a page of 200,000 characters another 200.
HEAP = "-Xmx1g"
#: Seconds between two looks whether the server answers.
_STEP = 0.1

#: Kills the server once the pipe from us closes, which it does however we end: SIGKILL too.
_WATCH = """
import os, signal, sys
server = int(sys.argv[1])
while os.read(0, 4096):
    pass
try:
    os.kill(server, getattr(signal, "SIGKILL", signal.SIGTERM))
except OSError:
    pass
"""


class Home(NamedTuple):
    """An address, and how many servers have stood there before: who saw one fail names the one he saw."""

    address: Address
    generation: int


class Server(Protocol):
    """What the client asks of a server."""

    def start(self) -> None:
        """Starts it if it is ours, without waiting."""
        ...

    def home(self) -> Home:
        """Where it answers, once it does. Raises ServerFault when it does not in time."""
        ...

    def renew(self, generation: int) -> None:
        """Replaces the server of that generation, unless somebody did already."""
        ...

    def is_gone(self, generation: int) -> bool:
        """Whether the server of that generation has ended."""
        ...

    def close(self) -> None:
        """Ends what was started."""
        ...

    @property
    def generation(self) -> int:
        """How many servers it has replaced."""
        ...

    @property
    def version(self) -> str:
        """LanguageTool's version, empty before it answered."""
        ...


class RunningServer:
    """A server that somebody else runs: it is asked, and left alone."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self.generation = 0
        self.version = ""

    def start(self) -> None:
        """Nothing to start."""

    def home(self) -> Home:
        """Its address; whether it answers is asked once."""
        if not self.version:
            self.version = _version(self._address, protocol.CONNECT * 2)
        return Home(self._address, 0)

    def renew(self, generation: int) -> None:  # noqa: ARG002 - the protocol's signature
        """Leaves it a moment; it is not ours to restart."""
        time.sleep(0.5)

    def is_gone(self, generation: int) -> bool:  # noqa: ARG002 - the protocol's signature
        """Unknown, so no."""
        return False

    def close(self) -> None:
        """Nothing to end."""


class LocalServer:
    """A server of our own on the loopback interface, as long-lived as this object."""

    def __init__(self, place: Place, start_limit: float, request_limit: float, port: int = 0) -> None:
        self.place = place
        self.version = place.version or ""
        self._limit = start_limit
        self._wanted_port = port
        self._settings = _settings(request_limit)
        self._lock = threading.RLock()
        self.generation = 0
        self._owner = os.getpid()
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._address = Address("http", LOOPBACK, port, "/v2")
        self._answers = False
        self._closed = False
        atexit.register(self.close)

    @property
    def pid(self) -> int | None:
        """The process id of the server, None while there is none."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Starts Java, without waiting for an answer.

        Raises:
            EngineError: when it cannot be started.
        """
        with self._lock:
            if self._process is not None or self._closed:
                return
            port = self._wanted_port or _free_port()
            self._address = self._address._replace(port=port)
            command = [java() or "java", HEAP, "-XX:+UseSerialGC", "-Dsun.net.httpserver.nodelay=true"]
            command += ["-cp", self.place.classpath, "org.languagetool.server.HTTPServer"]
            command += ["--port", str(port), "--config", self._settings]
            self._log = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
            try:
                # In a session of its own, so that Ctrl-C on the terminal reaches us first.
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=self._log,
                    start_new_session=True,
                )
                self._watch = _watch(self._process.pid)
            except OSError as error:
                raise EngineError("languagetool", f"Java cannot be started ({error.strerror})") from error

    def home(self) -> Home:
        """The address, once the server answers there.

        Raises:
            Lost: when the server ended or did not answer in time; the reason has the last line that it wrote.
        """
        with self._lock:
            self.start()
            deadline = time.monotonic() + self._limit
            while not self._answers:
                if self._closed or self._process is None:
                    raise Lost("the server was stopped")
                if self._process.poll() is not None:
                    raise Lost(f"the server ended with code {self._process.returncode}{self._last_words()}")
                try:
                    self.version = _version(self._address, protocol.CONNECT) or self.version
                    self._answers = True
                except ServerFault:
                    if time.monotonic() > deadline:
                        raise Lost(f"the server did not start within {self._limit:.0f} s") from None
                    time.sleep(_STEP)
            return Home(self._address, self.generation)

    def listen(self) -> Address:
        """The address, once the server answers there.

        Raises:
            EngineError: when it does not.
        """
        try:
            return self.home().address
        except ServerFault as fault:
            raise EngineError("languagetool", str(fault)) from fault

    def renew(self, generation: int) -> None:
        """Kills the server of that generation and starts the next, unless somebody did already."""
        with self._lock:
            if generation != self.generation or self._closed:
                return
            self._stop()
            self.generation += 1
            with suppress(EngineError):
                self.start()

    def is_gone(self, generation: int) -> bool:
        """Whether the server of that generation has ended; one that was killed gets a moment to be so."""
        with self._lock:
            if generation != self.generation or self._process is None:
                return True
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.5)
            return self._process.poll() is not None

    def wait(self) -> int:
        """Waits for the server to end; returns its exit code."""
        return self._process.wait() if self._process else 0

    def close(self) -> None:
        """Kills the server. A process that was forked off leaves it to its parent."""
        if os.getpid() != self._owner:
            return
        # Before the lock, which may be held by a thread that waits for an answer and looks for this.
        self._closed = True
        with self._lock:
            self._stop()
        atexit.unregister(self.close)

    def _stop(self) -> None:
        # The watch first: after the server is reaped, its number may be another's.
        for process in (self._watch, self._process):
            if process is not None:
                process.kill()
                process.wait()
                if process.stdin:
                    process.stdin.close()
        if self._log is not None:
            self._log.close()
        self._process = self._watch = self._log = None
        self._answers = False

    def _last_words(self) -> str:
        """What the server said last, an error if it said one."""
        if self._log is None:
            return ""
        self._log.seek(0)
        lines = [line.strip() for line in self._log.read(100_000).decode("utf-8", "replace").splitlines()]
        telling = [line for line in lines if "rror" in line or "xception" in line] or [line for line in lines if line]
        return f" ({telling[0][:200]})" if telling else ""


def _settings(request_limit: float) -> str:
    """The path of the server's configuration, which goes when we end."""
    from language_tool_python.config_file import LanguageToolConfig

    configuration = {
        # Else every request loads all rules anew.
        "pipelineCaching": True,
        "maxPipelinePoolSize": 8,
        "pipelineExpireTimeInSeconds": 86_400,
        # It should stop when we have stopped waiting.
        "maxCheckTimeMillis": int(request_limit * 10_000),
    }
    return LanguageToolConfig(configuration).path


def _watch(pid: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _WATCH, str(pid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _version(address: Address, limit: float) -> str:
    """The version of the server at an address, `unknown` for one that does not tell. Raises ServerFault."""
    connection = address.connection()
    try:
        return protocol.version(protocol.ask(connection, f"{address.path}/info", None, limit)) or "unknown"
    except Refused as error:
        # Servers before 5.0 know no /info, and neither do some proxies.
        if error.passing:
            raise
        return "unknown"
    finally:
        connection.close()
