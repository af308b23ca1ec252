"""Sphinx: the documentation site. Built by `make docs`, which runs docs/build.py."""

import sys
import tomllib
from pathlib import Path

import kultti

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "_extensions"))

project = "Kultti"
author = "The Kultti developers"
project_copyright = "The Kultti developers; the figures: CC BY 4.0, with their source"
version = release = kultti.__version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "mathml", "stubs"]
exclude_patterns = ["_build", "_extensions"]
nitpicky = True
# Types of other packages are named, not linked: the site is built without a network.
nitpick_ignore_regex = [("py:.*", r"(?!kultti\.).*")]

myst_enable_extensions = ["attrs_block", "colon_fence", "deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 3
highlight_language = "none"

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_display_short_literal_types = True
python_maximum_signature_line_length = 88
add_module_names = False
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"Kultti {release}"
html_static_path = ["_static"]
html_css_files = ["kultti.css"]
html_show_sphinx = False
html_copy_source = False
html_theme_options = {
    "source_repository": "https://github.com/kultti/kultti",
    "source_branch": "main",
    "source_directory": "docs/",
    "top_of_page_buttons": [],
}
# Formulas are set by the browser itself where it knows MathML; no script is loaded from elsewhere.
html_math_renderer = "mathml"
