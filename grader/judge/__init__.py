"""Asks a notebook for values and marks them, outside the process that ran it.

- `limits`: what a submission may use.
- `exercise`: a released exercise set with the cases of one seed.
- `restore`: the submitted bytes, put back into the shape of the release.
- `execute`: runs the cells in a kernel and brings replies home; the only module that meets student code.
- `kernel`: the few lines that run beside the student's code.
- `verdict`: `judge`, a function of the submission, the set and the seed.

This module imports none of them, so that `kernel` loads quickly in the student's process.
"""

import sys

# nbformat imports jsonschema, and that, where it can, a package that works out a grammar of web addresses: 0.7 s in
# every process, for a check that no notebook needs. Where it can't, it does without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


class JudgeError(Exception):
    """The judge itself could not work (no kernel starts, a release is damaged); never a student's fault."""
