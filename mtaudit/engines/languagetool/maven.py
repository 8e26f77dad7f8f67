"""LanguageTool from Maven Central: the jars that a lock file names, each held to its SHA-256.

`maven.tsv` lists the server and the French module with all that they need, as Maven resolved them
(`notebooks/languagetool_lock.py`). So installing needs no Maven, and gives the same bytes everywhere.
"""

from __future__ import annotations

import hashlib
import http.client
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from mtaudit.engines.languagetool.places import data_folder
from mtaudit.errors import EngineError

#: Maven Central.
REPOSITORY = "https://repo1.maven.org/maven2/"
LOCK = Path(__file__).with_name("maven.tsv")
#: Files fetched at once, seconds without a byte, tries of each file.
_AT_ONCE, _PATIENCE, _TRIES = 4, 60.0, 3


class Jar(NamedTuple):
    """A file of the repository: its path there, its size in bytes, its SHA-256 in hexadecimal."""

    path: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.rpartition("/")[2]


def locked(path: Path = LOCK) -> tuple[str, tuple[Jar, ...]]:
    """LanguageTool's version and the jars that make it up."""
    head, _, *rows = path.read_text(encoding="utf-8").splitlines()
    jars = []
    for row in rows:
        name, size, digest = row.split("\t")
        jars.append(Jar(name, int(size), digest))
    return head.removeprefix("# languagetool\t"), tuple(jars)


def install(
    folder: Path | None = None,
    repository: str = REPOSITORY,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Path:
    """Fetches LanguageTool into a folder of its own under `folder` (the user's data folder); returns it.

    What is there already stays. The folder takes its name once it is whole. `progress` is told how many bytes of how
    many have come.

    Raises:
        EngineError: when a file cannot be had, is not what the lock says, or cannot be written.
    """
    version, jars = locked()
    parent = folder or data_folder()
    target = parent / version
    if _is_whole(target, jars):
        return target
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{version}-", dir=parent) as work:
            part = Path(work) / version
            part.mkdir()
            _fetch_all(jars, repository.rstrip("/") + "/", part, progress)
            if target.exists():
                shutil.rmtree(target)
            part.rename(target)
    except OSError as error:
        if _is_whole(target, jars):  # another process was faster
            return target
        raise EngineError("languagetool", f"{target} cannot be written ({error.strerror or error})") from error
    return target


def _is_whole(folder: Path, jars: Sequence[Jar]) -> bool:
    return all((folder / jar.name).is_file() and (folder / jar.name).stat().st_size == jar.size for jar in jars)


def _fetch_all(jars: Sequence[Jar], repository: str, folder: Path, progress: Callable[[int, int], None]) -> None:
    total, done = sum(jar.size for jar in jars), 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        # Large ones first, so that none is left alone at the end.
        ordered = sorted(jars, key=lambda jar: -jar.size)
        try:
            for jar in pool.map(lambda jar: _fetch(jar, repository, folder), ordered):
                done += jar.size
                progress(done, total)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _fetch(jar: Jar, repository: str, folder: Path) -> Jar:
    for attempt in range(_TRIES):
        try:
            request = urllib.request.Request(repository + jar.path, headers={"User-Agent": "mtaudit"})
            with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
                content: bytes = answer.read(jar.size + 1)
            if len(content) >= jar.size:
                break
            reason = f"{len(content)} bytes of {jar.size}"
        except urllib.error.HTTPError as error:
            reason = f"the repository answered {error.code}"
            if error.code < 500 and error.code != 429:
                raise EngineError("languagetool", f"{repository}{jar.path} cannot be had ({reason})") from error
        except (OSError, http.client.HTTPException) as error:
            reason = str(getattr(error, "reason", error) or type(error).__name__)
        if attempt == _TRIES - 1:
            raise EngineError("languagetool", f"{repository}{jar.path} cannot be had ({reason})")
    if hashlib.sha256(content).hexdigest() != jar.sha256:
        raise EngineError("languagetool", f"{repository}{jar.path} is not the file that mtaudit was tested with")
    (folder / jar.name).write_bytes(content)
    return jar
