"""Which code is a library's and which is the student's own."""

import os
import sysconfig

_FOLDERS = (
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep,
    *(sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    "<frozen",
)


def is_library(filename: str) -> bool:
    """Return whether code of this file is a library's; a notebook's cell is the student's own.

    >>> is_library(os.__file__), is_library("<ipython-input-1>")
    (True, False)
    """
    return filename.startswith(_FOLDERS)
