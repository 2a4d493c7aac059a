"""Runs all cases and prints, as JSON, what each raised: an empty text where it held."""

import importlib
import json
import pkgutil
import sys
import traceback
from pathlib import Path

from . import names_of


def main() -> None:
    outcomes = {}
    for _, name, _ in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if name != "__main__":
            module = importlib.import_module(f"{__package__}.{name}")
            for case in names_of(module):
                outcomes[f"{name}.{case}"] = _outcome(getattr(module, case))
    sys.stdout.write("\n" + json.dumps(outcomes) + "\n")


def _outcome(case) -> str:
    try:
        case()
    except Exception:  # noqa: BLE001 - whatever a case raised is its outcome
        return traceback.format_exc()
    return ""


if __name__ == "__main__":
    main()
