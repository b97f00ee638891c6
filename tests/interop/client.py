"""Checks the intake with the published Python client of Datadog.

`cargo xtask interop` starts an intake and runs this program with its address and keys:

    client.py URL API_KEY APP_KEY

Prints a tab-separated line for each check: `passed` or `failed`, its name, and its summary or
the failure. Exits with 1 if a check has failed.
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
import rejecting
import retrying
import sending
from support import Intake

SECONDS = 300
"""The timeout of all checks. The stack is printed afterwards."""


def main() -> int:
    """Runs every check."""
    faulthandler.dump_traceback_later(SECONDS, exit=True)
    # The client prefers these variables to its configuration. One check sets them itself.
    for name in ("DD_API_KEY", "DD_APP_KEY", "DD_SITE"):
        os.environ.pop(name, None)
    url, api_key, app_key = sys.argv[1:]
    intake = Intake(url, api_key, app_key)
    report("passed", "client", f"datadog-api-client {__version__}")
    modules = (sending, reading, aggregating, rejecting, retrying)
    results = [run(module.__name__, check, intake) for module in modules for check in module.CHECKS]
    return 0 if all(results) else 1


def run(module: str, check: Callable[[Intake], None], intake: Intake) -> bool:
    """Runs a check and reports the result."""
    name = f"{module}.{check.__name__}"
    try:
        check(intake)
    except Exception as error:
        # The message of an assertion is enough. Other errors need a stack trace.
        if not isinstance(error, AssertionError):
            traceback.print_exc()
        report("failed", name, f"{error}" or type(error).__name__)
        return False
    report("passed", name, check.__doc__ or "")
    return True


def report(outcome: str, name: str, message: str) -> None:
    """Prints a line of the report."""
    print(outcome, name, " ".join(message.split()), sep="\t", flush=True)


if __name__ == "__main__":
    sys.exit(main())
