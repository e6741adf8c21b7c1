"""JupyterLab's settings, in the image and for `make lab` without a container."""

c = get_config()  # noqa: F821 - Jupyter provides it

# The first page a participant sees. LabApp, not ServerApp: a hub's own choice comes first.
c.LabApp.default_url = "/lab/tree/course/00-your-cores.ipynb"

# In a container every address has to be listened on; `docker run -p` says who may reach it.
c.ServerApp.ip = "0.0.0.0"
c.ServerApp.open_browser = False

# Control-C ends the server at once; nobody is there to answer a question.
c.ServerApp.answer_yes = True

# Only what someone has to act upon. `serve` prints the address.
c.Application.log_level = "WARN"

# A second port would not be published, so a taken one is an error.
c.ServerApp.port_retries = 0

# A class may have no way to the internet, and nobody may install into the environment.
c.LabApp.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
c.LabApp.news_url = None
c.LabApp.extension_manager = "readonly"

# No language server is installed; looking for them takes time and fills the log.
c.LanguageServerManager.autodetect = False
