"""The machine a run was made on, in words that can be published: no host's name, no user, no path."""

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from web.postgres import PostgresUnavailable, find_programs

Machine = dict[str, str | int | float | None]

_GIBIBYTE = 1 << 30


def describe() -> Machine:
    """What a figure depends on, and the date; `load` is how many processes wanted the cores in the last minute."""
    version, origin = _postgresql()
    return {
        "cpu": _cpu(),
        "cores": _cores(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIBIBYTE, 1),
        "load": round(os.getloadavg()[0], 2),
        "os": _system(),
        "python": platform.python_version(),
        "postgresql": version,
        "postgresql_origin": origin,
        "date": datetime.now(UTC).date().isoformat(),
    }


def _cpu() -> str:
    described = Path("/proc/cpuinfo")
    if described.exists():
        # ARM's says no model
        found = re.search(r"^model name\s*:\s*(.+)$", described.read_text(), re.MULTILINE)
        return found[1] if found else platform.machine()
    return _says("sysctl", "-n", "machdep.cpu.brand_string") or platform.machine()


def _cores() -> int:
    # Linux may give a process fewer cores than there are; macOS has no such call
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _system() -> str:
    if platform.system() == "Darwin":
        return f"macOS {platform.mac_ver()[0]}"
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def _postgresql() -> tuple[str | None, str | None]:
    try:
        programs = find_programs()
    except PostgresUnavailable:
        return None, None
    version = re.search(r"\(PostgreSQL\) (\S+)", _says(str(programs.path("postgres")), "--version"))
    return version[1] if version else str(programs.version), programs.origin


def _says(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        return ""
