"""`kultti sql` as it is used: at a terminal that the test makes."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pty = pytest.importorskip("pty")

PROMPT = "kultti> "
# What moves the cursor, colours or asks the terminal; the test wants the words.
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")
# Nothing here takes that long; a shell that hangs must not hang the tests.
PATIENCE = 60


class Terminal:
    """A shell at a terminal of its own."""

    def __init__(self, home: Path, *args: str) -> None:
        environment = {**os.environ, "HOME": str(home), "TERM": "xterm", "KULTTI_LANG": "en", "NO_COLOR": "1"}
        for name in ("XDG_STATE_HOME", "COLUMNS", "KULTTI_RELEASE", "KULTTI_FORMAT"):
            environment.pop(name, None)
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(home)
            os.execve(sys.executable, [sys.executable, "-m", "kultti", "sql", *args], environment)
        self.seen = ""
        self.code: int | None = None

    def type(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def until(self, words: str) -> str:
        """What is written until some words, which are then forgotten."""
        end = time.monotonic() + PATIENCE
        while words not in self.seen:
            assert time.monotonic() < end, f"waited for {words!r} in {self.seen!r}"
            ready, _, _ = select.select([self.terminal], [], [], 1)
            if ready:
                try:
                    more = os.read(self.terminal, 65536)
                except OSError:
                    more = b""
                assert more, f"it ended before {words!r}: {self.seen!r}"
                self.seen += CONTROL.sub("", more.decode(errors="replace"))
        before, self.seen = self.seen.split(words, 1)
        return before

    def ask(self, text: str, words: str = "· release") -> str:
        """Types a line, gives what is written until some words that what is typed does not have, and waits for the next prompt:
        until then the terminal itself would take Ctrl-C and Ctrl-D. (The editor writes a line anew whenever it changes, with
        its prompt, so that a prompt alone says nothing.)"""
        self.type(text + "\r")
        answer = self.until(words)
        self.until(PROMPT)
        return answer

    def leave(self) -> int:
        """The exit code, once it has ended."""
        while self.code is None:
            ready, _, _ = select.select([self.terminal], [], [], 1)
            try:
                gone = bool(ready) and not os.read(self.terminal, 65536)
            except OSError:
                gone = True
            if gone:
                self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.code

    def close(self) -> None:
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.terminal)


@pytest.fixture
def terminals(tmp_path: Path) -> Iterator[object]:
    opened: list[Terminal] = []

    def begin(*args: str) -> Terminal:
        opened.append(Terminal(tmp_path, *args))
        opened[-1].until(PROMPT)
        return opened[-1]

    yield begin
    for terminal in opened:
        terminal.close()


def test_statements_are_answered_until_ctrl_d(terminals, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    shell = terminals()
    answer = shell.ask("SELECT 40 + 2 AS answer;")
    assert "42" in answer and "rows 1" in answer
    # Over two lines: the first alone is no whole statement.
    shell.type("SELECT name_fi FROM areas\r")
    assert "Kokkola" in shell.ask("WHERE area = '272';")
    # An error is shown, and the shell goes on.
    shell.ask("SELECT * FROM nothing;", "(K1084)")
    shell.ask(".tabels", "(K1102)")
    shell.ask(".tables", "convert_territory(")
    shell.ask(".schema observations", "territory")
    (tmp_path / "my visits.csv").write_text("area,visits\n272,95362\n")
    shell.ask(".register mine my visits.csv", "table mine: area, visits")
    shell.ask(".format tsv", "\n")
    shell.ask("SELECT visits * 2 AS twice FROM mine;", "twice\n190724")
    shell.type("\x04")
    assert shell.leave() == 0


def test_tab_completes_what_there_is(terminals) -> None:  # type: ignore[no-untyped-def]
    shell = terminals()
    shell.type("SELECT area, 'x' || name_sv AS name FROM are\t WHERE name_fi = 'kokko\t")
    assert "272" in shell.ask("';", "xKarleby")
    shell.type("SELECT min(indicator) || '!' AS told FROM compare('library.loans\t")
    shell.ask("', '2019');", "library.loans_per_inhabitant!")
    shell.type(".q\t\r")
    assert shell.leave() == 0


def test_what_was_typed_is_remembered(terminals, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    history = tmp_path / ".local" / "state" / "kultti" / "sql_history"
    shell = terminals("--no-history")
    shell.ask("SELECT 1 AS forgotten;")
    shell.type(".quit\r")
    assert shell.leave() == 0
    assert not history.exists()
    shell = terminals()
    shell.ask("SELECT 1 AS kept;")
    shell.type("\x04")
    assert shell.leave() == 0
    assert "SELECT 1 AS kept;" in history.read_text()
    assert history.stat().st_mode & 0o077 == 0, "what was typed is nobody else's"
    again = terminals()
    # The arrow upwards brings it back.
    assert "rows 1" in again.ask("\x1b[A")
    assert "forgotten" not in history.read_text()


def test_ctrl_c_ends_a_query_and_not_the_shell(terminals) -> None:  # type: ignore[no-untyped-def]
    shell = terminals()
    # At the prompt it forgets the line.
    shell.type("SELECT nonsense\x03")
    shell.until("nonsense\n")
    shell.until(PROMPT)
    # It is echoed, then it runs: until then the key would be one of the line.
    shell.type("SELECT count(*) FROM observations a, observations b, observations c WHERE a.value * b.value > c.value;\r")
    shell.until("c.value;")
    time.sleep(2)
    shell.type("\x03")
    shell.until("interrupted")
    shell.until(PROMPT)
    assert "42" in shell.ask("SELECT 40 + 2 AS n;")
    shell.type("\x04")
    assert shell.leave() == 0
