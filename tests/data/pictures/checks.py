"""The checks of this course."""

import numpy as np

from swimlanes.checks.making import Verdict, call, not_yet, pictured, right, self_check

PICTURE = np.array([[10.0, 20.0], [30.0, 250.0]])


@self_check(
    "Every number of the array is the grey of a pixel: 0 is black, 255 is white.",
    "`np.clip(array, 0, 255)` keeps all numbers between 0 and 255.",
)
def brighter(function: object) -> Verdict:
    """Check a function that adds 20 to each grey, and never leaves the range of greys."""
    (found,) = call(function, [(PICTURE,)], takes="picture")
    if not isinstance(found, np.ndarray):
        return not_yet(f"Your function returned {pictured(found)}, and not an array.", "type")
    if found.max() > 255:
        return not_yet("A white pixel has become whiter than white: 255 is the largest grey.")
    if not np.array_equal(found, np.minimum(PICTURE + 20, 255)):
        return not_yet("The greys are not 20 more than before.")
    return right("Each grey is 20 more, and none is above 255.")


@self_check("An edge is where two neighbours differ.")
def edges(function: object) -> Verdict:
    """Check a function that returns how much each pixel differs from its right neighbour."""
    (found,) = call(function, [(PICTURE,)], _traced, takes="picture")
    if not np.array_equal(found, np.abs(np.diff(PICTURE))):
        return not_yet("These are not the differences of neighbours in a row, without their sign.")
    return right("An edge is a large difference, whichever side is brighter.")


def _traced(function, picture):
    """Call the function, in the process that was made for it."""
    return function(picture.copy())
