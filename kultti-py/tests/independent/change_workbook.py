"""Types 13.75 over the last figure of the first sheet, as someone does in Excel, and prints what stood there.

Run as ``python change_workbook.py FILE``. The figures stand in the column called ``value``.
"""

import json
import sys

from openpyxl import load_workbook

book = load_workbook(sys.argv[1])
sheet = book.worksheets[0]
headings = [cell.value for cell in sheet[1]]
cell = sheet.cell(row=sheet.max_row, column=headings.index("value") + 1)
json.dump(cell.value, sys.stdout)
cell.value = 13.75
book.save(sys.argv[1])
