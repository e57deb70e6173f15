# SPDX-License-Identifier: Apache-2.0
"""The cover points of one simulation, kept as a file when a test of a bench ends."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import yaml
from cocotb_coverage.coverage import CoverPoint, coverage_db, merge_coverage

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import atomic_path

ROOT = "functional"
HITS = "bins:_hits"

Sample = Callable[[str], None]


def cover_point(name: str, bins: Iterable[str]) -> Sample:
    """A cover point `functional.<name>`; what is returned counts a bin.

    bins: those that there are, each once. Anything else that is sampled is not counted.
    """
    point = CoverPoint(f"{ROOT}.{name}", bins=list(dict.fromkeys(bins)))
    sample: Sample = point(_nothing)
    return sample


def kept_in(file: Path) -> Callable[[Callable[[Any], Awaitable[None]]], Any]:
    """Decorates a test of a bench: what was reached so far is written to `file` when it ends."""

    def decorate(test: Callable[[Any], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
        @wraps(test)
        async def kept(dut: Any) -> None:
            try:
                await test(dut)
            finally:
                with atomic_path(file) as target:
                    coverage_db.export_to_yaml(str(target))

        return kept

    return decorate


def read_points(files: Sequence[Path], merged: Path) -> dict[str, dict[str, int]]:
    """How often each bin was hit, by the point's name; of several simulations their sums.

    merged: file that all of them are put together in.

    Raises:
        PulsewrightError: a file is not there, or not what a simulation left.
    """
    try:
        merge_coverage(_nothing, str(merged), *map(str, files))
        document = yaml.safe_load(merged.read_text(encoding="utf-8"))
        return {
            name.removeprefix(f"{ROOT}."): {str(key): int(hits) for key, hits in one[HITS].items()}
            for name, one in document.items()
            if HITS in one
        }
    except (OSError, yaml.YAMLError, ValueError, KeyError, TypeError, AttributeError) as error:
        names = ", ".join(map(str, files))
        raise PulsewrightError(f"{names}: no functional coverage of a simulation") from error


def _nothing(_text: str) -> None:
    pass
