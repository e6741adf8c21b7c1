import doctest
import importlib
import pkgutil

import pytest

from swimlanes import metrics

MODULES = [module.name for module in pkgutil.iter_modules(metrics.__path__)]


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings(module):
    outcome = doctest.testmod(importlib.import_module(f"swimlanes.metrics.{module}"))
    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.parametrize(
    "name", [name for name in metrics.__all__ if callable(getattr(metrics, name))]
)
def test_every_public_name_has_an_example(name):
    assert ">>> " in getattr(metrics, name).__doc__
