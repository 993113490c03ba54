import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from web.postgres import running

A_USER = """
import sys
from pathlib import Path
from web.postgres import running

settings = dict(setting.split("=") for setting in sys.argv[2:])
with running(Path(sys.argv[1]), settings=settings) as server:
    print(server.pid, flush=True)
    sys.stdin.readline()
"""

A_USER_WITH_CHILDREN = """
import os, sys, time
from pathlib import Path
from web.postgres import running

with running(Path(sys.argv[1])) as server:
    leaving = os.fork()
    if leaving == 0:
        sys.exit()
    os.waitpid(leaving, 0)
    staying = os.fork()
    if staying == 0:
        time.sleep(60)
    server.databases()
    print(server.pid, staying, flush=True)
    sys.stdin.readline()
"""

AN_INTERRUPTED_USER = """
import signal, sys
from pathlib import Path
from web.postgres import running

signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever started the tests may ignore it
with running(Path(sys.argv[1])) as server:
    try:
        print(server.pid, flush=True)
        sys.stdin.readline()
    except KeyboardInterrupt:
        print(sorted(server.databases()))
"""


@contextmanager
def another_process(script: str, folder: Path, *settings: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", script, folder, *settings],
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def first_line(process: subprocess.Popen[str]) -> list[int]:
    assert process.stdout
    return [int(number) for number in process.stdout.readline().split()]


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_processes_that_come_at_once_share_one_server_and_the_last_one_out_stops_it(fresh_folder: Path) -> None:
    with (
        another_process(A_USER, fresh_folder, "work_mem=8MB") as one,
        another_process(A_USER, fresh_folder, "work_mem=8MB") as two,
    ):
        pids = {*first_line(one), *first_line(two)}
        with running(fresh_folder) as server:
            assert pids == {server.pid}
        assert answers(server.port)
        one.communicate("leave\n")
        assert answers(server.port)
        two.communicate("leave\n")
        assert not answers(server.port)


def test_a_server_left_by_a_killed_process_is_used_again_and_then_stopped(folder: Path) -> None:
    with another_process(A_USER, folder) as process:
        (pid,) = first_line(process)
        process.kill()
    with running(folder) as server:
        assert server.pid == pid
    assert not answers(server.port)


def test_a_server_left_with_other_settings_is_started_anew(folder: Path) -> None:
    with another_process(A_USER, folder) as process:
        (pid,) = first_line(process)
        process.kill()
    with running(folder, settings={"work_mem": "8MB"}) as server:
        assert server.pid != pid
        with running(folder) as joined:
            assert joined.pid == server.pid


def test_a_forked_child_neither_stops_the_server_nor_keeps_it_when_its_parent_is_gone(folder: Path) -> None:
    with another_process(A_USER_WITH_CHILDREN, folder) as process:
        pid, child = first_line(process)
        process.kill()
    with running(folder) as server:
        assert server.pid == pid
    assert not answers(server.port)
    os.kill(child, signal.SIGKILL)


def test_ctrl_c_reaches_us_and_not_the_server(folder: Path) -> None:
    with another_process(AN_INTERRUPTED_USER, folder) as process:
        first_line(process)
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate()
        assert (said, process.returncode) == ("[]\n", 0)
