"""A PostgreSQL server of one's own: made in a temporary folder, reached by a socket there, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

USER = "grader"


@contextmanager
def running_server(lacking: Callable[[str], NoReturn]) -> Iterator[str]:
    """Yield the address of a new, empty database; `lacking` is called where PostgreSQL is not installed."""
    programs = _programs()
    if programs is None:
        lacking("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short, for a socket's path has at most 107 bytes
    owner = _owner()
    if owner is not None:
        os.chown(folder, owner, -1)
    data, log = str(folder / "data"), str(folder / "log")

    def call(program: str, *arguments: str) -> None:
        command = [str(programs / program), *arguments]
        done = subprocess.run(
            command, cwd=folder, user=owner, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=120,
        )  # fmt: skip
        said = done.stdout + (Path(log).read_text() if done.returncode and Path(log).is_file() else "")
        assert done.returncode == 0, said

    try:
        call("initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        # no port of the machine is taken: it listens at a socket in its own folder only
        options = f"-c listen_addresses='' -c unix_socket_directories={folder}"
        call("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
        try:
            yield f"postgresql://{USER}@/postgres?host={folder}"
        finally:
            call("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """Return the folder of initdb and pg_ctl; Debian keeps them off the PATH, one folder a version."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((p for p in places if (p / "initdb").is_file() and (p / "pg_ctl").is_file()), None)


def _owner() -> int | None:
    """Return who runs the server: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    return None
