"""JupyterLab's settings, in the image and for `make lab` without a container."""

import json
import os
from pathlib import Path
from urllib.parse import quote, urlsplit

from jupyter_core.paths import jupyter_config_path
from jupyter_server.base.handlers import JupyterHandler

c = get_config()  # noqa: F821 - Jupyter provides it
HERE = Path(__file__).parent

# The first page a participant sees; what a hub's administrator has chosen comes first, then what
# the course says. `jupyter lab` asks LabApp for it; a hub's single-user server asks ServerApp.
start = os.environ.get("SWIMLANES_FIRST_PAGE") or "START.ipynb"
first_page = os.environ.get("JUPYTERHUB_DEFAULT_URL") or f"/lab/tree/course/{quote(start)}"
c.LabApp.default_url = first_page

# The front end that DOCKER_STACKS_JUPYTER_CMD asks for. Without it the classic notebook would be
# loaded beside JupyterLab all the same, and be waited for at every start; a server would have both.
front_end = os.environ.get("DOCKER_STACKS_JUPYTER_CMD")
# /proxy/8787/status is the dashboard of a participant's own Dask, in the server's own container.
# Where there is a cluster, /proxy/HOST:8787/status is that one's. No other host is let through.
cluster = urlsplit(os.environ.get("SWIMLANES_CLUSTER", "")).hostname
c.ServerProxy.host_allowlist = [cluster] if cluster else []
c.ServerApp.jpserver_extensions = {
    "jupyter_server_proxy": True,
    "swimlanes.notices": True,
    "jupyterlab": front_end != "server",
    "notebook": front_end == "notebook",
}
c.JupyterNotebookApp.default_url = "/tree/course"
if not os.environ.get("JUPYTERHUB_DEFAULT_URL"):
    other_pages = {"notebook": "/tree/course", "server": "/"}
    first_page = other_pages.get(front_end, first_page)
c.ServerApp.default_url = first_page

# In a container every address has to be listened on; `docker run -p` says who may reach it.
c.ServerApp.ip = "0.0.0.0"
c.ServerApp.open_browser = False

# A certificate that nobody vouches for, but that keeps what is typed from other ears.
if os.environ.get("GEN_CERT", "").lower() in ("1", "yes", "true"):
    load_subconfig("own_certificate.py")  # noqa: F821 - Jupyter provides it

# Jupyter refuses to run as root, and under a rootless engine the participant is root.
c.ServerApp.allow_root = os.environ.get("NB_USER") == "root"

# Control-C ends the server at once; nobody is there to answer a question.
c.ServerApp.answer_yes = True

# Only what someone has to act upon. `serve` prints the address.
c.Application.log_level = "WARN"


def tell_root(handler: JupyterHandler, page: dict[str, object]) -> dict[str, object]:
    """Tell a page of Notebook what JupyterLab's are told: which folder their paths begin in.

    A hub has a hook of its own in place of this one.
    """
    page.setdefault("serverRoot", handler.settings["server_root_dir"])
    return page


# Our extension lets the start page show its contents by itself. It runs code unasked, so it has to
# know the pages: nothing that lies elsewhere will do, whatever it looks like. The server's root has
# a tilde in it if it lies in the home; if it is the home, it has none, and no links.
c.LabServerApp.extra_labextensions_path = [str(HERE / "labextensions")]
homes = {"~", str(Path.home()), str(Path.home().resolve())}
names = {"START.ipynb", start}
start_pages = [f"{home}/course/{name}" for home in homes for name in names]

# JupyterLab's words for what it leaves unsaid; in the home there is none of it.
c.LabApp.custom_css = True
c.ServerApp.tornado_settings = {
    "static_custom_path": [str(HERE / "custom")],
    "page_config_data": {"swimlanesPages": start_pages},
    "page_config_hook": tell_root,
}

# A second port would not be published, so a taken one is an error.
c.ServerApp.port_retries = 0

# A class may have no way to the internet, and nobody may install into the environment.
c.LabApp.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
c.LabApp.news_url = None
c.LabApp.extension_manager = "readonly"

# No language server is installed; looking for them takes time and fills the log.
c.LanguageServerManager.autodetect = False

# Jupyter skips a JSON settings file that it cannot read, whatever that was to protect. A hub or
# a class is better served by a server that does not start: loading this file then fails.
# A hub's server does not read what lies in the home.
home = Path.home() if os.environ.get("JUPYTERHUB_DISABLE_USER_CONFIG") else None
for folder in jupyter_config_path():
    if home and Path(folder).is_relative_to(home):
        continue
    for settings in Path(folder).glob("jupyter_server_config.d/*.json"):
        json.loads(settings.read_text())
