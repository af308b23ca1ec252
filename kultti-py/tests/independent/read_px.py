"""Reads a PX file with pyaxis and prints its figures as JSON: texts as they stand, in row-major order.

    python read_px.py FILE ENCODING

pyaxis knows no KEYS and takes the keys of a row for figures. Of a file with KEYS it reads the keywords only; the rows are
put in their places here, and the ones that the file leaves out are zeros.
"""

import contextlib
import itertools
import json
import math
import re
import sys

from pyaxis import pyaxis


def figures(path, encoding):
    """The figures of a file without KEYS. The patterns match nothing, so that every symbol comes through as it stands."""
    parsed = pyaxis.parse(path, encoding=encoding, null_values=r"(?!)", sd_values=r"(?!)")
    return [str(value) for value in parsed["DATA"]["DATA"]]


def keyed_figures(metadata, data):
    """The figures of a file with KEYS, whose rows begin with a quoted value or code of each variable in the stub."""
    stub = metadata["STUB"]
    named = [metadata[f"{metadata[f'KEYS({name})'].strip()}({name})"] for name in stub]
    columns = math.prod(len(metadata[f"VALUES({name})"]) for name in metadata.get("HEADING", []))
    tokens = iter(re.findall(r'"[^"]*"|[^\s,]+', data))
    rows = {}
    for first in tokens:
        key = (first, *itertools.islice(tokens, len(stub) - 1))
        rows[tuple(text.strip('"') for text in key)] = list(itertools.islice(tokens, columns))
    ordered = [rows.pop(key, ["0"] * columns) for key in itertools.product(*named)]
    assert not rows, f"rows of no category: {list(rows)}"
    return [figure for row in ordered for figure in row]


# pyaxis prints to standard output when a file has several languages.
with contextlib.redirect_stdout(sys.stderr):
    elements, data = pyaxis.metadata_extract(pyaxis.read(*sys.argv[1:]))
    keywords = pyaxis.metadata_split_to_dict(elements)
    keyed = any(keyword.startswith("KEYS(") for keyword in keywords)
    answer = keyed_figures(keywords, data) if keyed else figures(*sys.argv[1:])
json.dump(answer, sys.stdout)
