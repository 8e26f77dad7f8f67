"""Where LanguageTool is looked for, and how it gets there."""

from __future__ import annotations

import functools
import hashlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtaudit.engines.languagetool import maven, places
from mtaudit.engines.languagetool.maven import Jar, install, locked
from mtaudit.errors import EngineError


@pytest.fixture(autouse=True)
def _nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "data_folder", lambda: tmp_path / "data")
    monkeypatch.setenv("LTP_PATH", str(tmp_path / "downloads"))
    monkeypatch.delenv(places.JARS_VARIABLE, raising=False)


def jars(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).mkdir() if name == "libs" else (folder / name).write_bytes(b"")
    return folder


def test_without_any_the_reason_says_what_to_do() -> None:
    with pytest.raises(EngineError, match="mtaudit languagetool install"):
        places.find()


def test_what_is_named_goes_before_what_is_installed_and_that_before_what_was_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jars(tmp_path / "downloads" / "LanguageTool-6.8", "languagetool-server.jar", "libs")
    assert [place.version for place in places.places()] == ["6.8"]
    jars(tmp_path / "data" / "6.9", "languagetool-server-6.9.jar")
    jars(tmp_path / "data" / "6.10", "languagetool-server-6.10.jar")
    assert [place.version for place in places.places()] == ["6.10", "6.9", "6.8"]
    monkeypatch.setenv(places.JARS_VARIABLE, str(jars(tmp_path / "env", "languagetool-server-5.0.jar")))
    named = jars(tmp_path / "named", "languagetool-server-7.0.jar")
    assert [place.version for place in places.places(str(named))] == ["7.0", "5.0", "6.10", "6.9", "6.8"]


def test_the_distribution_names_its_jars_itself_and_those_of_maven_are_all_taken(tmp_path: Path) -> None:
    whole = jars(tmp_path / "LanguageTool-6.8", "languagetool-server.jar", "libs")
    (place,) = places.places(str(whole))
    assert place.classpath == str(whole / "languagetool-server.jar")
    assert place.version == "6.8"
    flat = jars(tmp_path / "flat", "languagetool-server-6.8.jar", "guava.jar")
    assert next(places.places(str(flat))).classpath == str(flat / "*")


def test_a_folder_without_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"no languagetool-server.jar in .*--languagetool"):
        places.find(str(tmp_path))


def test_no_java_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="Java 17"):
        places.find(str(jars(tmp_path / "named", "languagetool-server-6.8.jar")))


def test_a_java_that_is_too_old_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(EngineError, match="Java 17"):
        places.find(str(jars(tmp_path / "named", "languagetool-server-6.8.jar")))


# Maven Central, played by a folder.


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A repository of two jars, and a lock that names them."""
    folder = tmp_path / "repository"
    rows = []
    for name, content in (("a/languagetool-server-1.0.jar", b"server"), ("b/guava-2.jar", b"guava" * 1000)):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(content)
        rows.append(f"{name}\t{len(content)}\t{hashlib.sha256(content).hexdigest()}")
    lock = tmp_path / "maven.tsv"
    lock.write_text("# languagetool\t1.0\npath\tbytes\tsha256\n" + "\n".join(rows) + "\n")
    monkeypatch.setattr(maven, "locked", lambda: locked(lock))
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_the_locked_jars_are_fetched_once(repository: str, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    folder = install(tmp_path / "data", repository, lambda done, total: seen.append((done, total)))
    assert sorted(path.name for path in folder.iterdir()) == ["guava-2.jar", "languagetool-server-1.0.jar"]
    assert seen[-1] == (5006, 5006)
    assert install(tmp_path / "data", "http://127.0.0.1:1", lambda *_: pytest.fail("it is there")) == folder
    assert [place.version for place in places.places()] == ["1.0"]


def test_a_jar_that_is_another_is_refused_and_nothing_is_left(repository: str, tmp_path: Path) -> None:
    (tmp_path / "repository/b/guava-2.jar").write_bytes(b"Guava" * 1000)
    with pytest.raises(EngineError, match="is not the file that mtaudit was tested with"):
        install(tmp_path / "data", repository)
    assert list((tmp_path / "data").iterdir()) == []


def test_a_jar_that_is_cut_off_or_gone_is_told(repository: str, tmp_path: Path) -> None:
    (tmp_path / "repository/b/guava-2.jar").write_bytes(b"guava")
    with pytest.raises(EngineError, match="5 bytes of 5000"):
        install(tmp_path / "data", repository)
    (tmp_path / "repository/b/guava-2.jar").unlink()
    with pytest.raises(EngineError, match="answered 404"):
        install(tmp_path / "data", repository)


def test_a_half_installation_is_made_whole(repository: str, tmp_path: Path) -> None:
    folder = install(tmp_path / "data", repository)
    (folder / "guava-2.jar").write_bytes(b"")
    assert (install(tmp_path / "data", repository) / "guava-2.jar").stat().st_size == 5000


def test_the_shipped_lock_has_the_server_and_french() -> None:
    version, shipped = locked()
    names = {jar.name for jar in shipped}
    assert {f"languagetool-server-{version}.jar", f"language-fr-{version}.jar"} <= names
    assert len(names) == len(shipped), "they lie in one folder"
    assert all(isinstance(jar, Jar) and len(jar.sha256) == 64 and jar.size > 0 for jar in shipped)
