"""How large inputs are that are sent one by one, against plain pickles of them."""

import pickle

import numpy as np
import pytest

from swimlanes import run
from swimlanes.measure.sending import MOST_SIZED, travelling_bytes

SHARED = bytes(300_000)
MIXED = [SHARED, np.zeros(50_000), (3, SHARED), {"rows": [SHARED] * 4}, SHARED]


@pytest.mark.parametrize(
    "inputs",
    [
        [bytes([number]) * 100_000 for number in range(4)],
        [SHARED] * 24,
        [(number, SHARED) for number in range(24)],
        [np.arange(30_000)] * 3,
        MIXED,
    ],
    ids=["different ones", "the same", "parts in common", "arrays", "all kinds"],
)
def test_what_inputs_have_in_common_travels_with_each_of_them(inputs):
    together = len(pickle.dumps(inputs))
    apart = sum(len(pickle.dumps(value)) for value in inputs)
    assert travelling_bytes(inputs, together) == pytest.approx(apart, rel=0.001)
    record = run(id, inputs, mode="threads", workers=1)
    assert record.evidence.input_bytes == pytest.approx(apart, rel=0.001)


def test_nobody_looks_twice_at_many_or_small_inputs():
    assert travelling_bytes([1, 2, 3], 70) == 70
    assert travelling_bytes([SHARED] * (MOST_SIZED + 1), 400_000) == 400_000


def test_what_can_not_be_sent_any_more_is_no_reason_to_lose_a_run():
    assert travelling_bytes([SHARED, (value for value in "ab")], 300_100) == 300_100
