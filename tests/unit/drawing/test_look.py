import pytest

from swimlanes.drawing import look
from swimlanes.modes import MODES


@pytest.mark.parametrize("colour", [look.USEFUL, look.BLOCKED, look.STARTUP])
@pytest.mark.parametrize("paper", ["#FFFFFF", "#111111"])
def test_states_stand_out_in_both_themes(contrast, colour, paper):
    assert contrast(colour, paper) >= 3


@pytest.mark.parametrize(("ink", "paper"), [("#000000", look.SKY), ("#FFFFFF", look.USEFUL)])
def test_numbers_can_be_read_on_their_bars(contrast, ink, paper):
    assert contrast(ink, paper) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("ink", "paper"), [("#212121", "#FFFFFF"), ("#FFFFFF", "#111111")])
def test_curves_stand_out_in_both_themes(contrast, mode, ink, paper):
    share = look.PURE / 100
    assert contrast(mixed(look.style_of(mode).colour, ink, share), paper) >= 3


def mixed(one, other, share):
    """Return so much of one colour in the other, as a browser mixes them."""
    channels = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02X}" for a, b in channels)


@pytest.mark.parametrize("part", ["colour", "dash", "marker"])
def test_every_mode_has_a_look_of_its_own(part):
    assert len({getattr(look.style_of(mode), part) for mode in MODES}) == len(MODES)
