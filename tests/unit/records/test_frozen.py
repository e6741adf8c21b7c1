import dataclasses

import pytest

from swimlanes.records import Comparison, LoadSample, LostAttempt


@pytest.fixture
def every_record(make_run, make_study):
    run, study = make_run(), make_study()
    return [
        run,
        run.conditions,
        run.timeline,
        run.timeline.lanes[0],
        run.tasks[0],
        LostAttempt(task=0, worker=1, start_s=0.0, end_s=1.0),
        LoadSample(until_s=0.2, busy=(1.0,)),
        study,
        study.points[0],
        Comparison(study.serial_runs),
    ]


def test_what_was_measured_cannot_be_changed(every_record):
    for record in every_record:
        for field in dataclasses.fields(record):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(record, field.name, None)
