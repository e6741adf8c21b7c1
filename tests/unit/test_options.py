import inspect

import pytest

from swimlanes import ControlPanel, compare, options, run, study
from swimlanes.cli.commands import commands
from swimlanes.measure import launch

TAKERS = {
    run: options.RunOptions,
    study: options.StudyOptions,
    compare: options.ComparisonOptions,
    ControlPanel.__init__: options.PanelOptions,
}


@pytest.mark.parametrize(("call", "group"), TAKERS.items(), ids=lambda part: part.__qualname__)
def test_a_function_has_its_options_in_its_signature_and_its_documentation(call, group):
    parameters = inspect.signature(call).parameters
    for option in options.options_of(group):
        assert parameters[option.name].kind is inspect.Parameter.KEYWORD_ONLY
        assert f"\n{option.name} : {option.kind}\n    {option.about.strip()}" in call.__doc__
    assert "{options}" not in call.__doc__
    assert inspect.Parameter.VAR_KEYWORD not in {p.kind for p in parameters.values()}


def test_every_option_is_taken_by_something():
    taken = {option.name for group in TAKERS.values() for option in options.options_of(group)}
    assert taken == set(options.DEFAULTS)


@pytest.mark.parametrize("call", [run, launch, study, compare, ControlPanel])
def test_what_is_no_option_is_refused_by_name(call):
    said = r"^\w+\(\) got an unexpected keyword argument 'task'. Did you mean 'tasks'\?$"
    with pytest.raises(TypeError, match=said) as refused:
        call(task=3)
    assert len(refused.value._render_traceback_()) == 1
    with pytest.raises(TypeError, match=r"^\w+\(\) got an unexpected keyword argument 'xyz'$"):
        call(xyz=3)


@pytest.mark.parametrize("call", [run, launch, study, compare])
def test_a_value_without_a_name_is_refused_with_what_to_write(call):
    said = r"takes workload and inputs without a name\. Write the name before every other value"
    with pytest.raises(TypeError, match=said):
        call("count-down", None, 64, 20)


@pytest.mark.parametrize("name", ["run", "study", "compare"])
def test_the_command_line_has_the_same_options_and_defaults(name):
    group = {"run": run, "study": study, "compare": compare}[name]
    given = {parameter.name: parameter for parameter in commands.commands[name].params}
    for option, parameter in inspect.signature(group).parameters.items():
        if option in ("on_progress", "inputs", "initargs"):
            continue
        assert given[option].default == parameter.default
        assert given[option].help.endswith(".")
