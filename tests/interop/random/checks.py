"""A check of Schemathesis: the intake accepts every input that is valid by the OpenAPI document.

Schemathesis has this check, too, but reports only the first rejection of an operation. What the
intake rejects on purpose would hide what it rejects by mistake.
"""

from __future__ import annotations

import os
import re
from typing import Any

import schemathesis
from schemathesis.generation import GenerationMode


def documented() -> list[re.Pattern[str]]:
    """Returns the messages of the table `Rejections` of `DIFFERENCES.md`."""
    with open(os.environ["DIFFERENCES"], encoding="utf-8") as file:
        document = file.read()
    _, _, section = document.partition("\n## Rejections\n")
    rows = re.findall(r"^\| `([^`]+)` \|", section.partition("\n## ")[0], re.MULTILINE)
    assert rows, "the table of rejections is missing"
    return [re.compile(re.escape(row).replace("…", ".*"), re.DOTALL) for row in rows]


DOCUMENTED = documented()


@schemathesis.check
def valid_input_is_accepted(ctx: Any, response: Any, case: Any) -> None:
    """Valid input is rejected only by a documented rule."""
    if not case.meta or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    if response.status_code != 400:
        return
    plain = [message.replace("`", "") for message in messages(response.json())]
    undocumented = [
        message for message in plain if not any(row.fullmatch(message) for row in DOCUMENTED)
    ]
    assert not undocumented, "valid input is rejected:\n" + "\n".join(undocumented)


def messages(body: Any) -> list[str]:
    """Returns the messages of an error body: strings when reading, objects when sending."""
    errors = body["errors"]
    return [error if isinstance(error, str) else error.get("detail", "") for error in errors]
