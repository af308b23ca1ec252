"""The command line: ``python -m kultti``, and the script ``kultti``."""

from __future__ import annotations

import signal
import sys

from . import _kultti


def main() -> None:
    """Runs the command line and exits with its code.

    Signals act as they do on any program: Ctrl-C ends it at once, and so does a reader that closes the pipe.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(_kultti.cli_main(["kultti", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
