"""The pages of the reference: every public name of the package, on the page where one would look for it."""

from __future__ import annotations

import inspect

import kultti
from stubs import TYPES

FILES = {"Cube", "Dimension", "Category", "CubeNote", "CompareAll", "SqlResult", "Batches", "Batch", "CompareAllSummary", "ColumnSummary"}
ROUND = {"Round", "AskedMeasure", "Reporter", "Check", "CheckedForm", "Finding", "FormCell", "Repair", "RuleCount"}
LEDGER = {"Ledger", "Facts", "Submitted", "Approved", "HeldBack", "Corrected", "CollectedFigure", "Waived", "RoundStatus", "ReporterStatus", "Log"}
COLLECTION = ROUND | LEDGER
TITLES = {
    "opening": ("Opening a release", "A release is one file with figures, catalogue and borders. What it is, what there is to ask about, and whether it is whole."),
    "questions": ("Questions", "The methods of a release that answer. The indicator comes first, then the area or the grouping; all else goes by name."),
    "results": ("Results", "What questions answer. Results cannot be changed; each is a table to anything that reads Arrow."),
    "records": ("Records", "The parts of results. Their attributes have the names of the JSON form."),
    "files": ("Tables and files", "Tables of statistical offices, every question asked at once, and answers of SQL."),
    "collection": ("Collection", "A round of a collection from its recipe to a release: forms, their check, and the ledger of what municipalities have submitted."),
    "errors": ("Errors", "Everything raised is a `KulttiError` with a `code` and a sentence that says what was found, what is near and what to do."),
}


def is_answer(returns: str) -> bool:
    """Whether a method gives a result: a table with a question behind it."""
    answer = getattr(kultti, returns, None)
    return inspect.isclass(answer) and issubclass(answer, kultti.Table) or returns in ("CompareAll", "SqlResult")


def page_of(name: str) -> str:
    item = getattr(kultti, name)
    if not inspect.isclass(item):
        return "opening"
    if issubclass(item, BaseException):
        return "errors"
    if name in FILES:
        return "files"
    if name in COLLECTION:
        return "collection"
    if item is kultti.Release or name in ("IndicatorList", "AreaList", "IndicatorRow", "AreaRow", "Verification"):
        return "opening"
    return "results" if issubclass(item, (kultti.Table, kultti.Chart)) else "records"


def members_of_release() -> tuple[list[str], list[str]]:
    """The methods that answer a question, and everything else."""
    public = [name for name in vars(kultti.Release) if not name.startswith("_")]
    answers = [name for name in public if is_answer(TYPES.signatures.get(f"Release.{name}", ("", ""))[1])]
    return answers, [name for name in public if name not in answers]


def directive(name: str) -> list[str]:
    item = getattr(kultti, name)
    if not inspect.isclass(item):
        return [f".. autofunction:: kultti.{name}", ""]
    kind = "exception" if issubclass(item, BaseException) else "class"
    # Written with brackets, so that nobody looks for a constructor.
    lines = [f".. auto{kind}:: kultti.{name}()", "   :show-inheritance:" if item.__base__ is not object else "   :no-show-inheritance:"]
    if item is kultti.Release:
        return [*lines, f"   :members: {', '.join(members_of_release()[1])}", ""]
    return [*lines, "   :members:", "   :exclude-members: __new__", ""]


def pages() -> dict[str, str]:
    names = [name for name in kultti.__all__ if name != "__version__"]
    made = {}
    for page, (title, said) in TITLES.items():
        here = [name for name in names if page_of(name) == page]
        # Functions and the release come before what they give.
        here.sort(key=lambda name: (inspect.isclass(getattr(kultti, name)), name not in ("Release", "Round"), name != "Ledger"))
        body = [line for name in here for line in directive(name)]
        if page == "questions":
            body = [line for name in members_of_release()[0] for line in (f".. automethod:: kultti.Release.{name}", "")]
        made[f"reference/{page}.md"] = "\n".join([f"# {title}", "", said, "", "```{eval-rst}", *body, "```", ""])
    return made
