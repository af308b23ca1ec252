"""SDMX-CSV as pysdmx reads it, printed as JSON; run in the environment of the independent readers.

    python read_sdmx.py FILE [STRUCTURE]

Prints a list of data sets, one for each structure and action: `structure`, `action`, and `rows`, a list of objects of
texts. pysdmx takes commas only, no brackets in the first line and one action at a time: before it reads a file of
another dialect, Python's own csv module puts it into that shape, cell by cell. With STRUCTURE, an SDMX-JSON structure
message, the rows are typed by its data structure definition, which pysdmx refuses to do where a value does not fit; codes
outside the code lists are an error here.
"""

import csv
import io
import json
import re
import sys
from pathlib import Path

import msgspec
from pysdmx.io import read_sdmx
from pysdmx.io.json.sdmxjson2.messages import JsonStructureMessage
from pysdmx.model import decoders
from pysdmx.util import parse_short_urn
from pysdmx.util._model_utils import schema_generator


def in_the_dialect_of_pysdmx(text: str) -> list[str]:
    first = re.match(r'"?(?:STRUCTURE|DATAFLOW)(?:\[.\])?"?(.)', text)
    separator = first.group(1) if first else ","
    header, *rows = csv.reader(io.StringIO(text), delimiter=separator)
    header = [re.sub(r"\[.*?\]", "", name) for name in header]
    if separator == ";":
        number = re.compile(r"^-?\d+,\d+$")
        rows = [[cell.replace(",", ".") if number.match(cell) else cell for cell in row] for row in rows]
    action = header.index("ACTION") if "ACTION" in header else None
    by_action: dict[str, list[list[str]]] = {}
    for row in rows:
        by_action.setdefault(row[action] if action is not None else "", []).append(row)
    messages = []
    for of_action in by_action.values():
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([header, *of_action])
        messages.append(out.getvalue())
    return messages


def plain(dataset) -> dict:
    data = dataset.data.astype(object).where(dataset.data.notna(), None)
    rows = [
        {name: None if cell in (None, "") else str(cell) for name, cell in row.items()}
        for row in data.to_dict(orient="records")
    ]
    structure = dataset.structure if isinstance(dataset.structure, str) else dataset.structure.short_urn
    return {"structure": structure, "action": dataset.action.name, "rows": rows}


def checked(dataset) -> dict:
    for component in dataset.structure.components:
        if component.local_codes is not None and component.id in dataset.data.columns:
            known = {code.id for code in component.local_codes}
            unknown = set(dataset.data[component.id].dropna()) - known - {""}
            if unknown:
                raise SystemExit(f"{component.id}: not in the code list: {sorted(unknown)}")
    missing = [d.id for d in dataset.structure.components.dimensions if d.id not in dataset.data.columns]
    if missing:
        raise SystemExit(f"dimensions missing: {missing}")
    answer = plain(dataset)
    answer["components"] = {component.id: component.role.name for component in dataset.structure.components}
    answer["codes"] = {
        component.id: {code.id: code.name for code in component.local_codes}
        for component in dataset.structure.components
        if component.local_codes is not None
    }
    return answer


def main(path: str, structure: str | None = None) -> None:
    messages = in_the_dialect_of_pysdmx(Path(path).read_text(encoding="utf-8-sig"))
    if structure is None:
        answer = [plain(one) for text in messages for one in read_sdmx(text, validate=False).data]
    else:
        # The reader of files would want the package jsonschema as well; the model is decoded by the same classes.
        decoder = msgspec.json.Decoder(JsonStructureMessage, dec_hook=decoders)
        definition = decoder.decode(Path(structure).read_bytes()).to_model()
        answer = []
        for text in messages:
            for one in read_sdmx(text, validate=False).data:
                one.structure = schema_generator(definition, parse_short_urn(one.structure))
                answer.append(checked(one))
    json.dump(answer, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
