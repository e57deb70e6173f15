# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable

import pytest

from pulsewright.hls_model import python_packages
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim.soc.core_sources import (
    CoreSources,
    cv32e40x_sources,
    ibex_sources,
    picorv32_sources,
)

CORES = [
    (ibex_sources, "ibex"),
    (picorv32_sources, "picorv32"),
    (cv32e40x_sources, "cv32e40x"),
]


@pytest.mark.parametrize(("sources", "name"), CORES)
def test_everything_that_is_named_is_there(sources: Callable[[], CoreSources], name: str) -> None:
    pytest.importorskip(f"pythondata_cpu_{name}")
    found = sources()
    assert found.files
    assert all(path.is_file() for path in found.files)
    assert all(path.is_dir() for path in (*found.libraries, *found.includes))


@pytest.mark.parametrize(("sources", "name"), CORES)
def test_without_its_package_the_sentence_names_it(
    sources: Callable[[], CoreSources], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(python_packages, "is_installed", lambda package: False)
    with pytest.raises(PulsewrightError, match=f"-{name} is not installed; .* pip install "):
        sources()
