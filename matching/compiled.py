"""Compiling what runs a million times: numba, with the types kept for whoever reads or checks them.

Machine code is kept on disk, so that a process starts in a moment. numba throws it away when the function's own file
changes, but knows nothing of the other files it was made from: so it is kept in a folder named after all of them.
"""

import os
import tempfile
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba
from numba import njit

Takes = ParamSpec("Takes")
Gives = TypeVar("Gives")

_HERE = Path(__file__).parent


def folder_for(sources: Path) -> Path:
    """Where machine code made from the Python files of a folder is kept.

    Beside them; where that can't be written, in the user's own cache; or, without a home, anew for each process. Never
    where somebody else could have put code before.
    """
    digest = blake2b(digest_size=8)
    for source in sorted(sources.glob("*.py")):
        digest.update(source.read_bytes())
    name = f"compiled-{digest.hexdigest()}"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    for folder in (sources / "__pycache__" / name, cache / "alongside" / name):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="alongside-"))


numba.config.CACHE_DIR = str(folder_for(_HERE))  # type: ignore[attr-defined] # its hints leave it out

# numba's type hints leave out `_nrt`
_njit = cast("Any", njit)


def compiled(function: Callable[Takes, Gives]) -> Callable[Takes, Gives]:
    """The same function as machine code: compiled at its first call, kept on disk, run without Python's lock."""
    return cast("Callable[Takes, Gives]", njit(function, cache=True, nogil=True))


def compiled_inner(function: Callable[Takes, Gives]) -> Callable[Takes, Gives]:
    """The same for what compiled code calls for each person, and that makes no array: put in the caller's place.

    The arrays it is handed are then neither copied nor counted as references, which took ten times as long as what
    is done with them (a million people searched: 39 microseconds instead of 455).
    """
    return cast("Callable[Takes, Gives]", _njit(function, cache=True, nogil=True, forceinline=True, _nrt=False))
