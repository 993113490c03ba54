"""Advisory locks that neither a crash leaves behind nor a fork carries away.

`flock` and not `fcntl.lockf`: a lock must count one `running()` inside another in the same process, and must
be able to travel to the server by an inherited file descriptor.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Self

from web.postgres.errors import PostgresUnavailable


class Lock:
    """A lock file (made with its folder, if need be), opened but not locked yet.

    Raises:
        PostgresUnavailable: this user may not write there.
    """

    _open: ClassVar[set["Lock"]] = set()

    def __init__(self, path: Path) -> None:
        self._path = path
        self._process = os.getpid()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError as error:
            raise PostgresUnavailable(
                f"No database can be kept in {path.parent}: this user may not write there. If another user (root, "
                "perhaps) made that folder, start Alongside as that user, or delete the folder. "
                "Or set DATABASE_URL to a PostgreSQL server."
            ) from error
        Lock._open.add(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ours(self) -> bool:
        """Whether this process opened it: after a fork, the parent's locks are not the child's."""
        return self._process == os.getpid()

    def share(self) -> None:
        """Waits until nobody holds it alone, then holds it together with others."""
        fcntl.flock(self.descriptor, fcntl.LOCK_SH)

    def take(self) -> None:
        """Waits until nobody else holds it, then holds it alone."""
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)

    def try_take(self) -> bool:
        """Holds it alone if that needs no waiting. A share held before is lost either way."""
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def shared_with_nobody(self) -> bool:
        """Whether no other shares it at this moment. It is shared as before afterwards."""
        alone = self.try_take()
        self.share()
        return alone

    def close(self) -> None:
        """Lets go, unless the descriptor has been handed to a process that still lives."""
        Lock._open.discard(self)
        os.close(self.descriptor)

    def still_there(self) -> bool:
        """Whether the path still leads to this file: someone may have deleted the folder meanwhile."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return False
        return os.path.samestat(found, os.fstat(self.descriptor))

    @classmethod
    def close_inherited(cls) -> None:
        """In a forked child: its copy of a descriptor would keep the lock alive after the parent's death."""
        for lock in cls._open:
            os.close(lock.descriptor)
        cls._open.clear()


os.register_at_fork(after_in_child=Lock.close_inherited)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Holds the lock alone for the length of a `with` block, waiting for it as long as it takes."""
    while True:
        lock = Lock(path)
        lock.take()
        if lock.still_there():
            break
        lock.close()
    try:
        yield
    finally:
        if lock.ours():
            lock.close()


def is_held(path: Path) -> bool:
    """Whether some process holds this lock; ask only where nobody else may be asking at the same time."""
    with Lock(path) as lock:
        return not lock.try_take()
