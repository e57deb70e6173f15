# SPDX-License-Identifier: Apache-2.0
"""Reads faulty files in a process of its own and prints what came of them.

python -m tests.foreign_files.run FIRST COUNT FORMAT...
"""

import faulthandler
import json
import re
import sys
import tempfile
import traceback
import warnings
from pathlib import Path
from random import Random

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.shortened import LONGEST_SENTENCE
from tests.foreign_files.mutations import mutated
from tests.foreign_files.peak_memory import peak_mib
from tests.foreign_files.seeds import FORMATS

# A reader that takes so long has stopped; it is ended with the place where it did.
HANG_SECONDS = 600
MOST_EXAMPLES = 5
# A text, a number, or that there is none.
VALUE = re.compile(r"['\"\d\[]|= \S|\b[Nn]one\b|\bmissing\b|\bempty\b|\bis not\b|\bnothing\b")


def faults_of_sentence(sentence: str, path: Path) -> list[str]:
    """What a sentence lacks: one printable line, a bounded length, a value and a remedy."""
    own = sentence.replace(str(path), "").replace(str(path.parent), "")
    lacks = {
        "line": not sentence.isprintable(),
        "length": len(sentence) > LONGEST_SENTENCE,
        "value": VALUE.search(own) is None,
        "remedy": "; " not in own,
    }
    return [what for what, lacking in lacks.items() if lacking]


def run(name: str, first: int, count: int, folder: Path) -> dict[str, object]:
    """Read `count` faulty files of a format; numbers, and examples of what went wrong."""
    kind, read, refused = FORMATS[name], 0, 0
    good = kind.seed(folder)
    path = folder / f"file{kind.suffix}"
    faults: list[str] = []
    for number in range(first, first + count):
        data = good if number == 0 else mutated(good, kind.suffix, Random(f"{name} {number}"))
        path.write_bytes(data)
        faulthandler.dump_traceback_later(HANG_SECONDS, exit=True)
        try:
            kind.read(path)
            read += 1
        except PulsewrightError as error:
            refused += 1
            lacks = faults_of_sentence(str(error), path)
            if lacks:
                faults.append(f"{name} {number}: no {lacks}: {error}")
            if number == 0:
                faults.append(f"{name}: the good file is refused: {error}")
        except Exception:
            faults.append(f"{name} {number}: {traceback.format_exc(limit=-4)}")
        faulthandler.cancel_dump_traceback_later()
    return {
        "read": read,
        "refused": refused,
        "faults": len(faults),
        "examples": faults[:MOST_EXAMPLES],
    }


def main() -> None:
    """Run all formats that are named and print one JSON document."""
    warnings.simplefilter("ignore")
    first, count = int(sys.argv[1]), int(sys.argv[2])
    results = {}
    for name in sys.argv[3:]:
        with tempfile.TemporaryDirectory() as folder:
            results[name] = run(name, first, count, Path(folder))
    print(json.dumps({"formats": results, "peak_mib": peak_mib()}))


if __name__ == "__main__":
    main()
