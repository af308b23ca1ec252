"""A form as openpyxl sees it, as JSON: sheets with their state, locks, rules, comments and cells; names; properties.

Run as ``python read_form.py FILE``.
"""

import json
import sys

from openpyxl import load_workbook

book = load_workbook(sys.argv[1])


def sheet(one):
    cells = [cell for row in one.iter_rows() for cell in row]
    rules = {str(rule.sqref): [rule.type, rule.formula1] for rule in one.data_validations.dataValidation}
    return {
        "name": one.title,
        "state": one.sheet_state,
        "protected": bool(one.protection.sheet),
        "merged": [str(merged) for merged in one.merged_cells.ranges],
        "frozen": one.freeze_panes,
        "titles": one.print_title_rows,
        "formulas": sum(cell.data_type == "f" for cell in cells),
        "unlocked": [cell.coordinate for cell in cells if not cell.protection.locked],
        "validations": rules,
        "comments": {cell.coordinate: cell.comment.text for cell in cells if cell.comment},
        "fills": {cell.coordinate: cell.fill.fgColor.rgb for cell in cells if cell.fill.fill_type},
        "formats": {cell.coordinate: cell.number_format for cell in cells},
        "cells": {cell.coordinate: cell.value for cell in cells if cell.value is not None},
    }


properties = book.properties
json.dump(
    {
        "sheets": [sheet(one) for one in book.worksheets],
        "names": {name: defined.attr_text for name, defined in book.defined_names.items()},
        "title": properties.title,
        "custom": {one.name: one.value for one in book.custom_doc_props.props},
    },
    sys.stdout,
)
