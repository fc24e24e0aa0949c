"""Texts in tables that people open with a spreadsheet."""

import unicodedata

UNSEEN = ("\t", "\r", "\n", " ", "\u200b", "\u200c", "\u200d", "\ufeff")
"""What a program may skip before it looks for a formula."""


def cell_text(text: str) -> str:
    """Return a text as a spreadsheet shows it: one that begins like a formula would be run.

    What comes before the sign and is not seen does not count, and wide signs are signs, as some programs take them.

    >>> cell_text("=1+1"), cell_text("-0.5"), cell_text("ann"), cell_text("\\n＝1")
    ("'=1+1", '-0.5', 'ann', "'\\n＝1")
    """
    if not unicodedata.normalize("NFKC", text).lstrip("".join(UNSEEN)).startswith(("=", "+", "-", "@")):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
