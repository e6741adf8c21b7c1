import pickle

import pytest

from swimlanes import travel


def own_class():
    class Own:
        def __init__(self, value):
            self.value = value

        def __eq__(self, other):
            return self.value == other.value

    Own.__module__ = "__main__"
    return Own


@pytest.mark.parametrize("value", [None, 1, "text", [1, 2], {"a": (1,)}, b"bytes"])
def test_plain_values_travel_as_they_are(value):
    assert travel.pack(value) is value
    assert travel.unpack(value) is value


def test_a_value_of_the_notebooks_own_class_brings_it_along():
    own = own_class()
    packed = travel.pack(own(1))
    assert isinstance(packed, travel.Packed)
    assert travel.unpack(pickle.loads(pickle.dumps(packed))) == own(1)


def test_an_own_class_may_be_deep_inside():
    own = own_class()
    packed = travel.pack({"deep": [own(1)]}, always=True)
    assert travel.unpack(pickle.loads(pickle.dumps(packed))) == {"deep": [own(1)]}


def digest(*values):
    sent = [pickle.dumps(travel.pack(value, always=True)) for value in values]
    return travel.digest_of_values(travel.unpack(pickle.loads(value)) for value in sent)


def test_equal_results_have_equal_digests():
    assert digest("ab", [1.5]) == digest("".join(["a", "b"]), [1.5])
    assert digest(1, 2) != digest(2, 1)
    assert digest([own_class()(1)]) == digest([own_class()(1)])
    assert digest([own_class()(1)]) != digest([own_class()(2)])


def test_what_results_share_makes_no_difference():
    shared = "x" * 100
    assert digest([shared, 1], [shared, 2]) == digest(["x" * 100, 1], ["x" * 100, 2])


def test_the_order_of_a_set_makes_no_difference():
    there, back = set(), set()
    for number in range(0, 1000, 8):  # which meet in a small table
        there.add(number)
        back.add(1000 - 8 - number)
    assert list(there) != list(back)
    assert digest({"a": [there]}) == digest({"a": [back]})
    assert digest(frozenset(there)) == digest(frozenset(back)) != digest(there)
    assert digest({1, 2}) != digest({1, 3})


def test_the_interpreter_has_a_name():
    import platform

    assert travel.interpreter().split()[:2] == [
        platform.python_implementation(),
        platform.python_version(),
    ]
