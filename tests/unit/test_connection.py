"""Signs of life and clicks, in a real kernel; the browser tests show the notice in JupyterLab."""

import ast
import re

import pytest
from jupyter_client.manager import start_new_kernel

from swimlanes import connection

SHOWN = """
import threading
import ipywidgets
from swimlanes import connection
pulse, button, clicks = connection.pulse(), ipywidgets.Button(), []
button.on_click(lambda _: clicks.append(threading.current_thread().name))
signs = []
pulse.observe(lambda change: signs.append(change["new"]), "_dom_classes")
"""


@pytest.fixture
def kernel():
    """Start a kernel with a button and the signs of life."""
    manager, client = start_new_kernel(kernel_name="python3")
    client.execute_interactive(SHOWN, timeout=60)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def value(client, expression):
    """Return what an expression is in the kernel."""
    asked = {"is": f"repr({expression})"}
    reply = client.execute_interactive("", user_expressions=asked, timeout=60)
    text = reply["content"]["user_expressions"]["is"]["data"]["text/plain"]
    return ast.literal_eval(ast.literal_eval(text))


def click(client, comm, subshell):
    """Press a button as a page does that sends to a subshell."""
    data = {"method": "custom", "content": {"event": "click"}}
    message = client.session.msg("comm_msg", {"comm_id": comm, "data": data})
    message["header"]["subshell_id"] = subshell
    client.shell_channel.send(message)


def test_signs_follow_each_other_until_nobody_has_asked_for_long(kernel, eventually):
    eventually(lambda: value(kernel, "len(signs) > 3 and signs[-1] != signs[-2]"))
    kernel.execute_interactive("connection.REST_S = 0", timeout=60)
    eventually(lambda: value(kernel, "str(pulse.value)") == "")


A_CELL = """
import time
end = time.monotonic() + 30
while "swimlanes-seldom" not in signs[-1] and time.monotonic() < end:
    time.sleep(0.05)
while_it_ran = signs[-1]
"""


def test_signs_are_seldom_while_a_cell_runs(kernel, eventually):
    eventually(lambda: value(kernel, "len(signs) > 0"))
    kernel.execute_interactive(A_CELL, timeout=60)
    assert "swimlanes-seldom" in value(kernel, "while_it_ran")
    eventually(lambda: "swimlanes-seldom" not in value(kernel, "signs[-1]"))


def test_signs_are_seldom_while_a_panel_measures():
    pulse, signs = connection.Pulse(), []
    pulse.observe(lambda change: signs.append(change["new"]), "_dom_classes")
    with connection.measuring():
        for _ in range(3):
            pulse.beat(seldom=bool(connection._measured))
    assert [set(sign) & {"swimlanes-seldom"} for sign in signs] == [{"swimlanes-seldom"}]
    pulse.beat(seldom=bool(connection._measured))
    assert len(signs) == 2
    assert "swimlanes-seldom" not in signs[-1]


@pytest.mark.parametrize("where_it_spoke", [None, "gone"])
def test_a_click_for_a_subshell_that_is_gone_arrives(kernel, eventually, where_it_spoke):
    kernel.execute_interactive(f"button.comm._reply_subshell_id = {where_it_spoke!r}", timeout=60)
    click(kernel, value(kernel, "button.comm.comm_id"), "gone, too")
    eventually(lambda: value(kernel, "len(clicks)") == 1)


def test_what_a_page_sends_is_dealt_with_in_order_wherever_a_widget_spoke_last(kernel, eventually):
    mine, another = (new_subshell(kernel) for _ in range(2))
    kernel.execute_interactive(f"button.comm._reply_subshell_id = {another!r}", timeout=60)
    click(kernel, value(kernel, "button.comm.comm_id"), mine)
    eventually(lambda: value(kernel, "len(clicks)") == 1)
    assert mine in value(kernel, "clicks[0]")


def new_subshell(client):
    """Ask for a subshell, as a page does, and return its name."""
    request = client.session.msg("create_subshell_request")
    client.control_channel.send(request)
    return client.get_control_msg(timeout=60)["content"]["subshell_id"]


def test_the_notice_comes_within_two_seconds_and_never_between_two_signs():
    look = str(connection.STYLE)
    alone_s = float(re.search(r"swimlanes-alone 1ms ([\d.]+)s", look)[1])
    seldom_s = float(re.search(r"swimlanes-seldom .*animation-delay: (\d+)s", look)[1])
    assert 2 * connection.BEAT_S < alone_s < 2 - connection.BEAT_S
    assert seldom_s > 2 * connection.SELDOM_S


def test_all_share_one_notice_until_it_is_closed():
    first = connection.pulse()
    assert connection.pulse() is first
    first.close()
    assert connection.pulse() is not first
