import pytest

from swimlanes import metrics


@pytest.mark.parametrize(
    ("load", "cores", "share", "unfair"),
    [
        (0.0, 2, 0.0, False),
        (0.1, 2, 0.1, False),
        (0.1, 2, 0.11, True),
        (0.99, 2, 0.0, False),
        (1.0, 2, 0.0, True),
        (0.5, 1, 0.0, True),
        (0.9, 4, 0.05, False),
    ],
)
def test_a_tenth_of_the_time_or_half_of_the_cores_is_unfair(load, cores, share, unfair):
    assert metrics.is_unfair(load, cores, share) is unfair


def test_without_others_the_speedup_lies_between_what_either_run_lost():
    assert metrics.without_others(2.0, serial_share=0.25, share=0.2) == (1.5, 2.5)
    assert metrics.without_others(2.0, serial_share=0.0, share=0.0) == (2.0, 2.0)


def test_of_a_run_that_others_had_for_themselves_nothing_is_known():
    assert metrics.without_others(2.0, serial_share=0.0, share=1.0) == (2.0, float("inf"))
