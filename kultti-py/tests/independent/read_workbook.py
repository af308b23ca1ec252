"""A workbook as openpyxl reads it, as JSON: for each sheet its name, whether it is shown, and its cells with their types.

Run as ``python read_workbook.py FILE``. A type is openpyxl's: ``n`` a number, ``s`` a text, ``f`` a formula, ``d`` a date.
"""

import json
import sys

from openpyxl import load_workbook

book = load_workbook(sys.argv[1])
sheets = [
    {
        "name": sheet.title,
        "state": sheet.sheet_state,
        "frozen": sheet.freeze_panes,
        "merged": [str(merged) for merged in sheet.merged_cells.ranges],
        "rows": [
            [[cell.data_type, cell.value, cell.number_format] for cell in row] for row in sheet.iter_rows()
        ],
    }
    for sheet in book.worksheets
]
json.dump(sheets, sys.stdout)
