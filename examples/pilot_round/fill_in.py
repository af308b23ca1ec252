"""Fills in forms of the pilot round with made-up answers, and with mistakes that people make.

    python3 fill_in.py FORMS FILLED          the first answers
    python3 fill_in.py FORMS FILLED --again  what some municipalities send after they were asked

Only last year's net costs are real (they stand in the forms); everything else follows from them and from the code of the
municipality by the rules below, so that every run gives the same. None of it says anything about a municipality.
"""

import csv
import sys
from pathlib import Path

FUNCTIONS = ["library", "museum", "theatre_dance_circus", "music", "other_culture", "basic_arts_education"]

# Who does not answer, who says no to publication, and who makes which mistake. The codes: kultti areas.
SILENT = {"105", "578", "747"}
NO_CONSENT = {"152", "608"}
IN_THOUSANDS = "217"
WRONG_SUM = "236"
NOT_A_NUMBER = "599"
EMPTY_CELLS = "684"
LIBRARY_ELSEWHERE = "074"
JUMP_EXPLAINED = "272"
JUMP_UNEXPLAINED = "905"
COST_WITHOUT_VISITS = "609"


def draw(code: str, what: str) -> float:
    """A number between 0 and 1 that only depends on its arguments."""
    text = f"{code}/{what}"
    state = 7
    for symbol in text:
        state = (state * 31 + ord(symbol)) % 1_000_003
    return state / 1_000_003


def answers(code: str, previous: dict[str, float]) -> dict[str, float]:
    """The made-up figures of a municipality."""
    out: dict[str, float] = {}
    for function in FUNCTIONS:
        before = previous.get(f"{function}.net_operating_cost", 0.0)
        net = round(before * (0.97 + 0.06 * draw(code, function)), -3)
        income = round(0.1 * abs(net) * draw(code, f"{function} income"), -3)
        out[f"{function}.operating_cost"] = net + income
        out[f"{function}.operating_income"] = income
        out[f"{function}.net_operating_cost"] = net
    for part in ("operating_cost", "operating_income", "net_operating_cost"):
        out[f"culture.reported_{part}"] = sum(out[f"{function}.{part}"] for function in FUNCTIONS)
    library, museum = out["library.operating_cost"], out["museum.operating_cost"]
    stage = out["theatre_dance_circus.operating_cost"] + out["music.operating_cost"]
    arts = out["basic_arts_education.operating_cost"]
    out["culture.grants"] = round(0.04 * out["culture.reported_operating_cost"], -3)
    out["library.visits"] = round(library / 11)
    out["library.loans"] = round(library / 5)
    out["library.opening_hours"] = 1_200 + round(library / 1_500)
    out["library.service_points"] = 1 + round(library / 900_000)
    out["library.staff"] = round(library / 70_000, 1)
    out["library.events"] = round(library / 9_000)
    out["museum.visits"] = round(museum / 45)
    out["performing_arts.performances"] = round(stage / 16_000)
    out["performing_arts.tickets_sold"] = round(stage / 60)
    out["basic_arts_education.pupils_under_18"] = round(arts / 900)
    out["culture.events"] = 5 + round(out["other_culture.operating_cost"] / 12_000)
    out["management.culture_strategy_in_force"] = float(draw(code, "strategy") < 0.4)
    out["management.culture_in_municipal_strategy"] = float(draw(code, "municipal strategy") < 0.7)
    out["management.combined_post"] = float(draw(code, "post") < 0.3)
    return out


def mistakes(code: str, cells: dict[str, dict[str, str]]) -> None:
    """What people get wrong, or explain."""

    def say(measure: str, value: str, status: str = "", note: str = "") -> None:
        cells[measure] = {"value": value, "status": status, "note": note}

    if code == IN_THOUSANDS:
        for measure, cell in cells.items():
            if measure.endswith("operating_cost") or measure.endswith("operating_income") or measure == "culture.grants":
                cell["value"] = str(round(float(cell["value"]) / 1_000))
    elif code == WRONG_SUM:
        cell = cells["culture.reported_operating_cost"]
        cell["value"] = str(round(float(cell["value"]) + 45_000))
    elif code == NOT_A_NUMBER:
        say("library.visits", "noin 42 000")
    elif code == EMPTY_CELLS:
        for measure in ("library.staff", "library.operating_income"):
            say(measure, "")
    elif code == LIBRARY_ELSEWHERE:
        for measure in [measure for measure in cells if measure.startswith("library.")]:
            say(measure, "", "K", "The library is that of the neighbouring town")
    elif code == JUMP_EXPLAINED:
        jump(cells, "museum", 1_400_000, "A new exhibition hall was opened in January")
    elif code == JUMP_UNEXPLAINED:
        jump(cells, "music", 5_000_000, "")
    elif code == COST_WITHOUT_VISITS:
        say("library.visits", "0")


def jump(cells: dict[str, dict[str, str]], function: str, more: float, note: str) -> None:
    """A cost that grows, with everything that it is part of."""
    parts = [f"{function}.operating_cost", f"{function}.net_operating_cost"]
    for measure in [*parts, "culture.reported_operating_cost", "culture.reported_net_operating_cost"]:
        cells[measure]["value"] = str(round(float(cells[measure]["value"]) + more))
        cells[measure]["note"] = note


def written(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def fill(form: Path, target: Path, again: bool) -> None:
    """One form. The second time the mistakes are mended."""
    with form.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter=";")
        columns, rows = reader.fieldnames, list(reader)
    code = rows[0]["area"]
    previous = {row["measure"]: float(row["previous"]) for row in rows if row["previous"]}
    cells = {
        measure: {"value": written(value), "status": "", "note": ""}
        for measure, value in answers(code, previous).items()
    }
    if not again or code in (LIBRARY_ELSEWHERE, JUMP_EXPLAINED, JUMP_UNEXPLAINED):
        mistakes(code, cells)
    cells["author"] = {"value": f"Made-up answerer of {code}", "status": "", "note": ""}
    cells["consent"] = {"value": "no" if code in NO_CONSENT else "yes", "status": "", "note": ""}
    for row in rows:
        row.update(cells.get(row["measure"], {}))
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    forms, filled = Path(sys.argv[1]), Path(sys.argv[2])
    again = "--again" in sys.argv[3:]
    mended = {IN_THOUSANDS, WRONG_SUM, NOT_A_NUMBER, EMPTY_CELLS, COST_WITHOUT_VISITS}
    filled.mkdir(parents=True, exist_ok=True)
    for form in sorted(forms.glob("*.csv")):
        with form.open(encoding="utf-8-sig", newline="") as file:
            code = next(csv.DictReader(file, delimiter=";"))["area"]
        if code in SILENT or (again and code not in mended):
            continue
        fill(form, filled / form.name, again)


main()
