import random
from statistics import linear_regression

import pytest

from swimlanes import metrics

WORKERS = [n for n in (1, 2, 3, 4, 6, 8) for _ in range(5)]


def noisy_speedups(serial_fraction, noise, seed):
    dice = random.Random(seed)
    return [metrics.amdahl(serial_fraction, n) * dice.gauss(1.0, noise) for n in WORKERS]


@pytest.mark.parametrize("fraction", [0.0, 0.05, 0.5, 1.0])
@pytest.mark.parametrize("workers", [2, 3, 64])
def test_karp_flatt_finds_the_fraction_of_amdahl(fraction, workers):
    speedup = metrics.amdahl(fraction, workers)
    assert metrics.karp_flatt(speedup, workers) == pytest.approx(fraction, abs=1e-12)


@pytest.mark.parametrize("law", [metrics.amdahl, metrics.gustafson])
def test_the_laws_between_no_serial_part_and_nothing_else(law):
    assert law(0.0, 5) == 5.0
    assert law(1.0, 5) == 1.0
    assert law(0.3, 1) == 1.0


def test_gustafson_is_more_hopeful_than_amdahl():
    assert metrics.gustafson(0.1, 10) == pytest.approx(9.1)
    assert metrics.amdahl(0.1, 10) == pytest.approx(10 / 1.9)


def test_the_fit_is_the_least_squares_line_through_the_origin():
    speedups = noisy_speedups(0.1, 0.05, seed=1)
    runs = [(n, speedup) for n, speedup in zip(WORKERS, speedups, strict=True) if n > 1]
    x = [1 - 1 / n for n, _ in runs]
    y = [1 / speedup - 1 / n for n, speedup in runs]
    slope = linear_regression(x, y, proportional=True).slope
    fit = metrics.fit_amdahl(WORKERS, speedups)
    assert fit.serial_fraction == pytest.approx(slope)
    squares = sum((b - slope * a) ** 2 for a, b in zip(x, y, strict=True))
    assert fit.stderr == pytest.approx((squares / 24 / sum(a * a for a in x)) ** 0.5)
    assert fit.points == 25


def test_the_standard_error_is_the_spread_of_repeated_fits():
    fits = [metrics.fit_amdahl(WORKERS, noisy_speedups(0.1, 0.01, seed)) for seed in range(300)]
    off = [(fit.serial_fraction - 0.1) / fit.stderr for fit in fits]
    assert sum(abs(value) < 1 for value in off) / 300 == pytest.approx(0.68, abs=0.1)


def test_a_single_measurement_has_no_error():
    fit = metrics.fit_amdahl([1, 3], [1.0, 2.0])
    assert fit == metrics.AmdahlFit(pytest.approx(0.25), None, 1)
    assert fit.bounds(3) is None


def test_the_fitted_curve_stays_between_serial_and_ideal():
    above, below = metrics.fit_amdahl([2], [2.1]), metrics.fit_amdahl([2], [0.9])
    assert above.serial_fraction < 0
    assert above.speedup(4) == 4.0
    assert below.serial_fraction > 1
    assert below.speedup(4) == 1.0


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (lambda: metrics.amdahl(-0.1, 2), "from 0 to 1, not -0.1"),
        (lambda: metrics.gustafson(1.5, 2), "from 0 to 1, not 1.5"),
        (lambda: metrics.amdahl(0.1, 0), "workers must be at least 1, not 0"),
        (lambda: metrics.gustafson(0.1, 0), "workers must be at least 1, not 0"),
        (lambda: metrics.karp_flatt(1.0, 1), "workers must be at least 2, not 1"),
        (lambda: metrics.karp_flatt(0.0, 2), "greater than 0, not 0.0"),
        (lambda: metrics.fit_amdahl([2, 3], [1.5]), "2 numbers of workers and 1 speedups"),
        (lambda: metrics.fit_amdahl([1, 1], [1.0, 1.0]), r"2 workers or more.*\[1, 1\]"),
        (lambda: metrics.fit_amdahl([], []), r"2 workers or more, but these have \[\]"),
        (lambda: metrics.fit_amdahl([0, 2], [1.0, 1.5]), "workers must be at least 1, not 0"),
        (lambda: metrics.fit_amdahl([2], [-1.0]), "greater than 0, not -1.0"),
    ],
)
def test_what_is_refused(refused, reason):
    with pytest.raises(ValueError, match=reason):
        refused()
