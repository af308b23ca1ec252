"""The page of the command line, made of what `kultti VERB --help` says."""

from __future__ import annotations

import os
import re
import subprocess
import sys

WIDTH = "88"


def help_of(*verb: str) -> str:
    environment = {**os.environ, "COLUMNS": WIDTH, "NO_COLOR": "1"}
    command = [sys.executable, "-m", "kultti", *verb, "--help"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, encoding="utf-8")
    return done.stdout.rstrip()


def verbs(text: str) -> list[tuple[str, str]]:
    """The verbs that a help lists, with what they do."""
    listed = text.split("Commands:\n", 1)[1].split("\n\n", 1)[0]
    # A description may go on in the next line.
    joined = re.sub(r"\n {4,}", " ", listed)
    rows = [line.strip().split(maxsplit=1) for line in joined.splitlines()]
    return [(name, what) for name, what in rows if name != "help"]


def section(verb: tuple[str, ...], what: str, depth: int) -> str:
    heading = f"{'#' * depth} `kultti {' '.join(verb)}`"
    text = help_of(*verb)
    parts = [heading, "", f"{what}.", "", "```text", text, "```", ""]
    if "Commands:\n" in text:
        parts += [section((*verb, name), said, depth + 1) for name, said in verbs(text)]
    return "\n".join(parts)


def pages() -> dict[str, str]:
    root = help_of()
    head = [
        "# The command line",
        "",
        "Every verb with its options, as `kultti VERB --help` prints them. Each has a manual page as well: `man kultti-compare`",
        "after `make install` or `pip install kultti`, or `kultti man compare | man -l -` without either.",
        "",
        "```text",
        root,
        "```",
        "",
        "## Exit codes",
        "",
        "| code | meaning |",
        "|---|---|",
        "| 0 | the question was answered, or the file was made |",
        "| 1 | something was found: errors (`check`, `approve`), or a difference where it was asked for (`release diff --exit-code`) |",
        "| 2 | an argument is wrong |",
        "| 3 | a file cannot be read or written, or breaks a rule |",
        "| 4 | an indicator, an area or something else does not exist |",
        "| 5 | others went on writing to the ledger at the same moment: trying again will do |",
        "| 70 | a fault of the program |",
        "| 130 | interrupted |",
        "",
        "## Completions",
        "",
        "`make install` and the Python package put completions for bash, zsh and fish where these shells look for them.",
        "`kultti completions SHELL` prints them for those and for PowerShell and Nushell.",
        "",
    ]
    sections = [section((name,), what, 2) for name, what in verbs(root)]
    return {"reference/command-line.md": "\n".join([*head, *sections])}
