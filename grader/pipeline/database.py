"""Which database an output folder was graded into, so that no later run writes marks to another one.

A run that forgot `--db` would make a second gradebook, without the marks that people gave, and write `grades.csv` from
it. So `OUT/.database` keeps the address that `--db` gave, without its password. A later run without `--db` takes it;
where the address had a password it asks for it again; and with another database it is refused.
"""

import os
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from grader.pipeline import PipelineError

NAME = ".database"
_SECRET = "?"  # stands at the end of the kept address that had a password


def database_of(out: Path, wanted: str | None) -> str | None:
    """Return the address of the gradebook of `out`, None for its own `gradebook.db`; `wanted` is what `--db` gave.

    Raises `PipelineError` when `out` was graded into another one, or the address needs its password again.
    """
    kept = _kept(out)
    if kept is None and wanted is not None and (out / "gradebook.db").is_file():
        raise PipelineError(
            f"{out} was graded into its own gradebook.db. Leave --db out to go on with that one, or give another "
            "--out to grade into a database."
        )
    if kept is None:
        return wanted
    address, had_password = kept.removesuffix(_SECRET), kept.endswith(_SECRET)
    if wanted is None and had_password:
        raise PipelineError(f"{out} was graded into {address}. Give that as --db again, with its password.")
    if wanted is not None and without_password(wanted) != address:
        raise PipelineError(
            f"{out} was graded into {address}, not into {without_password(wanted)}. Leave --db out to go on with "
            "that one, or give another --out."
        )
    return address if wanted is None else wanted


def keep_database(out: Path, address: str | None) -> None:
    """Let `out` remember the address that it is graded into. Nobody else may be grading into `out`."""
    if address is None or _kept(out) is not None:
        return
    told = without_password(address)
    started = out / f"{NAME}.new"
    started.write_text(f"{told}{_SECRET if told != address else ''}\n", encoding="utf-8")
    os.replace(started, out / NAME)


def without_password(address: str) -> str:
    """Return an address as it may be kept and shown.

    >>> without_password("postgresql://ada:secret@host/marks?sslmode=require")
    'postgresql://ada@host/marks?sslmode=require'
    """
    try:
        parts = urlsplit(address)
        query = [(name, value) for name, value in parse_qsl(parts.query) if name != "password"]
    except ValueError:  # no address at all: the gradebook says so
        return address
    who, at, where = parts.netloc.rpartition("@")
    if not parts.password and len(query) == len(parse_qsl(parts.query)):
        return address
    return urlunsplit(parts._replace(netloc=f"{who.partition(':')[0]}{at}{where}", query=urlencode(query)))


def _kept(out: Path) -> str | None:
    try:
        return (out / NAME).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise PipelineError(f"{out / NAME} can't be read: {error}") from error
