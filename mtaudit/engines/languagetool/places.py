"""Where LanguageTool is: in a folder that the user names, or where an installation put it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import platformdirs

from mtaudit.errors import EngineError

#: What the folder of jars is called in the environment, here and by `language_tool_python`.
JARS_VARIABLE = "LTP_JAR_DIR_PATH"

_SERVER_JAR = re.compile(r"languagetool-server(?:-(?P<version>\d[\w.]*))?\.jar")
#: What is said where there is none.
NOT_INSTALLED = (
    "not installed; run `mtaudit languagetool install`, or name a server or a folder of jars with --languagetool"
)


class Place(NamedTuple):
    """A LanguageTool that Java can start. `origin` says in a few words how it was found."""

    origin: str
    folder: Path
    classpath: str
    version: str | None


def data_folder() -> Path:
    """Where `mtaudit languagetool install --from maven` puts LanguageTool, one folder a version."""
    return Path(platformdirs.user_data_dir("mtaudit")) / "languagetool"


def find(named: str | None = None) -> Place:
    """The LanguageTool to start: the named folder, else the environment's, else what is installed.

    Raises:
        EngineError: without LanguageTool, or without a Java that runs it.
    """
    place = next(places(named), None)
    if place is None:
        raise EngineError("languagetool", NOT_INSTALLED)
    check_java(place.version)
    return place


def places(named: str | None = None) -> Iterator[Place]:
    """Every LanguageTool there is, the one to use first.

    Raises:
        EngineError: for a folder that is named, here or in the environment, and has no LanguageTool.
    """
    for folder, origin in ((named, "--languagetool"), (os.environ.get(JARS_VARIABLE), JARS_VARIABLE)):
        if folder:
            place = _at(Path(folder).expanduser(), origin)
            if place is None:
                raise EngineError("languagetool", f"no languagetool-server.jar in {folder} ({origin})")
            yield place
    installed = [_at(folder, "mtaudit languagetool install") for folder in _folders(data_folder())]
    yield from sorted((place for place in installed if place), key=_age, reverse=True)
    yield from _downloaded()


def download() -> Path:
    """Downloads LanguageTool as `language_tool_python` does, unless it has already; returns its folder.

    Raises:
        EngineError: when it cannot be had.
    """
    from language_tool_python.download_lt import LTP_DOWNLOAD_VERSION, LocalLanguageTool
    from language_tool_python.exceptions import LanguageToolError

    if os.environ.get(JARS_VARIABLE):
        # With it the package downloads nothing, and does not say so.
        raise EngineError("languagetool", f"{JARS_VARIABLE} is set: nothing is downloaded beside the folder it names")
    wanted = LocalLanguageTool.from_version_name(LTP_DOWNLOAD_VERSION)
    try:
        wanted.download()
        return wanted.get_directory_path()
    except (LanguageToolError, OSError, ValueError, ImportError, SystemError, SystemExit) as error:
        reason = " ".join(str(error).split())[:200]
        raise EngineError("languagetool", f"cannot be downloaded ({reason}); try `--from maven`") from error


def check_java(version: str | None) -> None:
    """Raises EngineError when no Java is there, or none that is new enough for that version of LanguageTool."""
    from language_tool_python.download_lt import LTP_DOWNLOAD_VERSION, confirm_java_compatibility

    try:
        confirm_java_compatibility(version or LTP_DOWNLOAD_VERSION)
    except (ModuleNotFoundError, SystemError, SystemExit, OSError, subprocess.SubprocessError) as error:
        # The package ends the program where it cannot read what Java says of itself.
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise EngineError("languagetool", f"no Java that runs it ({reason}); Java 17 or newer is needed") from error


def java() -> str | None:
    """The path of the Java that would run it."""
    return shutil.which("java")


def _downloaded() -> Iterator[Place]:
    """What `language_tool_python` has downloaded already, newest first."""
    folder = Path(os.environ.get("LTP_PATH") or Path.home() / ".cache" / "language_tool_python")
    if not folder.is_dir():
        # Asking the package would make the folder.
        return
    from language_tool_python.download_lt import LocalLanguageTool

    latest = LocalLanguageTool.get_latest_installed_version()
    if latest is None:
        return
    try:
        place = _at(latest.get_directory_path(), "language_tool_python")
    except FileNotFoundError:
        return
    if place is not None:
        yield place._replace(version=latest.version_name)


def _at(folder: Path, origin: str) -> Place | None:
    """The LanguageTool of one folder: as distributed (jars in `libs/`), or all jars side by side."""
    if not folder.is_dir():
        return None
    for path in sorted(folder.iterdir()):
        if match := _SERVER_JAR.fullmatch(path.name):
            # The manifest of the distribution's jar names the others; a jar from Maven stands for itself alone.
            classpath = str(path) if (folder / "libs").is_dir() else str(folder / "*")
            version = match["version"] or _version_of(folder.name)
            return Place(origin, folder, classpath, version)
    return None


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def _version_of(name: str) -> str | None:
    found = re.search(r"\d+(?:\.\d+)+", name)
    return found[0] if found else None


def _age(place: Place) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", place.version or "0"))
