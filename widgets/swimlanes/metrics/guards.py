"""What is refused with a ValueError, in one sentence that names the value."""

from __future__ import annotations


def at_least(least: int, count: int, things: str) -> None:
    """Refuse a count of `things` below `least`.

    Examples
    --------
    >>> at_least(1, 0, "workers")
    Traceback (most recent call last):
    ValueError: The number of workers must be at least 1, not 0.
    """
    if count < least:
        raise ValueError(f"The number of {things} must be at least {least}, not {count}.")


def wall_times(serial_s: float, parallel_s: float) -> None:
    """Refuse wall times, seconds, that are not greater than 0.

    Examples
    --------
    >>> wall_times(1.5, 0.0)
    Traceback (most recent call last):
    ValueError: Wall times must be greater than 0 s, but these are 1.5 s and 0.0 s.
    """
    if not (serial_s > 0 and parallel_s > 0):
        raise ValueError(
            f"Wall times must be greater than 0 s, but these are {serial_s} s and {parallel_s} s."
        )


def serial_share(serial_fraction: float) -> None:
    """Refuse a serial fraction outside of 0 to 1.

    Examples
    --------
    >>> serial_share(5)
    Traceback (most recent call last):
    ValueError: The serial fraction must be from 0 to 1, not 5.
    """
    if not 0 <= serial_fraction <= 1:
        raise ValueError(f"The serial fraction must be from 0 to 1, not {serial_fraction}.")


def no_negative(seconds: float, name: str) -> None:
    """Refuse a negative time, seconds, called `name`.

    Examples
    --------
    >>> no_negative(-2.0, "throttled_s")
    Traceback (most recent call last):
    ValueError: throttled_s must be at least 0 s, not -2.0 s.
    """
    if not seconds >= 0:
        raise ValueError(f"{name} must be at least 0 s, not {seconds} s.")
