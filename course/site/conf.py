"""Settings of Sphinx, which turns the course into web pages. All they show they bring."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))

project = "Swimlanes: the course"
author = "the Swimlanes contributors"
language = "en"

extensions = [
    "myst_nb", "mathml", "names", "docstrings", "sphinx.ext.napoleon",
]  # fmt: skip
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the lessons ran in the image
nb_merge_streams = True  # a cell that prints twice has one box
html_math_renderer = "mathml"

default_role = "py:obj"  # in docstrings, what stands between backticks is a name
add_module_names = False
autodoc_class_signature = "separated"
autodoc_default_options = {"exclude-members": "__init__, __new__"}  # records are not made by hand
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say more
napoleon_use_ivar = True

html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_css_files = ["course.css"]
html_copy_source = False
html_show_search_summary = False  # it would fetch pages, which a browser refuses for files
html_show_sphinx = False
html_show_copyright = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
