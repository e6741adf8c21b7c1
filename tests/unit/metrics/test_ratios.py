import pytest

from swimlanes import metrics


def test_weak_scaling_measures_n_times_the_work():
    weak = metrics.weak_speedup(2.0, 2.5, workers=5)
    assert weak == pytest.approx(4.0)
    assert metrics.efficiency(weak, 5) == pytest.approx(metrics.weak_efficiency(2.0, 2.5))


@pytest.mark.parametrize("ratio", [metrics.speedup, metrics.weak_efficiency])
@pytest.mark.parametrize("times", [(0, 1), (1, 0), (-1, 1), (1, float("nan"))])
def test_times_must_be_positive(ratio, times):
    with pytest.raises(ValueError, match=f"greater than 0 s, but these are {times[0]} s"):
        ratio(*times)


def test_efficiency_needs_a_worker():
    with pytest.raises(ValueError, match="workers must be at least 1, not 0"):
        metrics.efficiency(1.0, 0)


def test_weak_speedup_needs_a_worker():
    with pytest.raises(ValueError, match="workers must be at least 1, not -3"):
        metrics.weak_speedup(1.0, 1.0, -3)
