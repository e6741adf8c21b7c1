"""Numbers in sentences, and what others wrote."""

LONGEST = 120


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun; without a plural of its own, the noun gets an s.

    Examples
    --------
    >>> counted(1, "server"), counted(2, "server"), counted(0, "server was", "servers were")
    ('1 server', '2 servers', '0 servers were')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def shown(name: str) -> str:
    """Return any file's name as it can be shown on one line; the end of a long one."""
    told = plain(name)
    return told if len(told) <= LONGEST else f"…{told[-LONGEST:]}"


def plain(text: str) -> str:
    r"""Return a text without what would steer a terminal.

    Examples
    --------
    >>> print(plain("Grüße\n\x1b[31m"))
    Grüße\n\x1b[31m
    """
    letters = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return "".join(letters)
