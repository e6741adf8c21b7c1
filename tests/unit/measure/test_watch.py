"""What is noted beside the record sheet."""

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
