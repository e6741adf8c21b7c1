import pytest

from swimlanes import drawing


@pytest.mark.parametrize(
    ("measured", "judged"),
    [(2.0, "well guessed"), (1.0, "50% of it"), (3.0, "1.5 times as much")],
)
def test_guess_is_judged(measured, judged):
    said = drawing.describe_guess(drawing.Guess("processes", 2, 2.0), measured)
    assert (
        said
        == f"You expected 2.00 with 2 processes. The measured value is {measured:.2f}: {judged}."
    )


def test_guess_of_nothing_is_judged_without_dividing_by_it():
    assert drawing.describe_guess(drawing.Guess("threads", 2, 0.0), 1.0).endswith("more than that.")
