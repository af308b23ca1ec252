"""Reads a PX file with pyaxis and prints its figures as JSON: texts as they stand, in the order of the file.

    python read_px.py FILE ENCODING
"""

import contextlib
import json
import sys

from pyaxis import pyaxis

# Patterns that match nothing, so that every symbol comes through as it stands.
# pyaxis prints to standard output when a file has several languages.
with contextlib.redirect_stdout(sys.stderr):
    parsed = pyaxis.parse(sys.argv[1], encoding=sys.argv[2], null_values=r"(?!)", sd_values=r"(?!)")
json.dump([str(value) for value in parsed["DATA"]["DATA"]], sys.stdout)
