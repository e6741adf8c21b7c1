"""What measuring costs, as ratios within one run: ``swimlanes bench`` prints them.

``make bench`` measures other people's pools on the same work besides (`swimlanes.bench.compare`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from swimlanes.bench import costs
from swimlanes.bench.turns import with_others_load
from swimlanes.doctor import examine

MEASUREMENTS = (
    costs.processes_speedup_2,
    costs.threads_speedup_2,
    costs.query_threads_speedup_8,
    costs.run_over_pool_map_10ms,
    costs.recording_us_per_task,
    costs.account_remainder,
    costs.study_over_runs,
    costs.no_op_100k_extra_s,
    costs.caller_memory_mb_100k,
    costs.redraw_ms,
    costs.redraw_ms_100k,
    costs.display_effect,
    costs.watched_over_plain,
    costs.watching_us_per_call,
)


def measure_all(tell: Callable[[str], None]) -> dict[str, Any]:
    """Measure every ratio, and `tell` the name of each before it begins.

    Beside the ratios by name is the load by everything else meanwhile, in cores, or None where the
    system does not tell; and what they were measured on.
    """
    ratios, others_load = with_others_load(lambda: dict(_measured(tell)))
    return {"ratios": ratios, "others_load": others_load, "machine": examine().to_dict()}


def save(report: dict[str, Any], output: Path) -> None:
    """Save what was measured as JSON."""
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _measured(tell: Callable[[str], None]) -> Iterator[tuple[str, float]]:
    for measurement in MEASUREMENTS:
        tell(measurement.__name__)
        yield measurement.__name__, measurement()
