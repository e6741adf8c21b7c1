"""Numbers in sentences."""


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun; what lacks a plural of its own gets an s.

    Examples
    --------
    >>> counted(1, "server"), counted(2, "server"), counted(0, "server was", "servers were")
    ('1 server', '2 servers', '0 servers were')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"
