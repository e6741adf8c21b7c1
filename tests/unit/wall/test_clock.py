import time

from swimlanes.wall import clock


def test_it_goes_on_while_the_computer_sleeps(monkeypatch):
    clocks = {time.CLOCK_BOOTTIME: 4000.0, time.CLOCK_MONOTONIC: 5000.0}
    monkeypatch.setattr(time, "clock_gettime", clocks.get)
    assert clock.now_s() == 4000.0
    monkeypatch.delattr(time, "CLOCK_BOOTTIME")  # as on macOS
    assert clock.now_s() == 5000.0
