"""Alters a workbook as somebody in a spreadsheet would, and saves it in its place.

Run as ``python alter_form.py FILE EDITS``; the second file holds a list of edits: ``["set", sheet, cell, value]``,
``["date", sheet, cell]``, ``["delete_row", sheet, row]``, ``["insert_row", sheet, row]``, ``["delete_column", sheet, column]``,
``["rename", sheet, name]``, ``["delete_sheet", sheet]``.
"""

import datetime
import json
import sys

from openpyxl import load_workbook

path, edits = sys.argv[1:]
book = load_workbook(path)
with open(edits, encoding="utf-8") as file:
    for what, sheet, *rest in json.load(file):
        one = book[sheet]
        match what:
            case "set":
                one[rest[0]] = rest[1]
            case "date":
                one[rest[0]] = datetime.date(2020, 5, 1)
                one[rest[0]].number_format = "d.m.yyyy"
            case "delete_row":
                one.delete_rows(rest[0])
            case "insert_row":
                one.insert_rows(rest[0])
            case "delete_column":
                one.delete_cols(rest[0])
            case "rename":
                one.title = "".join(" " if letter in "[]:*?/\\" else letter for letter in rest[0])
            case "delete_sheet":
                book.remove(one)
book.save(path)
json.dump({"sheets": book.sheetnames}, sys.stdout)
