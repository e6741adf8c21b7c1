"""What is noted beside the record sheet."""

from swimlanes import run
from swimlanes.measure.watch import KEPT_BYTES, CoreLoadLog, Printed


def test_what_is_printed_is_kept():
    printed = Printed()
    assert printed.text == ""
    printed.add(b"halb ")
    printed.add("größer".encode()[:3])
    printed.add("größer".encode()[3:])
    assert printed.text == "halb größer"


def test_of_much_that_is_printed_the_end_is_kept():
    printed = Printed()
    for number in range(1000):
        printed.add(b"%03d|" % number * 1000)
    head, _, kept = printed.text.partition("\n")
    assert head == f"[the first {4_000_000 - KEPT_BYTES} bytes are left out]"
    assert len(kept) == KEPT_BYTES
    assert kept.endswith("999|")


def test_no_load_before_the_start():
    assert CoreLoadLog([0]).samples(0, 0) == ()


def test_the_load_of_a_run_is_told_apart_from_that_of_others():
    load = run("count-down", mode="serial", tasks=10, task_ms=100).timeline.core_load
    assert len(load) >= 3
    assert all(len(sample.own) == len(sample.busy) for sample in load)
    own = sum(max(sample.own) for sample in load[1:])
    assert own > 0.3 * len(load[1:])  # on a busy machine less than all of a core
