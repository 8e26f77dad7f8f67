"""Names of files, folders, patterns and `-` to bytes, each source once and in a stable order."""

from __future__ import annotations

import errno
import gzip
import io
import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import BinaryIO, NamedTuple, cast

from mtaudit.errors import InputError
from mtaudit.readers.material import BROKEN, Joined, unreadable

#: The name of standard input among the paths, and the id of its article.
STDIN = "-"

#: How much of a source is looked at to tell its format.
HEAD = 65_536

_MAGIC = frozenset("*?[")
_OUTSIDE = "this link leads out of the folder; name what it leads to"
_GZIP = b"\x1f\x8b"


class Source(NamedTuple):
    """One input, open at its start. `id` is its path as given, with forward slashes, or "-".

    `suffix` is lower case, that below `.gz` where there is one; `head` is the start of what `stream` gives. `walked` is
    true of what a folder was searched for and nobody named. `stream` is closed when the next source is asked for.
    """

    id: str
    path: str | None
    suffix: str
    stream: BinaryIO
    head: bytes
    walked: bool = False
    url: str | None = None
    charset: str | None = None


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
    remote: Callable[[str], Source],
) -> Iterator[Source | InputError]:
    """The sources behind `paths`, in the order given and sorted inside a folder or a pattern.

    A file that is reached twice is read once. An input that cannot be read comes as an InputError in its place.
    `remote` opens what begins with http:// or https://.
    """
    walk = _Walk(suffixes)
    stdin_read = False
    for walk.argument, given in enumerate(paths):
        name = os.fspath(given)
        if name == STDIN:
            if not stdin_read:
                yield from _open(STDIN, None, "", stdin())
            stdin_read = True
            continue
        if is_url(name):
            try:
                yield remote(name)
            except InputError as error:
                yield error
            continue
        for found in _expand(name, walk):
            if isinstance(found, InputError):
                yield found
            else:
                yield from _open_file(found, walked=name != str(found) and Path(name) != found)


def is_url(name: str) -> bool:
    """True for what is to be fetched rather than opened."""
    return name[:8].lower().startswith(("http://", "https://"))


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
            if _leads_out(path, base.resolve()):
                yield InputError(display(path), _OUTSIDE)
                continue
            yield from _accept(path, status, walk)
    if empty:
        yield InputError(display(pattern), "the pattern matches no file; check it, or name a file or a folder")


def _walk_folder(folder: Path, walk: _Walk) -> Iterator[Path | InputError | None]:
    """The articles below a folder, sorted; None stands for what an earlier path has given already.

    A folder is entered once, so a link back to a folder above ends there: all that lies below is read under its
    own name. A link out of the folder is not followed, for whoever filled the folder may not have been let in there.
    """
    root = folder.resolve()
    pending = [folder]
    while pending:
        path = pending.pop()
        wanted = suffix(path) in walk.suffixes
        try:
            status = path.stat()
            if path != folder and _leads_out(path, root):
                if wanted or stat.S_ISDIR(status.st_mode):
                    yield InputError(display(path), _OUTSIDE)
                continue
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


def _leads_out(path: Path, root: Path) -> bool:
    return path.is_symlink() and not path.resolve().is_relative_to(root)


def _accept(path: Path, status: os.stat_result, walk: _Walk) -> Iterator[Path | InputError]:
    """The file, unless it was met before."""
    if not stat.S_ISREG(status.st_mode):
        yield InputError(display(path), "this is a device or a pipe, not a file; pipe its text to `mtaudit audit -`")
        return
    key = (status.st_dev, status.st_ino)
    if key not in walk.files:
        walk.files.add(key)
        yield path


def _open_file(path: Path, walked: bool) -> Iterator[Source | InputError]:
    name = display(path)
    try:
        with path.open("rb", buffering=HEAD) as file:
            yield from _open(name, name, suffix(path), file, walked)
    except OSError as error:
        yield _os_error(path, error)


def _open(
    name: str, path: str | None, ending: str, stream: BinaryIO, walked: bool = False
) -> Iterator[Source | InputError]:
    """The source with its head read; what gzip packed is unpacked as it is read."""
    try:
        head = stream.peek(HEAD) if isinstance(stream, io.BufferedReader) and path else stream.read(HEAD)
        if head.startswith(_GZIP):
            packed = gzip.GzipFile(fileobj=stream if path else joined(head, stream))
            unpacked = packed.read(HEAD)
            yield Source(name, path, ending, joined(unpacked, packed), unpacked, walked)
            return
    except OSError as error:
        yield unreadable(name, error) if isinstance(error, gzip.BadGzipFile) else _os_error(Path(name), error)
        return
    except BROKEN as error:
        yield unreadable(name, error)
        return
    yield Source(name, path, ending, stream if path else joined(head, stream), head, walked)


def joined(head: bytes, rest: object) -> BinaryIO:
    """A stream of what was read already and of what follows."""
    return cast(BinaryIO, io.BufferedReader(Joined(head, rest), HEAD))


def suffix(path: Path) -> str:
    """The end of a name in lower case; of a name without `.gz`."""
    return Path(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()


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
