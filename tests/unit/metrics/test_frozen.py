import dataclasses

import pytest

from swimlanes import metrics


@pytest.mark.parametrize(
    "record",
    [
        metrics.AmdahlFit(serial_fraction=0.25, stderr=None, points=1),
        metrics.Account((), wall_time_s=1.0, throttled_s=0.0, others_busy_s=0.0),
    ],
    ids=lambda record: type(record).__name__,
)
def test_what_was_computed_cannot_be_changed(record):
    for field in dataclasses.fields(record):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(record, field.name, 1)
