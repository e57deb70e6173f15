# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator

import pytest
from cocotb_coverage.coverage import coverage_db


@pytest.fixture(autouse=True)
def own_points() -> Iterator[None]:
    """A simulation has one set of cover points, which is the process's."""
    coverage_db.clear()
    yield
    coverage_db.clear()


def hits(name: str) -> dict[str, int]:
    """How often each bin of a point was met."""
    return dict(coverage_db[f"functional.{name}"].detailed_coverage)


def met(name: str) -> list[str]:
    """Bins that were met, in the order of the point's."""
    return [one for one, count in hits(name).items() if count]
