# SPDX-License-Identifier: Apache-2.0
import ctypes
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from tests.firmware.compiled_driver import OK, Driver, compile_driver
from tests.firmware.register_model import Registers, with_pulse_number
from tests.models import fold_model, random_model

Make = Callable[..., Driver]


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    return compile_driver(compiler, tmp_path_factory.mktemp("driver"))


@pytest.fixture
def make(compiled: ctypes.CDLL) -> Make:
    def driver(
        sizes: tuple[int, ...] = (6, 5, 2),
        foldings: tuple[tuple[int, int], ...] = ((3, 4), (2, 2)),
        reloadable: bool = False,
        **options: Any,
    ) -> Driver:
        model = with_pulse_number(random_model(sizes, **options))
        folded = fold_model(model, list(foldings))
        folded = FoldedEngine(layers=folded.layers, reloadable=reloadable)
        made = Driver(compiled, Registers(model, folded))
        assert made.probe() == OK
        return made

    return driver
