"""Texts in tables that people open with a spreadsheet."""


def cell_text(text: str) -> str:
    """Return a text as a spreadsheet shows it: one that begins like a formula would be run.

    >>> cell_text("=1+1"), cell_text("-0.5"), cell_text("ann")
    ("'=1+1", '-0.5', 'ann')
    """
    if not text.startswith(("=", "+", "-", "@", "\t", "\r")):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
