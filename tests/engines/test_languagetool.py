"""LanguageTool as a witness: exact places, crashes, servers that are dead, slow or mad, nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtaudit.engines.languagetool import LanguageTool, Limits, LocalServer, load_languagetool
from mtaudit.engines.languagetool.places import Place, find
from mtaudit.engines.languagetool.protocol import Address
from mtaudit.engines.languagetool.server import RunningServer
from mtaudit.errors import EngineError
from mtaudit.witnesses import VARIETIES, Answer, Choice
from tests.engines import standin

QUICK = Limits(start=20, request=1, per_thousand=0, attempts=4, failures=3, pause=0.5)


def client(url: str, limits: Limits = QUICK, workers: int = 1) -> LanguageTool:
    return LanguageTool(RunningServer(Address.of(url)), "fr", limits, workers)


def marked(text: str, answer: Answer) -> list[str]:
    assert not answer.failure
    return [text[match.start : match.end] for match in answer.matches]


# Servers that are not what they should be.


def test_one_connection_serves_a_whole_run() -> None:
    with standin.running() as server:
        tool = client(server.url)
        assert tool.wait() == "9.9"
        for text in ("Un faux.", "Rien.", "faux faux"):
            assert marked(text, tool.check(text)) == ["faux"] * text.count("faux")
        assert server.requests == 3
        assert server.connections == 2, "one to see that it answers, one for the articles"


def test_nobody_at_the_url() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(EngineError, match="no connection"):
            load_languagetool(Choice(f"http://127.0.0.1:{taken.getsockname()[1]}")).wait()


GARBAGE = {
    "no JSON": b"<html>Welcome</html>",
    "another JSON": b'{"matches": 3}',
    "a list": b"[]",
    "nothing": b"",
    "no UTF-8": b'{"matches": [], "software": {"version": "\xff"}}',
    "a match before the text": standin.matches("faux").replace(b'"offset": 0', b'"offset": -3'),
    "a match behind the text": standin.matches("faux").replace(b'"offset": 0', b'"offset": 99'),
    "a match of negative length": standin.matches("faux").replace(b'"length": 4', b'"length": -1'),
    "an offset of 10**30": standin.matches("faux").replace(b'"offset": 0', b'"offset": 1' + b"0" * 30),
    "incomplete": b'{"matches": [], "warnings": {"incompleteResults": true}}',
}


@pytest.mark.parametrize("body", GARBAGE.values(), ids=GARBAGE)
def test_a_garbled_answer_costs_the_article_its_witness_and_nothing_else(body: bytes) -> None:
    with standin.running(lambda text: (200, body if text == "garbled" else standin.matches(text))) as server:
        tool = client(server.url)
        assert tool.check("garbled").failure
        assert marked("Un faux.", tool.check("Un faux.")) == ["faux"]


@pytest.mark.parametrize("kept", [0, 1, 40], ids="{} bytes".format)
def test_an_answer_that_breaks_off_is_asked_for_again(kept: int) -> None:
    text = "Un faux."
    with standin.running() as server:
        server.break_off_after = kept
        tool = client(server.url)
        assert marked(text, tool.check(text)) == ["faux"]
        assert server.requests == 2


def test_an_answer_that_is_not_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = Address("http", "127.0.0.1", listener.getsockname()[1], "/v2")

        def talk() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(100)
                    connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")

        threading.Thread(target=talk, daemon=True).start()
        with pytest.raises(EngineError, match="not HTTP"):
            LanguageTool(RunningServer(address), "fr", QUICK, 1).wait()


def test_a_silent_server_is_given_up() -> None:
    def sleep(_: str) -> standin.Reply:
        time.sleep(30)
        return 200, b""

    with standin.running(sleep) as server:
        tool = client(server.url, QUICK._replace(start=0, request=0.3))
        start = time.monotonic()
        assert "no answer within" in tool.check("a").failure
        assert time.monotonic() - start < 5


def test_a_server_that_drips_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                    for _ in range(100_000):
                        connection.sendall(b" ")
                        time.sleep(0.05)
                except OSError:
                    continue

        threading.Thread(target=drip, daemon=True).start()
        server = RunningServer(Address("http", "127.0.0.1", listener.getsockname()[1], "/v2"))
        server.version = "known"
        tool = LanguageTool(server, "fr", QUICK._replace(start=0, request=0.3), 1)
        start = time.monotonic()
        assert "no answer within" in tool.check("a").failure
        assert time.monotonic() - start < 5


def test_after_some_failures_nobody_is_asked_until_the_pause_is_over() -> None:
    broken = threading.Event()
    broken.set()
    with standin.running(lambda text: (200, b"mad" if broken.is_set() else standin.matches(text))) as server:
        tool = client(server.url)
        failures = [tool.check("faux").failure for _ in range(10)]
        assert server.requests == QUICK.failures
        assert "not asked" in failures[-1]
        assert "not LanguageTool's" in failures[-1]
        broken.clear()
        time.sleep(QUICK.pause)
        assert [bool(tool.check("faux").failure) for _ in range(5)] == [False] * 5


def test_a_text_that_is_refused_says_nothing_of_the_server() -> None:
    with standin.running(lambda text: (413, b"too long") if len(text) > 9 else (200, standin.matches(text))) as server:
        tool = client(server.url)
        assert all("413 (too long)" in tool.check("a" * 10).failure for _ in range(5))
        assert marked("faux", tool.check("faux")) == ["faux"]


def test_an_overloaded_server_is_asked_once_more() -> None:
    said = iter([(503, b""), (200, standin.matches("faux"))])
    with standin.running(lambda _: next(said)) as server:
        assert marked("faux", client(server.url).check("faux")) == ["faux"]


def test_a_stopped_engine_answers_at_once() -> None:
    with standin.running() as server:
        tool = client(server.url)
        tool.close()
        assert "stopped" in tool.submit("faux").result(1).failure


# Servers of our own. Java is played by a script, except where the marker says otherwise.


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A folder of jars, and a `java` on the PATH that runs the stand-in."""
    script = tmp_path / "bin" / "java"
    script.parent.mkdir()
    path = Path(standin.__file__)
    script.write_text(
        f'#!{sys.executable}\nimport runpy, sys\nif "-version" in sys.argv: print(\'openjdk version "17.0.1"\')\n'
        f"else: runpy.run_path({str(path)!r}, run_name='__main__')\n"
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    jars = tmp_path / "jars"
    jars.mkdir()
    (jars / "languagetool-server-9.9.jar").write_bytes(b"")
    return find(str(jars))


def is_running(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def gone(pid: int, within: float = 10.0) -> bool:
    deadline = time.monotonic() + within
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_running(pid)


def killed_while(tool: LanguageTool, texts: list[str], times: int) -> tuple[list[Answer], set[int]]:
    """The answers on the texts from a server that is killed so many times meanwhile, and the processes there were."""
    server = tool.server
    assert isinstance(server, LocalServer)
    pids: set[int] = set()
    futures = [tool.submit(text) for text in texts]
    step = len(texts) // (times + 1)
    answers = []
    for number, future in enumerate(futures):
        answers.append(future.result())
        if server.pid is not None:
            pids.add(server.pid)
        if number % step == step - 1 and number // step < times and server.pid is not None:
            os.kill(server.pid, signal.SIGKILL)
    if server.pid is not None:
        pids.add(server.pid)
    return answers, pids


def test_ten_kills_in_a_run_of_300_articles_lose_nothing(played: Place) -> None:
    texts = [f"Article {number} : un faux{' et un autre faux' * (number % 3)}." for number in range(300)]
    tool = LanguageTool(LocalServer(played, 20, 10), "fr", QUICK._replace(request=10), 2)
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    answers, pids = killed_while(tool, texts, 10)
    assert [marked(text, answer) for text, answer in zip(texts, answers, strict=True)] == [
        ["faux"] * text.count("faux") for text in texts
    ]
    assert len(pids) > 5
    tool.close()
    assert not any(map(is_running, pids))
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda how: how.name)
def test_the_server_ends_with_us_however_we_end(played: Place, how: signal.Signals) -> None:
    script = (
        "import signal, sys, time\nfrom mtaudit.engines.languagetool import load_languagetool\n"
        "from mtaudit.witnesses import Choice\n"
        # What a shell starts in the background, as these tests may be, ignores interrupts, and so do its children.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"tool = load_languagetool(Choice({str(played.folder)!r}))\ntool.wait()\n"
        "print(tool.server.pid, flush=True)\ntime.sleep(60)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert child.stdout is not None
    pid = int(child.stdout.readline())
    assert is_running(pid)
    child.send_signal(how)
    child.wait(20)
    child.stdout.close()
    assert gone(pid)


def test_a_server_that_nobody_holds_any_more_is_ended(played: Place) -> None:
    tool = load_languagetool(Choice(str(played.folder)), QUICK)
    tool.wait()
    assert isinstance(tool.server, LocalServer)
    pid = tool.server.pid
    assert pid is not None
    assert is_running(pid)
    del tool
    assert gone(pid)


def test_java_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "java"
    script.write_text("#!/bin/sh\necho 'java.lang.UnsupportedClassVersionError: HTTPServer' >&2\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    tool = LanguageTool(LocalServer(Place("test", tmp_path, "x", None), 20, 10), "fr", QUICK, 1)
    with pytest.raises(EngineError, match=r"ended with code 1 \(java.lang.UnsupportedClassVersionError"):
        tool.wait()


def test_nothing_of_it_is_imported_unless_it_is_used() -> None:
    code = (
        "import sys, mtaudit.cli, mtaudit.pipeline, mtaudit.engines.languagetool\n"
        "assert not {'language_tool_python', 'requests', 'psutil'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# The real server.


ASTRAL = st.text(
    st.one_of(
        st.sampled_from("🙂👩‍👩‍👧🇫🇷𝒞𐍈👍🏽e\u0301 .,«»’"), st.characters(min_codepoint=0x10000, max_codepoint=0x1FAFF)
    ),
    max_size=30,
)


@pytest.mark.languagetool
@settings(max_examples=25)
@given(ASTRAL)
def test_spans_of_the_real_server_are_exact_behind_emoji(languagetool: LanguageTool, before: str) -> None:
    text = f"{before}\nLa loi a été adopté par les députés. 🙂 Le projet de le maire a été rejeté."
    answer = languagetool.check(text)
    found = {match.rule: text[match.start : match.end] for match in answer.matches if match.start > len(before)}
    assert found["ETRE_VPPA_OU_ADJ"] == "adopté"
    assert found["DE_LE"] == "de le"


@pytest.mark.languagetool
def test_the_real_server_listens_on_the_loopback_interface_only(languagetool: LanguageTool) -> None:
    assert isinstance(languagetool.server, LocalServer)
    assert languagetool.server.pid is not None
    listening = [
        connection.laddr.ip
        for connection in psutil.Process(languagetool.server.pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert listening
    assert all(ip in {"127.0.0.1", "::1", "::ffff:127.0.0.1"} for ip in listening)


@pytest.mark.languagetool
def test_the_real_server_is_killed_ten_times_and_nothing_is_lost(languagetool: LanguageTool) -> None:
    texts = [
        f"Le conseil a voté {number} mesure{'s' * (number % 2)} pour les écoles. La loi a été adopté."
        for number in range(2, 42)
    ]
    undisturbed = [future.result() for future in [languagetool.submit(text) for text in texts]]
    assert not any(answer.failure for answer in undisturbed)
    server = languagetool.server
    assert isinstance(server, LocalServer)
    # Killed again before it is up, the server costs the test one start and not ten; the articles wait through all.
    futures = [languagetool.submit(text) for text in texts]
    pids = set()
    for _ in range(10):
        time.sleep(0.7)
        if server.pid is not None:
            pids.add(server.pid)
            os.kill(server.pid, signal.SIGKILL)
    assert [future.result() for future in futures] == undisturbed
    assert len(pids) >= 5
    assert not any(map(is_running, pids - {server.pid}))


@pytest.mark.languagetool
def test_the_frenches_of_other_countries_are_known(languagetool_url: str) -> None:
    with urllib.request.urlopen(f"{languagetool_url}/v2/languages", timeout=30) as answer:
        known = {language["longCode"] for language in json.load(answer)}
    assert set(VARIETIES) <= known
