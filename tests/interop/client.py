"""Holds the intake against Datadog's own client for Python, as it is published.

Run by `cargo xtask interop`, which starts an intake and gives its address and its keys:

    client.py URL API_KEY APP_KEY

Prints a line for each check: `passed` or `failed`, its name, and what it is about or what was
wrong, with tabs between them. Exits with 1 if any has failed.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import traceback
from typing import Callable

from datadog_api_client.version import __version__

import aggregating
import reading
import refusing
import retrying
import sending
from support import Intake

SECONDS = 300
"""After so long, it is said what is waited for."""


def main() -> int:
    """Runs every check."""
    faulthandler.dump_traceback_later(SECONDS, exit=True)
    # The client takes these over what it is told; a check sets them for itself.
    for name in ("DD_API_KEY", "DD_APP_KEY", "DD_SITE"):
        os.environ.pop(name, None)
    url, api_key, app_key = sys.argv[1:]
    intake = Intake(url, api_key, app_key)
    report("passed", "client", f"datadog-api-client {__version__}")
    modules = (sending, reading, aggregating, refusing, retrying)
    results = [run(module.__name__, check, intake) for module in modules for check in module.CHECKS]
    return 0 if all(results) else 1


def run(module: str, check: Callable[[Intake], None], intake: Intake) -> bool:
    """Runs a check, and says what came of it."""
    name = f"{module}.{check.__name__}"
    try:
        check(intake)
    except Exception as error:
        # An assertion says what is wrong; of anything else, it is of interest where it came from.
        if not isinstance(error, AssertionError):
            traceback.print_exc()
        report("failed", name, f"{error}" or type(error).__name__)
        return False
    report("passed", name, check.__doc__ or "")
    return True


def report(outcome: str, name: str, text: str) -> None:
    """Prints a line of the report."""
    print(outcome, name, " ".join(text.split()), sep="\t", flush=True)


if __name__ == "__main__":
    sys.exit(main())
