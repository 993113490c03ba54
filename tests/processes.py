"""Twenty people at once, each a process of their own with a connection of their own."""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Barrier
from typing import Any

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.builders", "web.database"])


def at_once(function: Callable[..., str], calls: Sequence[tuple[Any, ...]]) -> list[str]:
    """What each call answered; all start together, when the last process is ready."""
    ready, answers = _CONTEXT.Barrier(len(calls)), _CONTEXT.SimpleQueue()
    started = [_CONTEXT.Process(target=_call, args=(ready, answers, function, call)) for call in calls]
    for process in started:
        process.start()
    found = [answers.get() for _ in started]
    for process in started:
        process.join()
    return found


def _call(ready: Barrier, answers: Any, function: Callable[..., str], call: tuple[Any, ...]) -> None:
    try:
        ready.wait(timeout=60)
        answers.put(function(*call))
    except BaseException as error:
        answers.put(f"failed: {error!r}")
        raise
