"""Names of files, folders, patterns and `-` to bytes, each source once and in a stable order."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import BinaryIO, NamedTuple

from mtaudit.errors import InputError

#: The name of standard input among the paths, and the id of its article.
STDIN = "-"

_MAGIC = frozenset("*?[")


class Source(NamedTuple):
    """The bytes of one input. `id` is its path as given, with forward slashes, or "-"; `suffix` is lower case."""

    id: str
    path: str | None
    suffix: str
    data: bytes


@dataclass(slots=True)
class _Walk:
    """What has been met so far, by device and inode, and the suffixes that a folder is searched for."""

    suffixes: Collection[str]
    argument: int = 0
    files: set[tuple[int, int]] = field(default_factory=set)
    #: Folders, and the number of the argument that first led there.
    folders: dict[tuple[int, int], int] = field(default_factory=dict)


def open_sources(
    paths: Iterable[str | os.PathLike[str]],
    *,
    suffixes: Collection[str],
    stdin: Callable[[], BinaryIO],
    max_bytes: int,
) -> Iterator[Source | InputError]:
    """The sources behind `paths`, in the order given and sorted inside a folder or a pattern.

    A file that is reached twice is read once. An input that cannot be read comes as an InputError in its place.
    """
    walk = _Walk(suffixes)
    stdin_read = False
    for walk.argument, given in enumerate(paths):
        name = os.fspath(given)
        if name == STDIN:
            if not stdin_read:
                yield _read_stream(stdin(), max_bytes)
            stdin_read = True
            continue
        for found in _expand(name, walk):
            yield found if isinstance(found, InputError) else _read_file(found, max_bytes)


def display(path: str | PurePath) -> str:
    """A path as shown to the user: forward slashes, one line, no control character, valid Unicode."""
    text = os.fsencode(Path(path).as_posix()).decode("utf-8", "replace")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _expand(name: str, walk: _Walk) -> Iterator[Path | InputError]:
    path = Path(name)
    if not name:
        yield InputError("(empty path)", "give the name of a file or of a folder")
        return
    try:
        os.lstat(path)
    except ValueError:
        yield InputError(display(name), "this is no file name")
        return
    except OSError as error:
        if error.errno == errno.ENOENT and not _MAGIC.isdisjoint(name):
            yield from _expand_pattern(name, walk)
        else:
            yield _os_error(path, error)
        return
    yield from _expand_path(path, walk)


def _expand_path(path: Path, walk: _Walk) -> Iterator[Path | InputError]:
    """A file or a folder that the user named."""
    try:
        status = path.stat()
    except OSError as error:
        yield _os_error(path, error)
        return
    if not stat.S_ISDIR(status.st_mode):
        yield from _accept(path, status, walk)
        return
    empty = True
    for found in _walk_folder(path, walk):
        empty = False
        if found is not None:
            yield found
    if empty:
        yield InputError(display(path), f"nothing to read in this folder; it needs {_list(walk.suffixes)} files")


def _expand_pattern(pattern: str, walk: _Walk) -> Iterator[Path | InputError]:
    parts = PurePath(pattern).parts
    first = next(index for index, part in enumerate(parts) if not _MAGIC.isdisjoint(part))
    base, rest = Path(*parts[:first]), str(PurePath(*parts[first:]))
    hidden = any(part.startswith(".") for part in parts[first:])
    try:
        # pathlib's `**` does not follow symbolic links, so a circle of them cannot hold it up.
        matches = sorted(base.glob(rest), key=lambda path: path.parts)
    except (ValueError, NotImplementedError) as error:  # pathlib's own, for `a**` and for absolute patterns
        yield InputError(display(pattern), f"this pattern cannot be used: {error}")
        return
    empty = True
    for path in matches:
        if not hidden and any(part.startswith(".") for part in path.relative_to(base).parts):
            continue
        try:
            status = path.stat()
        except OSError as error:
            empty = False
            yield _os_error(path, error)
            continue
        if stat.S_ISDIR(status.st_mode):
            for found in _walk_folder(path, walk):
                empty = False
                if found is not None:
                    yield found
        else:
            empty = False
            yield from _accept(path, status, walk)
    if empty:
        yield InputError(display(pattern), "the pattern matches no file; check it, or name a file or a folder")


def _walk_folder(folder: Path, walk: _Walk) -> Iterator[Path | InputError | None]:
    """The articles below a folder, sorted; None stands for what an earlier path has given already.

    A folder is entered once, so a link back to a folder above ends there: all that lies below is read under its
    own name.
    """
    pending = [folder]
    while pending:
        path = pending.pop()
        wanted = path.suffix.lower() in walk.suffixes
        try:
            status = path.stat()
            if not stat.S_ISDIR(status.st_mode):
                if wanted:
                    accepted: list[Path | InputError | None] = [*_accept(path, status, walk)]
                    yield from accepted or [None]
                continue
            key = (status.st_dev, status.st_ino)
            if key in walk.folders:
                if walk.folders[key] < walk.argument:
                    yield None
                continue
            walk.folders[key] = walk.argument
            with os.scandir(path) as scan:
                names = sorted((entry.name for entry in scan if not entry.name.startswith(".")), reverse=True)
        except OSError as error:
            # A dead link that does not bear an article's name is nobody's article.
            if wanted or not path.is_symlink():
                yield _os_error(path, error)
            continue
        pending.extend(path / name for name in names)


def _accept(path: Path, status: os.stat_result, walk: _Walk) -> Iterator[Path | InputError]:
    """The file, unless it was met before."""
    if not stat.S_ISREG(status.st_mode):
        yield InputError(display(path), "this is a device or a pipe, not a file; pipe its text to `mtaudit audit -`")
        return
    key = (status.st_dev, status.st_ino)
    if key not in walk.files:
        walk.files.add(key)
        yield path


def _read_file(path: Path, max_bytes: int) -> Source | InputError:
    name = display(path)
    try:
        if path.stat().st_size > max_bytes:
            return _too_big(name, max_bytes)
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        return _os_error(path, error)
    if len(data) > max_bytes:
        return _too_big(name, max_bytes)
    return Source(name, name, path.suffix.lower(), data)


def _read_stream(stream: BinaryIO, max_bytes: int) -> Source | InputError:
    try:
        data = stream.read(max_bytes + 1)
    except OSError as error:
        return _os_error(Path(STDIN), error)
    if len(data) > max_bytes:
        return _too_big(STDIN, max_bytes)
    return Source(STDIN, None, "", data)


def _too_big(name: str, max_bytes: int) -> InputError:
    return InputError(name, f"the file is over {max_bytes / 1_000_000:g} MB; split it into articles")


def _os_error(path: Path, error: OSError) -> InputError:
    """One line that says what to do, by kind of failure."""
    reasons = {
        errno.ENOENT: "no such file or folder; check the path",
        errno.ENOTDIR: "no such file or folder; check the path",
        errno.EACCES: "it may not be read; ask for the right to read it",
        errno.EPERM: "it may not be read; ask for the right to read it",
        errno.ELOOP: "its symbolic links go round in a circle; remove the link",
        errno.ENAMETOOLONG: "the name is too long for a file; check the path",
    }
    reason = reasons.get(error.errno or 0, f"it cannot be read: {error.strerror or error}")
    if error.errno == errno.ENOENT and path.is_symlink():
        reason = "the symbolic link leads nowhere; remove it or repair it"
    return InputError(display(path), reason)


def _list(suffixes: Collection[str]) -> str:
    *most, last = sorted(suffixes)
    return f"{', '.join(most)} or {last}" if most else last
