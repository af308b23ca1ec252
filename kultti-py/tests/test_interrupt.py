"""Ctrl-C while a long question is answered: it is heard, and the release goes on answering."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import CULTURE, EXAMPLE

PROGRAM = """
import signal, sys, kultti

release = kultti.open(sys.argv[1], language="en")
questions = {{
    "expected": lambda: release.expected({culture!r}),
    "peers": lambda: release.peers({culture!r}, "Kokkola"),
    "verify": release.verify,
    "diff": lambda: release.diff(release),
    "open": lambda: kultti.open(sys.argv[1], verify=True),
    "explain": lambda: release.rank({culture!r}, order="desc").explain(),
    "compare_all": lambda: release.compare_all(["rank", "change"], order="desc").summary(),
}}
ask = questions[sys.argv[2]]
# As the terminal and the kernel of a notebook send it, once for every question, until it is heard.
signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
try:
    while True:
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        ask()
except KeyboardInterrupt:
    print(release.compare({culture!r}, "Kokkola", period=2019).position.rank)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGALRM")
@pytest.mark.parametrize("question", ["expected", "peers", "verify", "diff", "open", "explain", "compare_all"])
def test_ctrl_c_is_heard(question: str, tmp_path: Path) -> None:
    program = PROGRAM.format(culture=CULTURE)
    command = [sys.executable, "-c", program, str(EXAMPLE), question]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.split() == ["46"], done.stderr


def test_the_signal_of_a_session_is_the_usual_one() -> None:
    """Kultti installs no handler of its own."""
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
